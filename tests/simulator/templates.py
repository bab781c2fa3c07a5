# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Message templates of the simulated platform: template messages and subscription notices, which are two lists with two shapes."""

from __future__ import annotations

import dataclasses
import typing as t

if t.TYPE_CHECKING:
    from .accounts import Account
    from .calls import Call, Request

TEMPLATES, NOTICES = "templates", "notices"
PATHS = {
    "/cgi-bin/template/get_all_private_template": TEMPLATES,
    # Without cgi-bin.
    "/wxaapi/newtmpl/gettemplate": NOTICES,
}
SETS = {TEMPLATES: {7, 100, 101}, NOTICES: {18, 89}}
CHANGES: tuple[str, ...] = ()


@dataclasses.dataclass
class Templates:
    """``messages``, ``notices``: by template_id, the title and the content."""

    messages: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)
    notices: dict[str, tuple[str, str]] = dataclasses.field(default_factory=dict)


def refuse(_call: Call, request: Request) -> int:
    """The errcode of a refusal for the form of the request; 0 if it is allowed."""
    return 0 if request.method == "GET" else 43001


def answer(account: Account, call: Call) -> dict[str, object] | int:
    # Template messages are for service accounts, and only with the plugin; a test account has it.
    standing, templates = account.standing, account.templates
    if not standing.verified or (call.name == TEMPLATES and (standing.kind == "subscription" or not standing.has_templates)):
        return 48001
    if call.name == NOTICES:
        data = [
            {"priTmplId": identifier, "title": title, "content": content, "example": "", "type": 2}
            for identifier, (title, content) in templates.notices.items()
        ]
        return {"errcode": 0, "errmsg": "ok", "data": data}
    return {
        "template_list": [
            {
                "template_id": identifier,
                "title": title,
                "primary_industry": "IT科技",
                "deputy_industry": "互联网|电子商务",
                "content": content,
                "example": "",
            }
            for identifier, (title, content) in templates.messages.items()
        ]
    }
