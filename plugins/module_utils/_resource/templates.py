# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An account's message templates: those of template messages, and those of subscription notices. They are only looked at.

Source: the platform's pages "getAllTemplates" of template messages and "getTemplateList" of subscription notices.
"""

from __future__ import annotations

import dataclasses
import re
import typing as t

from .._account.session import Look
from .._http.errcodes import ACCOUNT_CALL, NOTICES, Meaning
from .._http.errors import Step, unusable_answer
from .._http.wire import Call
from .._text import Text

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from .._http.wire import Fields

LOOK = Step(Text("read the templates of template messages"))
LOOK_AT_NOTICES = Step(Text("read the templates of subscription notices"))

_CODES = dataclasses.replace(
    ACCOUNT_CALL,
    meanings={
        **ACCOUNT_CALL.meanings,
        48001: Meaning(
            "account",
            Text("this account may not use template messages"),
            Text("apply for template messages (模板消息) {notices}; only verified service accounts can have them").filled(notices=NOTICES),
        ),
    },
    permission=Text("permission set 7 (broadcasts and notices), 100 or 101"),
)
_NOTICE_CODES = dataclasses.replace(
    ACCOUNT_CALL,
    meanings={
        **ACCOUNT_CALL.meanings,
        48001: Meaning(
            "account",
            Text("this account may not use subscription notices"),
            Text("apply for subscription notices (订阅通知) {notices}; only verified accounts can have them").filled(notices=NOTICES),
        ),
    },
    permission=Text("permission set 18 or 89"),
)

# A keyword of a template, and its label before it in the same line.
_KEYWORD = re.compile(r"([^\n{}]*)\{\{\s*(\w{1,64})\.DATA\s*\}\}", re.ASCII)


@dataclasses.dataclass(frozen=True)
class Template:
    """``keywords``: the label and the name of each, in order. ``kind``: template or notice."""

    template_id: str
    title: str
    keywords: tuple[tuple[str, str], ...]
    kind: str


def _templates_in(found: object, key: str, kind: str, step: Step) -> Iterator[Template]:
    """``key``: of a template's ID."""
    if not isinstance(found, list):
        raise unusable_answer(step, Text("the answer holds no list of templates"))
    for one in found:
        given = one if isinstance(one, dict) else {}
        texts = [given.get(name) for name in (key, "title", "content")]
        template_id, title, content = (_whole(text) if isinstance(text, str) else "" for text in texts)
        if not template_id:
            raise unusable_answer(step, Text("the answer holds a template without an ID"))
        yield Template(template_id, title, keywords_in(content), kind)


def keywords_in(content: str) -> tuple[tuple[str, str], ...]:
    """The keywords of a template, each with the text in front of it. ``content``: as the platform returns it."""
    return tuple((label.strip().rstrip(":：").strip(), name) for label, name in _KEYWORD.findall(content))


def _whole(text: str) -> str:
    """``text`` without half characters, which cannot be encoded."""
    return text.encode(errors="backslashreplace").decode()


def _messages_in(answer: Fields) -> tuple[Template, ...]:
    return tuple(_templates_in(answer.get("template_list"), "template_id", "template", LOOK))


def _notices_in(answer: Fields) -> tuple[Template, ...]:
    return tuple(_templates_in(answer.get("data"), "priTmplId", "notice", LOOK_AT_NOTICES))


MESSAGES = Look(
    Call(LOOK, "cgi-bin/template/get_all_private_template", _CODES, expects="template_list", verb="GET"),
    _messages_in,
)
# The path has no cgi-bin.
NOTIFICATIONS = Look(Call(LOOK_AT_NOTICES, "wxaapi/newtmpl/gettemplate", _NOTICE_CODES, expects="data", verb="GET"), _notices_in)


def by_title(templates: Iterable[Template]) -> dict[str, list[dict[str, t.Any]]]:
    """Titles are not unique."""
    found: dict[str, list[dict[str, t.Any]]] = {}
    for one in templates:
        keywords = [list(keyword) for keyword in one.keywords]
        found.setdefault(one.title, []).append({"template_id": one.template_id, "keywords": keywords, "kind": one.kind})
    return found
