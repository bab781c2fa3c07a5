# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_utils is private to the collection: nothing here is a promise to other code.
"""Why a request has no usable answer: one Failure, and the exceptions that carry it.

::

    ApiError             a request that gave no usable answer
      DeadToken          the platform refuses the access_token; another token may work
      TokenReplaced      a change was refused because of its token; there is a new token now
      Retired            the platform no longer offers the call
"""

from __future__ import annotations

import dataclasses
import errno
import typing as t

if t.TYPE_CHECKING:
    from collections.abc import Iterable

# The documented values of a failure's reason.
Reason = t.Literal[
    "irreversible",
    "credential",
    "operator",
    "account",
    "quota",
    "transient",
    "transport",
    "protocol",
    "not_effective",
    "conflict",
    "refused",
    "not_attempted",
    "outcome_unknown",
]


class Text(str):
    """A text in English that knows its Chinese, ``zh``.

    The results of the modules are in English. The report of a role can be in Chinese. What is made of a Text by a method of ``str``, or by
    an f-string, has lost its Chinese, and the type checker finds it. So a text with fields is a template: ``{field}`` in both languages.
    """

    __slots__ = ("zh",)
    zh: str

    def __new__(cls, en: str, zh: str) -> Text:
        text = super().__new__(cls, en)
        text.zh = zh
        return text

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        """Another process gets the English alone, as a plain text."""
        return str, (str(self),)

    def filled(self, **fields: object) -> Text:
        """The text with its fields filled in. A field that is a Text itself is there in both languages."""
        return Text(self.format(**fields), self.zh.format(**{name: _in_chinese(value) for name, value in fields.items()}))


def _in_chinese(value: object) -> object:
    return value.zh if isinstance(value, Text) else value


def plain(text: str) -> Text:
    """``text`` as it is in both languages: names, numbers, addresses, and what others have written. A Text stays what it is."""
    return text if isinstance(text, Text) else Text(text, text)


def joined(between: Text, texts: Iterable[Text]) -> Text:
    texts = list(texts)
    return Text(between.join(texts), between.zh.join(text.zh for text in texts))


AND = Text(" and ", " 和 ")
CLAUSES = Text("; ", "；")


@dataclasses.dataclass(frozen=True)
class Step:
    """Something that the module tries.

    ``words``: completes "Failed to ...". ``sends``: whether a request may have been sent when this step fails.
    """

    words: Text
    sends: bool = True


START = Step(Text("start", "启动"), sends=False)
# The step of an account that the module never tried. Messages then say "Not attempted".
ATTEMPT = Step(Text("attempt", "执行"), sends=False)


@dataclasses.dataclass(frozen=True)
class Failure:
    """Why something failed, in words of this collection: never an exception's text, a URL or a body.

    ``what``: what happened. ``remedy``: what to do next. Both are clauses that start in lower case and have no full stop.
    ``errcode``, ``errmsg``, ``rid``, ``http_status``: from the platform's answer; None if there was no answer.
    ``shared``: every other account will fail in the same way. ``again``: the remedy already says that it is safe to run again.
    """

    reason: Reason
    step: Step
    what: Text
    remedy: Text
    errcode: int | None = None
    errmsg: str | None = None
    rid: str | None = None
    http_status: int | None = None
    shared: bool = False
    again: bool = False


class ApiError(Exception):
    """A request that gave no usable answer.

    ``passing``: the same request may succeed a moment later.
    ``unclear``: if the request was a change, the platform may have carried it out.
    ``sent``: the request may have left this host.
    """

    def __init__(self, failure: Failure, *, passing: bool = False, unclear: bool = False, sent: bool = True) -> None:
        super().__init__(failure.what)
        self.failure = failure
        self.passing = passing
        self.unclear = unclear
        self.sent = sent


class DeadToken(ApiError):
    """The platform refuses the access_token; another token may work."""


class TokenReplaced(ApiError):
    """A change was refused because of its token. There is a new token now. Nothing was changed."""


class Retired(ApiError):
    """The platform no longer offers the call."""


OUT_OF_MEMORY = Text("this host ran out of memory", "运行模块的主机内存不足")
MORE_MEMORY = Text(
    "raise the limit of memory (ulimit -v, or that of the container), or lower concurrency",
    "请调高内存限制（ulimit -v 或容器的限制），或调低 concurrency",
)
OUT_OF_FILES = Text("this process may not open more files", "进程打开的文件数已达上限")
MORE_FILES = Text(
    "raise the limit of open files (ulimit -n), or lower concurrency",
    "请调高打开文件数的限制（ulimit -n），或调低 concurrency",
)
REPORT_BUG = Text(
    "report it as a bug of this collection, with the rid if there is one",
    "请作为本 collection 的缺陷反馈，如有 rid 请一并附上",
)
RUN_AGAIN = Text("run again: it looks first", "请重新运行：运行时会先查询")
CHECK_CONNECTION = Text(
    "check api_url and any proxy between; if both are right, report it as a bug of this collection",
    "请检查 api_url 和中间的代理；如果都没有问题，请作为本 collection 的缺陷反馈",
)
_UNEXPECTED = Text("an unexpected {kind} in this collection", "本 collection 内部出现意外的 {kind}")


def surprise(step: Step, unexpected: Exception) -> Failure:
    """The failure for an unexpected exception. It names only the exception's type: the text could hold a URL, and the URL a token."""
    if isinstance(unexpected, MemoryError):
        return Failure("operator", step, OUT_OF_MEMORY, MORE_MEMORY)
    if isinstance(unexpected, OSError) and unexpected.errno in (errno.EMFILE, errno.ENFILE):
        return Failure("operator", step, OUT_OF_FILES, MORE_FILES)
    return Failure("protocol", step, _UNEXPECTED.filled(kind=type(unexpected).__name__), REPORT_BUG)


def senseless(
    step: Step, what: Text, status: int | None = None, remedy: Text = CHECK_CONNECTION, *, passing: bool = False, sent: bool = True
) -> ApiError:
    """The error for an answer that makes no sense. ``status``: the HTTP status. ``sent``: whether the request left this host."""
    return ApiError(Failure("protocol", step, what, remedy, http_status=status), passing=passing, unclear=sent, sent=sent)
