# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is not known of the real platform, and a real account can settle. Nothing runs this but you:

WECHAT_APPID=wx... WECHAT_SECRET=... .work/test/bin/python -m tests.live

It only reads, and prints what it has found, never a token, a secret or a text of the account. A test account (测试号) is enough:
mp.weixin.qq.com/debug/cgi-bin/sandbox?t=sandbox/login. With ``--change-the-account wx...`` (its own AppID) it also makes and removes tags
and menus. Use that only with a test account without a menu: it refuses any other. It never turns a draft box on.

What it cannot settle: whether menu/delete wakes a menu of the console, which domains count for 65316, what a third-party platform is told,
and what a look at a draft box that is off does.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sys
import time
import typing as t

import requests

Answer = dict[str, t.Any]

PREFIX = "wxops-live-"
SHOP = {"button": [{"type": "click", "name": "wxops", "key": "wxops"}]}


class Live:
    """One account of the platform. ``found``: called with each finding."""

    def __init__(self, url: str, appid: str, secret: str, found: t.Callable[[str, object], None]) -> None:
        self._url = url
        self._found = found
        self._http = requests.Session()
        asked = {"grant_type": "client_credential", "appid": appid, "secret": secret, "force_refresh": False}
        answer = self._post("/cgi-bin/stable_token", asked, {})
        self._token = str(answer.get("access_token", ""))
        if not self._token:
            raise SystemExit(f"There is no access_token: errcode {answer.get('errcode')}.")

    def get(self, path: str, **query: str) -> Answer:
        return self._json(self._http.get(f"{self._url}{path}", params={"access_token": self._token, **query}, timeout=20))

    def post(self, path: str, body: Answer, **query: str) -> Answer:
        return self._post(path, body, {"access_token": self._token, **query})

    def _post(self, path: str, body: Answer, query: dict[str, str]) -> Answer:
        raw = json.dumps(body, ensure_ascii=False).encode()
        return self._json(self._http.post(f"{self._url}{path}", params=query, data=raw, timeout=20))

    def _json(self, answered: requests.Response) -> Answer:
        try:
            found = json.loads(answered.content.decode("utf-8-sig"), strict=False)
        except ValueError:
            return {"errcode": f"no JSON, HTTP {answered.status_code}"}
        return found if isinstance(found, dict) else {"errcode": "no object"}

    def say(self, question: str, finding: object) -> None:
        self._found(question, finding)


def code(answer: Answer) -> object:
    return answer.get("errcode", 0)


def shape(value: t.Any, deep: int = 2) -> t.Any:
    """The names and the types in ``value``, and nothing else of it."""
    if isinstance(value, dict) and deep:
        return {name: shape(its, deep - 1) for name, its in value.items()}
    if isinstance(value, list):
        return [len(value), shape(value[0], deep - 1)] if value and deep else [len(value)]
    return type(value).__name__


def read(live: Live) -> None:
    """Everything that a look can settle."""
    look = live.post("/cgi-bin/draft/switch", {}, checkonly="1")
    live.say("draft/switch: is the look still offered? (45103, 48009: no)", [code(look), look.get("is_open")])
    menu = live.get("/cgi-bin/menu/get")
    live.say("menu/get: errcode, and the names in it", [code(menu), shape(menu)])
    for one in menu.get("conditionalmenu") or [] if isinstance(menu.get("conditionalmenu"), list) else []:
        live.say("menu/get: a rule of a conditional menu (group_id or tag_id? text or number?)", shape(one.get("matchrule")))
        live.say("menu/get: has a conditional menu its menuid?", type(one.get("menuid")).__name__)
    live.say("get_current_selfmenu_info: the names in it", shape(live.get("/cgi-bin/get_current_selfmenu_info"), 1))
    tags = [live.get("/cgi-bin/tags/get") for _look in range(3)]
    live.say("tags/get: errcode", code(tags[0]))
    live.say("tags/get: do three looks in a row differ?", len({json.dumps(one, sort_keys=True) for one in tags}) > 1)
    ids = [one.get("id") for one in tags[0].get("tags") or [] if isinstance(one, dict)]
    live.say("tags/get: which ids of the platform are shown?", [one for one in ids if isinstance(one, int) and one < 100])
    names = [one.get("name") for one in tags[0].get("tags") or [] if isinstance(one, dict)]
    live.say("tags/get: are there two tags with one name?", len(names) != len({*map(str, names)}))
    for path in (
        "/cgi-bin/template/get_all_private_template",
        "/wxaapi/newtmpl/gettemplate",
        "/cgi-bin/customservice/getkflist",
        "/cgi-bin/get_current_autoreply_info",
    ):
        answer = live.get(path)
        live.say(f"{path}: errcode, and the names in it", [code(answer), shape(answer, 1)])
    published = live.post("/cgi-bin/freepublish/batchget", {"offset": 0, "count": 1, "no_content": 1})
    live.say("freepublish/batchget: may this account publish?", code(published))
    for method, answer in (
        ("POST", live.post("/cgi-bin/account/getaccountbasicinfo", {})),
        ("GET", live.get("/cgi-bin/account/getaccountbasicinfo")),
    ):
        live.say(f"account/getaccountbasicinfo by {method}, with the account's own token", [code(answer), shape(answer, 1)])
    for path in ("/cgi-bin/get_api_domain_ip", "/cgi-bin/getcallbackip"):
        listed = live.get(path).get("ip_list") or []
        live.say(f"{path}: how many, and are there ranges?", [len(listed), any("/" in str(one) for one in listed)])
    quotas(live)
    failed_call(live)


