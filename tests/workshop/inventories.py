# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The targets in Ansible's documentation that our pages link to, as inventories for Sphinx, which would download them otherwise.

Writes them into the folder that is given, and prints the setting of Sphinx that names them.
"""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

# What a warning of Sphinx calls undefined: add it here if it is a target of Ansible's documentation. The pages are those of its site.
ANSIBLE = {
    "std:label": {
        "action_plugins": "plugins/action.html",
        "ansible_collections.ansible.builtin.set_stats_module": "collections/ansible/builtin/set_stats_module.html",
        "ansible_configuration_settings": "reference_appendices/config.html",
        "common_return_values": "reference_appendices/common_return_values.html",
    },
    "std:envvar": {
        name: f"reference_appendices/config.html#envvar-{name}"
        for name in (
            "ANSIBLE_CACHE_PLUGIN",
            "ANSIBLE_CACHE_PLUGIN_CONNECTION",
            "ANSIBLE_CACHE_PLUGIN_PREFIX",
            "ANSIBLE_CACHE_PLUGIN_TIMEOUT",
            "ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED",
        )
    },
}
SITE = "https://docs.ansible.com/projects/ansible/devel/"


def main(folder: Path) -> None:
    lines = [f"{name} {kind} 1 {page} {name}" for kind, targets in ANSIBLE.items() for name, page in targets.items()]
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: devel\n# The remainder of this file is compressed using zlib.\n"
    (folder / "ansible.inv").write_bytes(head.encode() + zlib.compress("\n".join(lines).encode()))
    print(f"\nintersphinx_mapping = {{'ansible_devel': ('{SITE}', '../ansible.inv')}}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
