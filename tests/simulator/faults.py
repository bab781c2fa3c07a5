# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong with one request, and faults by name. A request has a fault only if a test has planned it."""

from __future__ import annotations

import dataclasses

# Longer than any time-out that a test sets.
LATE = 30.0


@dataclasses.dataclass(frozen=True)
class Fault:
    """What happens to one request.

    ``carried_out``: a change takes effect first. ``delay``: seconds before the answer.
    ``lost``: the connection is cut, and there is no answer. ``errcode``, ``errmsg``: the answer is this error. ``echo``: the error's text
    holds the secrets of the request. ``status``, ``body``, ``content_type``, ``headers``: the answer.
    ``cut``: the connection is cut in the middle of the body. ``says_on``: the answer to an enabling request has
    ``is_open`` 1. ``last``: the platform accepts no connection after this answer. ``new_token``: the token of the request becomes
    invalid before the request is checked. ``lag``: see ``Account``.
    """

    carried_out: bool = False
    delay: float = 0.0
    lost: bool = False
    errcode: int | None = None
    errmsg: str = ""
    echo: bool = False
    status: int = 200
    body: bytes | None = None
    content_type: str = "text/plain"
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    says_on: bool = False
    new_token: bool = False
    lag: int = 0
    last: bool = False


# The platform's errmsg for each code, as far as it is known. Other codes have a text without a meaning.
MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40125: "invalid appsecret",
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    40170: "args count exceed count limit",
    40243: "AppSecret has been frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41018: "missing component_appid",
    42001: "access_token expired",
    42006: "component_access_token expired",
    43002: "require POST method",
    44002: "empty post data",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    45103: "This API has been unsupported",
    47001: "data format error",
    48001: "api unauthorized",
    48004: "api forbidden for irregularities",
    48009: "api expired",
    61003: "component is not authorized by this account",
    61004: "access clientip is not registered requestIP: 203.0.113.8",
    61007: "api is unauthorized to component",
    61011: "invalid component",
    61014: "must use component token for component api",
    61015: "must use biz account token for not component api",
    61023: "refresh_token is invalid",
    61024: "must use api(api_component_token) to get token for component acct",
    61028: "component is unpublished",
    61029: "component need republish with base category",
    # Of what is only looked at.
    40201: "not set server url",
    40202: "invalid action type",
    40203: "invalid check operator",
    50002: "user limited",
    65400: "please enable new customer service, or wait for a while if you have enabled",
    76001: "rid not found",
    76002: "rid is error",
    76003: "no permission to query this rid",
    76004: "rid is expired",
    76021: "cgi_path not found, please check",
    76022: "could not use this cgi_path, no permission",
    # Of menus.
    40007: "invalid media_id",
    40015: "invalid menu type",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40022: "invalid sub menu level",
    40023: "invalid sub button size",
    40024: "invalid sub button type",
    40025: "invalid sub button name size",
    40026: "invalid sub button key size",
    40027: "invalid sub button url size",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40054: "invalid sub button url domain",
    40055: "invalid button url domain",
    43001: "require GET method",
    45064: "no permission to use weapp in menu",
    46003: "menu no exist",
    53600: "Article ID invalid",
    65301: "no such conditional menu",
    65303: "there is no selfmenu, please create selfmenu first",
    65304: "match rule empty",
    65305: "personalized menu count limit",
    65309: "the switch of conditional menu is close",
    65316: "too many conditional menu domains",
    65318: "must use utf-8 charset",
    65320: "contain private field in match rule",
    # Of tags.
    45056: "too many tag now, no need to add new",
    45057: "can't delete the tag that has too many fans",
    45058: "can't modify sys tag",
    45157: "invalid tag name",
    45158: "invalid tag name size",
    45159: "invalid tag id",
}

