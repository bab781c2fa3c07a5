# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the platform's answers mean. Sends one call; returns the fields of its answer, or raises one ApiError.

The platform's documentation does not describe the oddities that this file handles. They come from reports of users.
"""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t

from .._text import Text
from .errcodes import busy, refusal
from .errors import ApiError, DeadToken, Retired, unusable_answer
from .secrets import SHORTEST_MASKED

if t.TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .errcodes import Codes
    from .errors import Step
    from .secrets import Secrets
    from .transport import Answer, Transport, Verb

# Characters. Enough for the longest errmsg that is shown, even if a secret in its longest spelling stands at the cut.
_TEXT_READ = 4096

_NO_FIELD = Text("the answer holds no usable {field}")
_HTTP = Text("{path} answered HTTP {status}")
_NO_JSON = Text("the answer of {path} is not a JSON object")
_NO_ERRCODE = Text("the answer of {path} has no readable errcode")
_DOUBTFUL = Text("the answer of {path} has a key twice, or is not UTF-8")
_CHECK_WAY = Text("check api_url (https, host, port), and any proxy between this host and the platform")

_WHOLE = re.compile(r"(-?[1-9][0-9]{0,17}|0)(?:\.0)?")
_WHOLE_IN_TEXT = re.compile(r"-?[1-9][0-9]{0,17}|0")


@dataclasses.dataclass(frozen=True)
class Call:
    """One of the platform's calls. The verb does not say whether the call changes anything: menu/delete is a GET.

    ``step``: the step of a failure. ``path``: relative to ``api_url``, without a slash in front. ``codes``: what the call's errcodes mean.
    ``expects``: a field that shows success if the answer has no errcode; None if every answer must have one.
    ``nothing``: errcodes that say that there is nothing: answers, not errors.
    """

    step: Step
    path: str
    codes: Codes
    expects: str | None = None
    verb: Verb = "POST"
    nothing: frozenset[int] = frozenset()


class Wire:
    """Sends the platform's calls, and reads their answers. Safe to share between threads.

    ``secrets``: holds every secret and token that is sent. Each token from an answer is added to it at once.
    """

    def __init__(self, transport: Transport, secrets: Secrets) -> None:
        self._transport = transport
        self._secrets = secrets

    def send(self, call: Call, query: Mapping[str, str], body: Mapping[str, object], *, change: bool = False) -> Fields:
        """Send one request, once. Returns the fields of an answer that shows success.

        ``query``: with the token. ``body``: what JSON can hold; a GET sends none. ``change``: whether it changes something.
        Raises DeadToken or Retired if the errcode says so, and ApiError for any other refusal, or without an answer that can be read.
        """
        answer = self._transport.send(call.step, call.verb, call.path, query, body, change=change)
        return _understand(call, answer, self._secrets.scrub)

    def token_in(self, answer: Mapping[str, object], field: str, step: Step) -> str:
        """The token in ``answer``. It is masked from now on. Raises ApiError if there is no usable token."""
        token = answer.get(field)
        if not isinstance(token, str) or not is_token(token):
            raise unusable_answer(step, _NO_FIELD.filled(field=field))
        self._secrets.add(token)
        return token

    def secret_in(self, answer: Mapping[str, object], field: str) -> str:
        """The secret in ``answer``. It is masked from now on. Empty if there is no usable secret."""
        secret = answer.get(field)
        if not isinstance(secret, str) or not is_token(secret):
            return ""
        self._secrets.add(secret)
        return secret


def is_token(text: str) -> bool:
    """Whether ``text`` can be an access_token: printable ASCII without a space, and long enough to be masked."""
    return SHORTEST_MASKED <= len(text) <= 512 and text.isascii() and text.isprintable() and " " not in text


def _understand(call: Call, answered: Answer, scrub: Callable[[str], str]) -> Fields:
    """The answer's fields. Raises ApiError if the answer does not show success.

    The content type does not matter: the platform sends JSON as text/plain, and with wrong charsets.
    """
    status, content, unreadable = answered
    step, path = call.step, call.path
    if status == 429 or status >= 500:
        raise ApiError(busy(step, call.codes, _HTTP.filled(path=path, status=status), status), passing=True, unclear=True)
    answer = None if content is None else _json_object(content)
    errcode = _errcode(answer, call.expects)
    if answer is not None and errcode and errcode not in call.nothing:
        raise _refused(call, errcode, answer, scrub, status)
    if status != 200:
        raise unusable_answer(step, _HTTP.filled(path=path, status=status), status, _CHECK_WAY)
    if content is None:
        raise unusable_answer(step, unreadable.filled(path=path), status, passing=True)
    if answer is None:
        raise unusable_answer(step, _NO_JSON.filled(path=path), status, passing=True)
    if errcode is None:
        raise unusable_answer(step, _NO_ERRCODE.filled(path=path), status)
    if answer.doubtful:
        raise unusable_answer(step, _DOUBTFUL.filled(path=path), status)
    return answer


def _errcode(answer: Fields | None, expects: str | None) -> int | None:
    """The errcode; None if it cannot be read, or is there more than once."""
    if answer is None or "errcode" in answer.repeated:
        return None
    return number(answer.get("errcode", 0 if expects is not None and expects in answer else None))


def _refused(call: Call, errcode: int, answer: Fields, scrub: Callable[[str], str], status: int) -> ApiError:
    errmsg = answer.get("errmsg")
    failure = refusal(call.step, call.codes, errcode, scrub(errmsg[:_TEXT_READ]) if isinstance(errmsg, str) else "", status)
    kind: type[ApiError] = ApiError
    if errcode in call.codes.dead:
        kind = DeadToken
    elif errcode in call.codes.retired:
        kind = Retired
    passing = failure.reason == "transient"
    return kind(failure, passing=passing, unclear=passing)


class Fields(dict[str, object]):
    """A JSON object. ``repeated``: the keys that occur in it more than once.

    ``doubtful``: somewhere inside, an object has a key more than once or a byte is not UTF-8. Two parsers could read two different things.
    """

    repeated: frozenset[str] = frozenset()
    doubtful = False


def _json_object(content: bytes) -> Fields | None:
    repetitions = []

    def fields(pairs: list[tuple[str, object]]) -> Fields:
        made = Fields(pairs)
        if len(made) != len(pairs):
            seen: set[str] = set()
            made.repeated = frozenset(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
            repetitions.append(made)
        return made

    try:
        # The platform answers in UTF-8, whatever charset it declares.
        text, broken = content.decode("utf-8-sig"), False
    except UnicodeDecodeError:
        text, broken = content.decode("utf-8-sig", errors="replace"), True
    try:
        # Not strict, because the platform leaves control characters in texts.
        answer = json.loads(
            text, strict=False, object_pairs_hook=fields, parse_int=_whole, parse_float=_whole, parse_constant=_not_a_number
        )
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, Fields):
        return None
    answer.doubtful = broken or bool(repetitions)
    return answer


def _whole(text: str) -> int | float:
    """The whole number that JSON spells as ``text``; a float for any other number, so that it is not taken for null or for a whole one.

    "1.0" counts as well, because a proxy may have made a float of a whole number. 1e-400 and -0 do not: not every parser reads them as 0.
    """
    read = _WHOLE.fullmatch(text)
    return int(read.group(1)) if read else float(text)


def _not_a_number(_text: str) -> t.NoReturn:
    raise ValueError


def number(value: object) -> int | None:
    """``value``, from an answer, as a whole number, also if a proxy has made it a string; None if it is not a whole number."""
    if isinstance(value, str):
        return int(value) if _WHOLE_IN_TEXT.fullmatch(value) else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