def quotas(live: Live) -> None:
    ask = "/cgi-bin/openapi/quota/get"
    first = live.post(ask, {"cgi_path": "/cgi-bin/menu/create"})
    live.say("quota/get: the names in it (rate_limit? component_rate_limit?)", shape(first))
    for path in ("/cgi-bin/draft/switch", "/cgi-bin/tags/get", "/cgi-bin/menu/addconditional", ask):
        answer = live.post(ask, {"cgi_path": path})
        quota = answer.get("quota")
        live.say(f"quota/get: the daily limit of {path}", [code(answer), quota.get("daily_limit") if isinstance(quota, dict) else None])


def failed_call(live: Live) -> None:
    """Provokes a refusal that has no effect, and asks about it."""
    refused = live.post("/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/wxops/no/such"})
    rid = re.search(r"rid: ([0-9a-f]+)-[0-9a-f]+-[0-9a-f]+", str(refused.get("errmsg")))
    live.say("an errmsg: does it end in a rid?", bool(rid))
    if not rid:
        return
    live.say("a rid: how many seconds is its first group from now?", round(time.time() - int(rid[1], 16)))
    asked = live.post("/cgi-bin/openapi/rid/get", {"rid": rid[0].removeprefix("rid: ")})
    request = asked.get("request")
    request = request if isinstance(request, dict) else {}
    live.say("rid/get: errcode, and the names in it (client_ip?)", [code(asked), sorted(request)])
    live.say("rid/get: has request_url a path before the query?", "/" in str(request.get("request_url")).partition("?")[0])
    live.say("rid/get: does request_url hold the access_token?", "access_token=" in str(request.get("request_url")))
    live.say("rid/get: are the bodies whole?", "cgi_path" in str(request.get("request_body")))


def change(live: Live) -> None:
    """What only changes can settle. Removes what it has made, whatever happens."""
    menu = live.get("/cgi-bin/menu/get")
    if code(menu) != 46003 or live.get("/cgi-bin/get_current_selfmenu_info").get("is_menu_open"):
        raise SystemExit("This account has a menu. Nothing was changed.")
    made: list[int] = []
    try:
        tags(live, made)
        menus(live, made)
    finally:
        live.get("/cgi-bin/menu/delete")
        for one in made:
            live.post("/cgi-bin/tags/delete", {"tag": {"id": one}})
        left = [one for one in live.get("/cgi-bin/tags/get").get("tags") or [] if str(one.get("name")).startswith(PREFIX)]
        live.say("tags that could not be removed again", [one.get("id") for one in left])


def tag(live: Live, name: str, made: list[int]) -> Answer:
    answer = live.post("/cgi-bin/tags/create", {"tag": {"name": name}})
    found = answer.get("tag")
    if isinstance(found, dict) and isinstance(found.get("id"), int):
        made.append(found["id"])
    return answer


