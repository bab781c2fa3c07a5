# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The hosts of a play as accounts."""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._arguments import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._given_credentials import OPTIONS

if t.TYPE_CHECKING:
    from collections.abc import Mapping

# Where each host says that it takes part, and where the role keeps what became of all of them.
JOINED = "draft_switch_joined"
CALL = "draft_switch_call"

# What ansible-core 2.19 and later raise for a value that is nothing but omit.
_OMITTED = "AnsibleValueOmittedError"

VARIABLES = {option: f"wechat_{option}" for option in OPTIONS}


def last_call(variables: Mapping[str, t.Any]) -> str:
    """Which call of the role was the last one that the host with these ``variables`` knows of."""
    return str(variables.get(CALL, {}).get("id", ""))


def takes_part(variables: Mapping[str, t.Any]) -> bool:
    """Whether the host with these ``variables`` has said since the last call that it takes part: ``when`` and the like hold for it.

    A task that runs once is otherwise blind for which hosts it runs.
    """
    return bool(variables.get(JOINED, {}).get("after") == last_call(variables))


def accounts_of_hosts(variables: dict[str, t.Any], hosts: list[str]) -> list[dict[str, t.Any]]:
    """One account for each of ``hosts``, with the credentials that its host variables hold.

    Raises OptionsError if one of these variables has no value that can be worked out.
    """
    unknown: dict[str, list[str]] = {}
    accounts = []
    for host in hosts:
        own = variables["hostvars"][host]
        account: dict[str, t.Any] = {"name": host}
        for option, name in VARIABLES.items():
            account[option] = None
            if name in own:
                try:
                    account[option] = _text(own[name], variables)
                except Exception as error:  # whatever a template can raise, and its text may hold a secret
                    if type(error).__name__ != _OMITTED:
                        unknown.setdefault(name, []).append(host)
        accounts.append(account)
    if unknown:
        listed = "; ".join(f"{name} of {', '.join(of)}" for name, of in unknown.items())
        raise OptionsError(
            f"these host variables cannot be worked out: {listed}",
            "see what is undefined in them; they are evaluated as hostvars are: without the variables of the play",
        )
    return accounts


def _text(value: t.Any, variables: dict[str, t.Any]) -> str | None:
    if value is None or value == variables.get("omit"):
        return None
    text = str(value)
    # Before ansible-core 2.19 what is undefined there comes back as the template itself.
    if "{{" in text:
        raise ValueError
    return text
