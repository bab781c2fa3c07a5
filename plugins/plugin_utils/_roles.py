# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_utils is private to the collection: nothing here is a promise to other code.
"""The roles that manage a resource on many accounts: the module and the words of each role."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._resource import menu
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import (
    DRAFT_SWITCH,
    STATE_OPTION,
    WORDS,
    SwitchRows,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import NOT_BOTH, check_all
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text, plain

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import Resource
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.results import Rows, Words
    from ansible_collections.wxops.official_account.plugins.module_utils._text import Language

# The kinds of results of an account, in the order of the report. A role has a key and a label for each.
Kind = t.Literal["unchanged", "changed", "would_change", "unknown", "record_lost", "failed", "not_attempted"]


class State(t.NamedTuple):
    """The names of a ``Kind``. ``key``: in the journal and the JSON report. ``label``: for readers."""

    key: str
    label: Text


@dataclasses.dataclass(frozen=True)
class Role:
    """A role, and the resource that it manages.

    ``name``: the prefix of its variables. ``resemblance``: how much, from 0 to 1, another variable with that prefix must resemble one of
    them to be taken for a mistake. ``options``: the argument spec of the module's options that only this resource has.
    ``account_options``: the same for one account; the host variable of each has the prefix ``wechat_``.
    ``fault_of``: returns what is wrong with what the options and an account declare, as a clause; empty if nothing is.
    ``state_keys``: the keys of a row that hold the state, and the types of their values besides None. ``now``: the key for the state now.
    ``states``: the names of each ``Kind``. ``title``, ``column``: the heading and the name of a column in the report.
    ``done``, ``did``: verbs for a change, as in "it was <done>" and "it has <did>".
    """

    name: str
    resemblance: float
    module: str
    resource: Resource[t.Any]
    rows: Callable[[bool, Language], Rows[t.Any, t.Any]]
    words: Words
    options: Mapping[str, dict[str, t.Any]]
    account_options: Mapping[str, dict[str, t.Any]]
    fault_of: Callable[[Mapping[str, t.Any], Mapping[str, t.Any]], Text]
    state_keys: Mapping[str, tuple[type, ...]]
    now: str
    states: Mapping[Kind, State]
    title: Text
    column: Text
    done: Text
    did: Text

    def variable(self, name: str) -> str:
        """The full name of the role's variable ``name``."""
        return f"{self.name}_{name}"

    def file(self, name: str) -> str:
        """The name of a file that the role writes, without its extension."""
        return f"{self.name}_{name}".replace("_", "-")


_ALIKE: dict[Kind, State] = {
    "record_lost": State("record_lost", Text("record lost")),
    "failed": State("failed", Text("failed")),
    "not_attempted": State("not_attempted", Text("not attempted")),
}


def _menu_fault(options: Mapping[str, t.Any], account: Mapping[str, t.Any]) -> Text:
    declared = options["menu"] if account["menu"] is None else account["menu"]
    if options["state"] == "absent":
        return plain("") if declared is None else NOT_BOTH
    return check_all({"": declared}).faults


ROLES = {
    "draft_switch": Role(
        name="draft_switch",
        resemblance=0.0,
        module="wxops.official_account.wechat_draft_switch",
        resource=DRAFT_SWITCH,
        rows=SwitchRows,
        words=WORDS,
        options={"state": STATE_OPTION},
        account_options={},
        fault_of=lambda _options, _account: plain(""),
        state_keys={"is_open": (bool,), "was_open": (bool,)},
        now="is_open",
        states={
            "unchanged": State("on", Text("on")),
            "changed": State("turned_on", Text("turned on")),
            "would_change": State("would_turn_on", Text("would turn on")),
            "unknown": State("unknown", Text("may be on")),
            **_ALIKE,
        },
        title=Text("Draft box switch"),
        column=Text("Draft box"),
        done=Text("turned on"),
        did=Text("turned it on"),
    ),
    "menu": Role(
        name="menu",
        # Users may well have variables of their own with this prefix.
        resemblance=0.75,
        module="wxops.official_account.wechat_menu",
        resource=menu.MENU,
        rows=menu.MenuRows,
        words=menu.WORDS,
        options=menu.OPTIONS,
        account_options=menu.ACCOUNT_OPTIONS,
        fault_of=_menu_fault,
        state_keys={"menu": (dict,), "before": (dict,), "is_menu_open": (bool,), "console_menu": (dict,), "conditional_count": (int,)},
        now="menu",
        states={
            "unchanged": State("as_declared", Text("as declared")),
            "changed": State("changed", Text("changed")),
            "would_change": State("would_change", Text("would change")),
            "unknown": State("unknown", Text("may be changed")),
            **_ALIKE,
        },
        title=Text("Custom menus"),
        column=Text("Menu"),
        done=Text("changed"),
        did=Text("changed it"),
    ),
}
