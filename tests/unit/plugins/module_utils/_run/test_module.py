# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run of a module within this process, against a simulated platform: options in, results out, no traceback on any way."""

from __future__ import annotations

import json
import typing as t

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Failure, Step
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import (
    DRAFT_SWITCH,
    IRREVERSIBLE,
    STATE_OPTION,
    InfoRows,
    SwitchRows,
    to_turn_on,
)
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu import (
    EVERYTHING,
    MENU,
    MenuInfoRows,
    MenuRows,
    next_change_to,
)
from ansible_collections.wxops.official_account.plugins.module_utils._run import module as module_module
from ansible_collections.wxops.official_account.plugins.module_utils._run import work as work_module
from ansible_collections.wxops.official_account.plugins.module_utils._run.module import Module
from ansible_collections.wxops.official_account.plugins.module_utils._run.options import ARGUMENT_SPEC
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

from tests.simulator import Fault, Simulator
from tests.unit.modules import Waiting, give

if t.TYPE_CHECKING:
    from collections.abc import Iterator

    from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import NextChange

NO_RETRIES = {"retries": 0}


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator"), tls=False) as running:
        yield running


@pytest.fixture(autouse=True)
def _somebody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module_module, "WaitingPlaybook", Waiting)
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("no_proxy", "localhost")


