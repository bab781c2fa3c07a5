# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of ``wechat_account_info``: which parts of each account to look at."""

from __future__ import annotations

import typing as t

from .._http.rids import RID
from .._resource.diagnostics import CGI_PATH
from .._resource.parts import PARTS, Wish
from .._text import Text, verbatim
from .options import ARGUMENT_SPEC, OptionsError, by_account

if t.TYPE_CHECKING:
    from collections.abc import Mapping

# The calls of this collection.
_PATHS = [
    "/cgi-bin/draft/switch",
    *(f"/cgi-bin/menu/{name}" for name in ("create", "get", "delete", "addconditional", "delconditional")),
    *(f"/cgi-bin/tags/{name}" for name in ("create", "get", "update", "delete")),
]
_RID_OPTION: dict[str, dict[str, t.Any]] = {"rid": {"type": "str"}}
_ACCOUNTS = ARGUMENT_SPEC["accounts"]
# The argument spec of ``wechat_account_info``.
INFO_SPEC: dict[str, dict[str, t.Any]] = {
    **ARGUMENT_SPEC,
    "gather": {
        "type": "list",
        "elements": "str",
        "choices": [part.name for part in PARTS],
        "default": [part.name for part in PARTS if part.by_default],
    },
    "quota_paths": {"type": "list", "elements": "str", "default": _PATHS},
    **_RID_OPTION,
    "accounts": {**_ACCOUNTS, "options": {**_ACCOUNTS["options"], **_RID_OPTION}},
}


def wishes_of(params: Mapping[str, t.Any]) -> dict[str, Wish]:
    """What is asked about each account, by its name. Raises OptionsError."""
    for path in params["quota_paths"]:
        if not CGI_PATH.fullmatch(path):
            raise OptionsError(
                Text("quota_paths holds something that is no path"),
                Text("give paths such as /cgi-bin/menu/create, without a host and without a query"),
            )
    wishes = {}
    for name, options in by_account(params, _RID_OPTION).items():
        rid = options["rid"] or ""
        if rid and not RID.fullmatch(rid):
            raise OptionsError(
                Text("rid is not three groups of hexadecimal digits"),
                Text("give it as errmsg has it, such as {rid}").filled(rid=verbatim("61725984-6126f6f9-040f19c4")),
            )
        wishes[name] = Wish(frozenset(params["gather"]), tuple(dict.fromkeys(params["quota_paths"])), rid)
    return wishes