# Every errcode that is known for the calls that the collection makes, and an unknown one.
ERRCODES = (
    *(-1, 268487001, 268487002),
    *(40001, 40014, 42001, 48012, 42006),
    *(40013, 40125, 40243, 40164, 61004, 89501, 89502, 89503, 89504, 89505, 89506, 89507),
    *(41002, 41004, 41018, 42007, 48004, 50001, 50002, 50004, 50007),
    *(61003, 61005, 61006, 61007, 61011, 61014, 61015, 61023, 61024, 61028, 61029),
    *(48001, 40200, 45103, 48009, 45009, 45011, 48006),
    *(40002, 41001, 43002, 44002, 47001, 40170, 99999),
)

# Every other errcode that the calls for menus are known to answer. 46003 says that there is no menu, which is no error of menu/get.
MENU_ERRCODES = (
    *(40007, 40015, 40016, 40017, 40018, 40019, 40020, 40021, 40022, 40023, 40024, 40025, 40026, 40027, 40028, 40033, 40054, 40055),
    *(40097, 43001, 45010, 45064, 46002, 46003, 53600, 65301, 65303, 65317, 65318),
)

# Every other errcode that the calls for conditional menus are known to answer.
CONDITIONAL_ERRCODES = (65302, 65304, 65305, 65306, 65307, 65308, 65309, 65310, 65311, 65312, 65313, 65314, 65316, 65320)
# Every other errcode that the calls for tags are known to answer.
TAG_ERRCODES = (45056, 45057, 45058, 45059, 45157, 45158, 45159)

ANSWERS: dict[str, Fault] = {
    "lost": Fault(lost=True),
    "late": Fault(delay=LATE),
    "busy": Fault(errcode=-1),
    "http-500": Fault(status=500, body=b"oops"),
    "http-502": Fault(status=502, body=b"<html>Bad Gateway</html>", content_type="text/html"),
    "http-429": Fault(status=429, body=b""),
    "http-404": Fault(status=404, body=b"not here"),
    "http-412": Fault(status=412, body=b""),
    "redirect": Fault(status=302, body=b"", headers=(("Location", "/elsewhere"),)),
    "redirect-nowhere": Fault(status=302, body=b"", headers=(("Location", "http://[::1"),)),
    "http-403-says-off": Fault(status=403, body=b'{"errcode":0,"errmsg":"ok","is_open":0}'),
    "empty": Fault(body=b""),
    "html": Fault(body=b"<!DOCTYPE html><title>Sign in</title>", content_type="text/html"),
    "not-an-object": Fault(body=b'[{"errcode": 0, "is_open": 0}]'),
    "null": Fault(body=b"null"),
    "truncated": Fault(body=b'{"errcode":0,"errmsg":"ok","is_op'),
    "cut": Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":0}', cut=True),
    "too-large": Fault(body=b'{"errcode":0,"is_open":0,"errmsg":"' + b"x" * (1024 * 1024) + b'"}'),
    "too-deep": Fault(body=b"[" * 100_000),
    "binary": Fault(body=bytes(range(256))),
    "no-errcode": Fault(body=b"{}"),
    "odd-errcode": Fault(body=b'{"errcode":"soon","is_open":1}'),
    "huge-errcode": Fault(body=b'{"errcode":' + b"9" * 400 + b',"errmsg":"x"}'),
    "echo": Fault(errcode=99999, echo=True),
}

# Looks that succeed but do not show whether the draft box is on.
UNUSABLE_LOOKS: dict[str, Fault] = {
    "no-is-open": Fault(body=b'{"errcode":0,"errmsg":"ok"}'),
    "is-open-null": Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":null}'),
    "is-open-2": Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":2}'),
    "is-open-word": Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":"off"}'),
    "is-open-list": Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":[0]}'),
    "is-open-half": Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":0.5}'),
    "is-open-empty": Fault(body=b'{"errcode":0,"errmsg":"ok","is_open":""}'),
}


def carried_out(fault: Fault) -> Fault:
    """``fault``, but the change takes effect first."""
    return dataclasses.replace(fault, carried_out=True)