class Runs:
    """Runs modules. ``told``: all that the last one wrote."""

    def __init__(self, platform: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._url = platform.url
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.told = ""

    def _result(self, work: t.Callable[[], object], status: int) -> dict[str, t.Any]:
        with pytest.raises(SystemExit) as ended:
            work()
        assert ended.value.code == status
        self.told = self._capsys.readouterr().out
        result: dict[str, t.Any] = json.loads(self.told)
        return result

    def switch(
        self, status: int, *, check_mode: bool = False, diff: bool = False, next_change: t.Any = None, **options: t.Any
    ) -> dict[str, t.Any]:
        give(self._monkeypatch, {"api_url": self._url, **NO_RETRIES, **options}, check_mode=check_mode, diff=diff)

        def next_change_of(_name: str) -> NextChange[bool]:
            return next_change or to_turn_on

        return self._result(
            lambda: Module(SwitchRows, {**ARGUMENT_SPEC, "state": STATE_OPTION}).converge(DRAFT_SWITCH, next_change_of), status
        )

    def info(self, status: int, *, diff: bool = False, environ: dict[str, str] | None = None, **options: t.Any) -> dict[str, t.Any]:
        give(self._monkeypatch, {"api_url": self._url, **NO_RETRIES, **options}, diff=diff, environ=environ)
        return self._result(lambda: Module(InfoRows, ARGUMENT_SPEC).look(DRAFT_SWITCH), status)


@pytest.fixture
def runs(platform: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Runs:
    return Runs(platform, monkeypatch, capsys)


# --- One account.


def test_what_is_off_is_turned_on_and_told(platform: Simulator, runs: Runs) -> None:
    account = platform.add()
    result = runs.switch(0, diff=True, appid=account.appid, secret=account.secret)
    assert (result["changed"], result["is_open"], result["was_open"], result["failure"]) == (True, True, False, None)
    assert result["diff"] == {"before": {"is_open": False}, "after": {"is_open": True}}
    assert account.calls == ["token", "look", "enable", "look"]
    assert account.secret not in runs.told
    assert account.token not in runs.told


def test_check_mode_only_looks(platform: Simulator, runs: Runs) -> None:
    account = platform.add()
    result = runs.switch(0, check_mode=True, appid=account.appid, secret=account.secret)
    assert (result["changed"], result["is_open"], result["request_sent"]) == (True, False, False)
    assert "diff" not in result
    assert account.calls == ["token", "look"]


def test_info_only_looks(platform: Simulator, runs: Runs) -> None:
    account = platform.add()
    result = runs.info(0, diff=True, appid=account.appid, secret=account.secret)
    assert (result["changed"], result["is_open"], result["msg"]) == (False, False, "The draft box is off.")
    assert result["diff"] == {"before": {"is_open": False}, "after": {"is_open": False}}
    assert account.calls == ["token", "look"]


def test_the_environment_may_give_the_credentials(platform: Simulator, runs: Runs) -> None:
    account = platform.add(is_open=True)
    assert runs.info(0, environ={"WECHAT_APPID": account.appid, "WECHAT_SECRET": account.secret})["is_open"] is True


def test_a_failure_has_all_keys_and_no_difference(platform: Simulator, runs: Runs) -> None:
    account = platform.add()
    result = runs.switch(1, diff=True, appid=account.appid, secret="0" * 32)
    assert (result["failed"], result["changed"], result["is_open"], result["request_sent"]) == (True, False, None, False)
    assert (result["failure"]["reason"], result["failure"]["errcode"]) == ("operator", 40125)
    assert "diff" not in result


def test_a_failure_that_the_look_finds_in_what_is_declared_sends_nothing(platform: Simulator, runs: Runs) -> None:
    account = platform.add()

    def refuse(_state: bool) -> t.NoReturn:
        raise RuntimeError(account.secret)

    result = runs.switch(1, next_change=refuse, appid=account.appid, secret=account.secret)
    assert "an unexpected RuntimeError in this collection" in result["msg"]
    assert account.calls == ["token", "look"]
    assert account.secret not in runs.told


# --- Many accounts.


def test_many_accounts_have_a_row_each(platform: Simulator, runs: Runs) -> None:
    off, on = platform.add(), platform.add(is_open=True)
    accounts = [{"name": "off", "appid": off.appid, "secret": off.secret}, {"appid": on.appid, "secret": on.secret}]
    result = runs.switch(0, diff=True, accounts=accounts)
    assert [(name, row["changed"], row["failed"]) for name, row in result["accounts"].items()] == [
        ("off", True, False),
        (on.appid, False, False),
    ]
    assert result["diff"] == {"before": {"off": {"is_open": False}}, "after": {"off": {"is_open": True}}}
    assert result["summary"]["changed"] == result["summary"]["unchanged"] == 1
    assert not any(secret in runs.told for secret in (off.secret, on.secret, off.token, on.token))


def test_one_of_many_that_fails_has_the_module_fail_and_leaves_the_others_alone(platform: Simulator, runs: Runs) -> None:
    fine, wrong = platform.add(), platform.add()
    accounts = [{"name": "wrong", "appid": wrong.appid, "secret": "0" * 32}, {"name": "fine", "appid": fine.appid, "secret": fine.secret}]
    result = runs.info(1, accounts=accounts)
    assert (result["failed"], result["failure"]) == (True, None)
    assert [row["failed"] for row in result["accounts"].values()] == [True, False]
    assert result["accounts"]["fine"]["is_open"] is False


def test_no_accounts_are_no_failure(runs: Runs) -> None:
    result = runs.switch(0, accounts=[])
    assert (result["accounts"], result["summary"]["total"], result["msg"]) == ({}, 0, "0 accounts: nothing to do.")


# --- What somebody has put on the platform.

TOLD_NOWHERE: dict[str, t.Callable[[str], str]] = {
    "as it is": str,
    "in upper case": str.upper,
    "quoted": lambda text: "".join(f"%{ord(character):02x}" for character in text),
    "in JSON": lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
}


@pytest.mark.parametrize("form", ["one", "many"])
@pytest.mark.parametrize("spell", TOLD_NOWHERE.values(), ids=TOLD_NOWHERE)
def test_a_secret_anywhere_in_a_menu_is_told_nowhere(
    platform: Simulator, runs: Runs, monkeypatch: pytest.MonkeyPatch, spell: t.Callable[[str], str], form: str
) -> None:
    account = platform.add()
    given = {"appid": account.appid, "secret": account.secret}
    options = {"api_url": platform.url, **NO_RETRIES, **(given if form == "one" else {"accounts": [{"name": "a", **given}]})}
    secret = spell(account.secret)
    account.menus.buttons = [{"type": "news", "name": secret, secret: {secret: [secret]}}]
    # The paths in the message name the keys.
    for status, check_mode in ((0, True), (0, False)):
        give(monkeypatch, options, check_mode=check_mode, diff=True)
        next_change = next_change_to({"button": [{"type": "click", "name": "Help", "key": "help"}]}, replace_console_menu=True)
        result = runs._result(lambda: Module(MenuRows, ARGUMENT_SPEC).converge(MENU, lambda _name: next_change), status)  # noqa: B023
        row = result if form == "one" else result["accounts"]["a"]
        assert row["before"] == {"button": [{"type": "news", "name": "********", "********": {"********": ["********"]}}]}
        assert "********" in row["msg"]
        assert secret not in runs.told
        assert account.secret not in runs.told.lower()
        assert json.dumps(secret)[1:-1] not in runs.told
        account.menus.buttons = [{"type": "news", "name": secret, secret: {secret: [secret]}}]
    give(monkeypatch, options, diff=True)
    runs._result(lambda: Module(MenuInfoRows, ARGUMENT_SPEC).look(EVERYTHING), 0)
    assert "********" in runs.told
    assert json.dumps(secret)[1:-1] not in runs.told


@pytest.mark.parametrize("form", ["one", "many"])
def test_a_secret_that_the_account_shows_to_everybody_is_said_without_it(
    platform: Simulator, runs: Runs, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    account = platform.add()
    given = {"appid": account.appid, "secret": account.secret}
    account.menus.set([{"type": "view", "name": "Shop", "url": f"https://shop.example/?secret={account.secret}"}])
    options = {"api_url": platform.url, **NO_RETRIES, **(given if form == "one" else {"accounts": [{"name": "a", **given}]})}
    warnings: list[str] = []
    monkeypatch.setattr(module_module.QuietModule, "warn", lambda _module, text: warnings.append(text))
    give(monkeypatch, options)
    runs._result(lambda: Module(MenuInfoRows, ARGUMENT_SPEC).look(EVERYTHING), 0)
    where = "menu.button[0].url" if form == "one" else "a: menu.button[0].url"
    assert warnings == [
        f"A secret or token of this run stands in what the account shows to everybody ({where}). It is masked here. Take it out there, and "
        "reset it: others may have read it."
    ]


@pytest.mark.parametrize("form", ["one", "many"])
def test_a_secret_in_a_warning_is_told_nowhere(platform: Simulator, runs: Runs, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    account = platform.add()
    given = {"appid": account.appid, "secret": account.secret}
    options = {"api_url": platform.url, **NO_RETRIES, **(given if form == "one" else {"accounts": [{"name": "a", **given}]})}

    def look() -> None:
        module = Module(InfoRows, ARGUMENT_SPEC)
        module.warn(f"menu.{account.secret.upper()} is odd")
        module.look(DRAFT_SWITCH)

    warnings: list[str] = []
    monkeypatch.setattr(module_module.QuietModule, "warn", lambda _module, text: warnings.append(text))
    give(monkeypatch, options)
    runs._result(look, 0)
    assert warnings == ["menu.******** is odd"]


# --- What is refused before anything is sent.

ONE = {"changed", "failed", "failure", "is_open", "was_open", "verified", "request_sent", "msg"}
MANY = {"changed", "failed", "failure", "accounts", "summary", "msg"}
# What Ansible adds.
BESIDES = {"invocation", "exception", "warnings", "deprecations"}


@pytest.mark.parametrize(
    ("options", "says", "keys"),
    [
        ({}, "Failed to start: no credentials are given; nothing was sent; export ", ONE),
        ({"appid": "canary"}, "Failed to start: secret is missing", ONE),
        ({"access_token": "canary"}, "Failed to start: access_token is not a token", ONE),
        ({"accounts": [{"access_token": "canary-token"}]}, "Failed to start: accounts cannot be used: no name", MANY),
        (
            {"accounts": [{"canary1": "canary"}]},
            "accounts cannot be used: an unknown key, which is not shown: account 1;",
            MANY,
        ),
        ({"accounts": [{"access_toke": "canary"}]}, "account 1; nothing was sent; is access_token meant?", MANY),
        (
            {"accounts": "canary"},
            "Failed to start: accounts is not a list; nothing was sent; give a list of dicts with the keys name, ",
            MANY,
        ),
    ],
)
def test_what_is_refused_has_all_keys_and_shows_no_value(runs: Runs, options: dict[str, t.Any], says: str, keys: set[str]) -> None:
    result = runs.switch(1, **options)
    assert says in result["msg"]
    assert set(result) - BESIDES == keys
    assert result["failure"]["reason"] == "operator"
    assert "canary" not in runs.told


@pytest.mark.parametrize(("options", "names"), [({"no_such_option": "canary"}, "no_such_option"), ({"timeout": "soon"}, "timeout")])
def test_what_ansible_itself_refuses_has_all_keys_too(runs: Runs, options: dict[str, t.Any], names: str) -> None:
    result = runs.switch(1, **options)
    assert names in result["msg"]
    assert set(result) - BESIDES == ONE
    assert result["failure"]["remedy"] == "Correct the option that the message names."
    assert "canary" not in runs.told


def test_a_module_may_refuse_what_cannot_be_done(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    give(monkeypatch, {"state": "absent"})
    result = runs._result(lambda: Module(SwitchRows, {**ARGUMENT_SPEC, "state": STATE_OPTION}).refuse(IRREVERSIBLE), 1)
    assert result["failure"]["reason"] == "irreversible"


def test_short_wrong_values_do_not_shred_the_output(runs: Runs) -> None:
    result = runs.switch(1, appid="wx0123456789abcdef", secret="e")
    assert result["msg"].startswith("Failed to start: secret is not 32 hexadecimal characters")


# --- What goes wrong with this process.


def test_where_no_thread_can_be_had_nothing_is_begun(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    def refuse(_operator: Waiting) -> t.NoReturn:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(Waiting, "begin", refuse)
    result = runs.switch(1, access_token="canary-token")
    assert result["msg"].startswith("Failed to start: this host starts no more threads; nothing was sent")


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (MemoryError(), "Failed to start: this host ran out of memory; nothing was sent"),
        (KeyError("canary-token"), "Failed to start: an unexpected KeyError in this collection; nothing was sent"),
    ],
)
def test_nothing_gets_out_with_a_traceback(monkeypatch: pytest.MonkeyPatch, runs: Runs, error: Exception, says: str) -> None:
    def refuse(*_arguments: t.Any, **_named: t.Any) -> t.NoReturn:
        raise error

    monkeypatch.setattr(work_module, "credentials_of", refuse)
    result = runs.switch(1, access_token="canary-token")
    assert result["msg"].startswith(says)
    assert "canary" not in runs.told


@pytest.mark.parametrize(
    ("run", "reason", "sent"), [(Runs.info, "operator", None), (Runs.switch, "outcome_unknown", "may have been sent and carried out")]
)
def test_memory_that_runs_out_at_work_is_told_for_what_it_may_mean(
    monkeypatch: pytest.MonkeyPatch, runs: Runs, run: t.Any, reason: str, sent: str | None
) -> None:
    def no_memory(*_arguments: t.Any) -> t.NoReturn:
        raise MemoryError

    for name in ("inspect", "converge"):
        monkeypatch.setattr(work_module, name, no_memory)
    result = run(runs, 1, access_token="canary-token")
    assert result["failure"]["reason"] == reason
    assert sent is None or sent in result["msg"]
    assert run(runs, 1, accounts=[{"name": "a", "access_token": "canary-token"}])["accounts"]["a"]["failure"]["reason"] == reason


def test_a_retired_call_is_warned_about(platform: Simulator, runs: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(module_module.QuietModule, "warn", lambda _module, text: warnings.append(text))
    account = platform.add().plan("look", Fault(errcode=45103))
    result = runs.info(0, appid=account.appid, secret=account.secret)
    assert (result["is_open"], result["verified"]) == (True, False)
    assert warnings == [DRAFT_SWITCH.retired_warning]


def test_failures_of_the_collection_s_own_keep_their_words(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    give(monkeypatch, {})
    failure = Failure("account", Step("read a menu"), verbatim("what"), verbatim("do something"))
    result = runs._result(lambda: Module(InfoRows, ARGUMENT_SPEC).refuse(failure), 1)
    assert result["msg"] == "Failed to read a menu: what; do something."
