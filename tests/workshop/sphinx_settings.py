# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints the settings that we add to Sphinx's, and writes the files that they name into the folder that is given."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path

# The targets in Ansible's documentation that our pages link to. Sphinx would download the whole list otherwise.
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

# The theme lets long names run out of its side bar, and cuts tables off on a phone.
STYLE = """\
.wy-menu-vertical a { font-size: 82%; overflow-wrap: anywhere; }
.rst-content h1 { overflow-wrap: anywhere; }
.rst-content .code-block-caption { margin-bottom: 0; text-align: left; }
@media screen and (max-width: 767px) {
  .rst-content code.literal { overflow-wrap: anywhere; white-space: normal; }
  .wy-table-responsive table.docutils td, .wy-table-responsive table.docutils th { padding: 6px; white-space: normal; }
  .wy-table-responsive table.docutils code.literal { white-space: nowrap; }
}
"""
SETTINGS = f"""
intersphinx_mapping = {{'ansible_devel': ('{SITE}', '../ansible.inv')}}
html_static_path = ['style']
html_css_files = ['pages.css']
html_theme_options = {{'topbar_links': {{'Repository': 'https://github.com/wxops/wxops.official_account'}}}}
"""


def main(folder: Path) -> None:
    lines = [f"{name} {kind} 1 {page} {name}" for kind, targets in ANSIBLE.items() for name, page in targets.items()]
    head = "# Sphinx inventory version 2\n# Project: Ansible\n# Version: devel\n# The remainder of this file is compressed using zlib.\n"
    (folder / "ansible.inv").write_bytes(head.encode() + zlib.compress("\n".join(lines).encode()))
    (folder / "style").mkdir()
    (folder / "style" / "pages.css").write_text(STYLE)
    print(SETTINGS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