def tags(live: Live, made: list[int]) -> None:
    name = f"{PREFIX}{time.time():.0f}"
    created = tag(live, name, made)
    live.say(
        "tags/create: errcode, and is the answer's name what was sent?", [code(created), (created.get("tag") or {}).get("name") == name]
    )
    shown = [one.get("name") for one in live.get("/cgi-bin/tags/get").get("tags") or []]
    live.say("tags/get: does a look right after it show the tag?", name in shown)
    live.say("tags/create: the same name again", code(tag(live, name, made)))
    long = PREFIX + "标" * (30 - len(PREFIX))
    live.say("tags/create: 30 characters that are more than 30 bytes (45158: the limit is in bytes)", code(tag(live, long, made)))
    live.say("tags/create: 31 characters", code(tag(live, PREFIX + "x" * (31 - len(PREFIX)), made)))
    if made:
        live.say(
            "tags/update: the name that it has already (45157?)",
            code(live.post("/cgi-bin/tags/update", {"tag": {"id": made[0], "name": name}})),
        )
        last = made.pop()
        live.say("tags/delete: the first time", code(live.post("/cgi-bin/tags/delete", {"tag": {"id": last}})))
        live.say("tags/delete: the second time (0 or 45159?)", code(live.post("/cgi-bin/tags/delete", {"tag": {"id": last}})))
        again = tag(live, f"{name}-2", made)
        live.say("tags/create: is an id used again?", (again.get("tag") or {}).get("id") == last)


def menus(live: Live, made: list[int]) -> None:
    if not made:
        return
    rule = {**SHOP, "matchrule": {"tag_id": str(made[0])}}
    add, ids = "/cgi-bin/menu/addconditional", []
    live.say("menu/addconditional: without a default menu (65303?)", code(live.post(add, rule)))
    live.say("menu/create", code(live.post("/cgi-bin/menu/create", SHOP)))
    for _time in range(2):
        answer = live.post(add, rule)
        ids.append(answer.get("menuid"))
        live.say("menu/addconditional: errcode, and the type of menuid", [code(answer), type(answer.get("menuid")).__name__])
    live.say("menu/addconditional: does the same body twice give two menus?", len({*map(str, ids)}) == 2)
    unknown = {**SHOP, "matchrule": {"tag_id": "99999"}}
    live.say("menu/addconditional: a tag that does not exist", code(live.post(add, unknown)))
    read_back = live.get("/cgi-bin/menu/get").get("conditionalmenu") or []
    live.say("menu/get: the rule as it is read back", [one.get("matchrule") and sorted(one["matchrule"]) for one in read_back])
    live.say("menu/get: is the newest one first?", bool(read_back) and str(read_back[-1].get("menuid")) == str(ids[0]))
    live.post("/cgi-bin/menu/create", {"button": [{**SHOP["button"][0], "name": " a & b "}]})
    kept = live.get("/cgi-bin/menu/get")
    names = [one.get("name") for one in (kept.get("menu") or {}).get("button") or []]
    live.say("menu/create: does it keep conditional menus?", len(kept.get("conditionalmenu") or []) == len(read_back))
    live.say("menu/create: is a text kept as it was sent?", names == [" a & b "])
    live.post("/cgi-bin/tags/delete", {"tag": {"id": made[0]}})
    after = live.get("/cgi-bin/menu/get").get("conditionalmenu") or []
    live.say("tags/delete: are the conditional menus of the tag still there?", len(after) == len(read_back))
    live.say("menu/delconditional: an id that does not exist (65301?)", code(live.post("/cgi-bin/menu/delconditional", {"menuid": "1"})))


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.live", description="Settles what is not known of the real platform. Only reads.")
    parser.add_argument("--change-the-account", metavar="APPID", help="also change the test account with this AppID, and take it back")
    parser.add_argument("--callback", action="store_true", help="have the platform call the account's server")
    options = parser.parse_args(arguments)
    appid, secret = (os.environ.get(f"WECHAT_{name}", "") for name in ("APPID", "SECRET"))
    if not appid or not secret:
        raise SystemExit("Export WECHAT_APPID and WECHAT_SECRET.")
    if options.change_the_account not in (None, appid):
        raise SystemExit("--change-the-account names another account than WECHAT_APPID. Nothing was sent.")

    def found(question: str, finding: object) -> None:
        print(f"{question} -> {json.dumps(finding, ensure_ascii=False)}")

    live = Live(os.environ.get("WECHAT_API_URL", "https://api.weixin.qq.com"), appid, secret, found)
    read(live)
    if options.callback:
        checked = live.post("/cgi-bin/callback/check", {"action": "all", "check_operator": "DEFAULT"})
        live.say("callback/check: errcode, and the names in it", [code(checked), shape(checked, 3)])
    if options.change_the_account:
        change(live)


if __name__ == "__main__":
    main(sys.argv[1:])
