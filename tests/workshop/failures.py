# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to failures and remedies, made from the code's own tables. Prints it:

PYTHONPATH=.work/collections .work/test/bin/python tests/workshop/failures.py > docs/docsite/rst/guide_failures.rst
"""

from __future__ import annotations

import typing as t

from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import ACCOUNT_CALL, COMPONENT_CALL, TOKEN_CALL
from ansible_collections.wxops.official_account.plugins.module_utils._resource import draft_switch, menu

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ansible_collections.wxops.official_account.plugins.module_utils._http.errcodes import Codes, Meaning

# For each value of `reason`: what happened, and what to do.
REASONS = {
    "irreversible": ("the task has ``state: absent``", "remove ``state: absent``; nothing turns the switch off"),
    "credential": (
        "the access_token, or the component_access_token, is dead",
        "give a fresh one; or give ``appid`` and ``secret``",
    ),
    "operator": (
        "the options, the IP allow list, the AppSecret or the permissions are not right",
        "do what ``remedy`` says; for 40164 and 61004 it names the address to allow",
    ),
    "account": (
        "this account, or this kind of account, may not use the call",
        "check its kind, its verification and its APIs, as ``remedy`` says",
    ),
    "quota": ("the calls of the minute or the day are used up", "wait as ``remedy`` says"),
    "transient": ("the platform kept answering that it is busy, or HTTP 5xx or 429", "run again in a few minutes"),
    "transport": ("DNS, a refused connection, TLS or a time-out", "check the network, ``api_url``, ``ca_path`` and proxies"),
    "protocol": ("an answer makes no sense", "check ``api_url`` and proxies; if they are right, report a bug"),
    "not_effective": (
        "the platform accepted the request, and the draft box or the menu is still as before",
        "run again in a few minutes; the run looks first",
    ),
    "not_attempted": (
        "16 accounts in a row could not be reached, or the platform refused a third-party platform's token; the module left out the rest",
        "correct what ``remedy`` names, and run again",
    ),
    "refused": ("only menus: the change would destroy what the API cannot bring back", "as ``remedy`` says"),
    "conflict": (
        "only menus: after the change, the menu is neither the one before nor the declared one",
        "find out what else sets this menu, and run again",
    ),
    "outcome_unknown": ("the platform may have carried out a change", "run again; the run looks first"),
}

HEAD = """\
..
  Copyright (c) 2026 wxops.official_account contributors
  GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
  SPDX-License-Identifier: GPL-3.0-or-later

..
  Written by tests/workshop/failures.py, from the tables of the code. Do not edit it here.

.. _ansible_collections.wxops.official_account.docsite.guide_failures:

Failures and remedies
=====================

Every failure says what happened, what was sent or not sent, and what to do next. In a module's result, ``msg`` says it in one sentence.
``failure`` is null, or holds the same as values:

- ``reason``: one of the values below
- ``remedy``: what to do next
- ``errcode``, ``errmsg``: WeChat's own code and message, if it gave them
- ``rid``: WeChat's ID of the request, which its support asks for
- ``http_status``: the HTTP status of the answer; WeChat sends its own errors with 200

The tables on this page are made from the tables that the modules use.
"""


def main() -> None:
    print("\n".join(page()))


def page() -> Iterator[str]:
    """The lines of the guide."""
    common = ACCOUNT_CALL.meanings
    yield HEAD
    yield from heading("Reasons")
    yield from table((22, 39, 39), ("``reason``", "what happened", "what to do"), ((f"``{key}``", *text) for key, text in REASONS.items()))
    yield from heading("Codes of WeChat")
    yield "These hold for every call, unless a section below says otherwise. A code that is not here has the reason ``operator``, and its"
    yield "message is shown.\n"
    yield from codes(ACCOUNT_CALL, common)
    yield from heading("When a token is fetched")
    yield from codes(TOKEN_CALL, differing(TOKEN_CALL, common))
    yield from heading("Calls of a third-party platform for itself")
    yield "The list of its accounts, their details, and their tokens. If its own token is not accepted, the run ends at once.\n"
    yield from codes(COMPONENT_CALL, differing(COMPONENT_CALL, common))
    yield from heading("The draft box switch")
    retired = " or ".join(map(str, sorted(draft_switch._CODES.retired)))
    yield f"The codes {retired} mean that WeChat has removed the call. Its documentation says that the draft box is on for everyone then."
    yield "They are no failure: the module warns, returns ``is_open: true`` with ``verified: false``, and changes nothing.\n"
    yield from codes(draft_switch._CODES, differing(draft_switch._CODES, common))
    yield from heading("Custom menus")
    yield f"The code {menu.NO_MENU} means that there is no menu. It is no failure. The modules check a menu before anything is sent, so"
    yield "most of these codes should never be seen.\n"
    yield from codes(menu._CODES, differing(menu._CODES, common))


def heading(title: str) -> Iterator[str]:
    yield f"{title}\n{'-' * len(title)}\n"


def differing(codes: Codes, common: Mapping[int, Meaning]) -> dict[int, Meaning]:
    return {code: meaning for code, meaning in codes.meanings.items() if common.get(code) != meaning}


def codes(of: Codes, meanings: Mapping[int, Meaning]) -> Iterator[str]:
    """A table of ``meanings``. Codes with the same meaning share a line."""
    alike: dict[Meaning, list[int]] = {}
    for code in sorted(meanings):
        alike.setdefault(meanings[code], []).append(code)
    fields = {"addresses": "the address that the failure names", "permission": of.permission}
    rows = (
        (
            ", ".join(map(str, numbers)),
            f"``{meaning.reason}``",
            sentence(meaning.what),
            sentence(meaning.remedy.format(**fields)),
        )
        for meaning, numbers in alike.items()
    )
    yield from table((14, 14, 32, 40), ("code", "``reason``", "what happened", "what to do"), rows)


def sentence(clause: str) -> str:
    text = clause.replace("*", "\\*").replace("`", "\\`")
    return text[:1].upper() + text[1:]


def table(widths: tuple[int, ...], head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f".. list-table::\n   :header-rows: 1\n   :widths: {' '.join(map(str, widths))}\n"
    for row in (head, *rows):
        yield "\n".join(f"   {' ' if column else '*'} - {cell}" for column, cell in enumerate(row))
    yield ""


if __name__ == "__main__":
    main()
