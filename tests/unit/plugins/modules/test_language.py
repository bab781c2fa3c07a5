# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``language``, in this process: what users read is in Chinese, and everything else is the same."""

from __future__ import annotations

import json
import re
import typing as t

import pytest
from ansible.module_utils import basic
from ansible_collections.wxops.official_account.plugins.module_utils._run import module as module_module
from ansible_collections.wxops.official_account.plugins.modules import (
    wechat_account,
    wechat_account_info,
    wechat_draft_switch,
    wechat_draft_switch_info,
    wechat_menu,
    wechat_menu_info,
)

from tests.simulator import Fault, Simulator
from tests.unit.modules import Waiting, give

if t.TYPE_CHECKING:
    import types
    from collections.abc import Iterator

    from tests.simulator import Account

MENU = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
MODULES: dict[types.ModuleType, dict[str, t.Any]] = {
    wechat_account: {"draft_switch": "present", "menu": MENU},
    wechat_account_info: {},
    wechat_draft_switch: {},
    wechat_draft_switch_info: {},
    wechat_menu: {"menu": MENU},
    wechat_menu_info: {},
}
# What is for readers.
WORDS = ("msg", "remedy", "meaning", "what", "to_do", "warnings", "invocation")
SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")

Run = t.Callable[..., dict[str, t.Any]]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(tmp_path_factory.mktemp("simulator"), tls=False) as running:
        yield running


@pytest.fixture
def run(platform: Simulator, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setattr(module_module, "Operator", Waiting)
    monkeypatch.setenv("NO_PROXY", "localhost")
    monkeypatch.setenv("no_proxy", "localhost")

    def do(module: types.ModuleType, *, environ: dict[str, str] | None = None, **options: t.Any) -> dict[str, t.Any]:
        give(monkeypatch, {"api_url": platform.url, "retries": 0, **options}, environ=environ)
        with pytest.raises(SystemExit):
            module.main()
        result: dict[str, t.Any] = json.loads(capsys.readouterr().out)
        return result

    return do


def credentials(account: Account) -> dict[str, str]:
    return {"appid": account.appid, "secret": account.secret}


def without_words(value: t.Any) -> t.Any:
    """``value`` without what is for readers."""
    if isinstance(value, dict):
        return {name: without_words(its) for name, its in value.items() if name not in WORDS}
    return value


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_all_modules_say_the_same_in_chinese(module: types.ModuleType, platform: Simulator, run: Run) -> None:
    english, chinese = (run(module, **credentials(platform.add()), **MODULES[module], language=language) for language in ("en", "zh"))
    assert SENTENCE.search(english["msg"])
    assert re.search("菜单|草稿箱", chinese["msg"])
    assert not SENTENCE.search(chinese["msg"])
    assert without_words(chinese) == without_words(english)


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_all_modules_sum_up_in_chinese(module: types.ModuleType, platform: Simulator, run: Run) -> None:
    frozen = platform.add()
    frozen.frozen_secret = True
    accounts = [{"name": name, **credentials(one)} for name, one in (("a", platform.add()), ("b", platform.add()), ("c", frozen))]
    result = run(module, accounts=accounts, **MODULES[module], language="zh")
    counted, advised = result["msg"].split("\n")
    assert re.fullmatch(r"3 个账号：2 个.+；1 个失败。", counted)
    assert re.fullmatch(r"1 个账号：请解冻 AppSecret，10 分钟后重新运行；位置：.+：c", advised)
    row = result["accounts"]["c"]
    assert row["failure"]["reason"] == "operator"
    assert row["failure"]["remedy"].startswith("请解冻 AppSecret")
    assert row["failure"]["remedy"].endswith("。")
    assert row["msg"].startswith("未能获取 access_token：AppSecret 已被冻结")
    assert "菜单" in result["accounts"]["a"]["msg"] or "草稿箱" in result["accounts"]["a"]["msg"]
    assert "zh" not in row


def test_the_environment_has_the_language_if_the_task_does_not_say(platform: Simulator, run: Run) -> None:
    account = platform.add()
    account.is_open = True
    given = {**credentials(account), "environ": {"WECHAT_LANGUAGE": "zh"}}
    assert run(wechat_draft_switch, **given)["msg"] == "草稿箱本来就已开启，未做更改。"
    assert run(wechat_draft_switch, **given, language="en")["msg"] == "The draft box is already on; nothing was changed."


def test_refused_options_are_refused_in_chinese(run: Run) -> None:
    result = run(wechat_draft_switch, language="zh", timeout=0, appid="wx0123456789abcdef", secret="0" * 32)
    assert result["msg"] == "未能启动：timeout 不是大于 0 且不超过 3600 的秒数；没有发出任何请求；请提供一个超时时间，例如 10。"
    assert result["failure"]["remedy"] == "请提供一个超时时间，例如 10。"
    refused = run(wechat_draft_switch, language="zh", accounts=[{"name": "a", "sekret": "x"}])
    assert refused["msg"].startswith("未能启动：accounts 无法使用：未知的键 sekret：第 1 (a) 个账号；没有发出任何请求；是否应为 secret？")
    assert refused["failure"]["remedy"].startswith("是否应为 secret？")


def test_a_menu_is_refused_in_chinese(run: Run) -> None:
    result = run(wechat_menu, language="zh", menu={"button": []}, appid="wx0123456789abcdef", secret="0" * 32)
    assert result["msg"].startswith("未能启动：menu 无法使用：button 为空")
    assert result["failure"]["remedy"] == "请修正 menu。"


def test_what_ansible_refuses_is_in_english_with_the_remedy_in_chinese(run: Run) -> None:
    result = run(wechat_draft_switch, language="zh", timeout="soon")
    assert "timeout" in result["msg"]
    assert result["failure"]["remedy"] == "请修正提示中所指的选项。"
    by_environment = run(wechat_draft_switch, environ={"WECHAT_LANGUAGE": "zh"}, timeout="soon")
    assert by_environment["failure"]["remedy"] == "请修正提示中所指的选项。"


@pytest.mark.parametrize("given", [{"language": "cn"}, {"environ": {"WECHAT_LANGUAGE": "cn"}}], ids=["option", "environment"])
def test_a_misspelt_language_is_refused_in_english(run: Run, given: dict[str, t.Any]) -> None:
    result = run(wechat_draft_switch, appid="wx0123456789abcdef", secret="0" * 32, **given)
    assert result["failed"]
    assert result["msg"] == "value of language must be one of: en, zh, got: cn"
    assert result["failure"]["remedy"] == "Correct the option that the message names."


def test_an_empty_variable_is_english(platform: Simulator, run: Run) -> None:
    assert run(wechat_draft_switch_info, **credentials(platform.add()), environ={"WECHAT_LANGUAGE": ""})["msg"] == "The draft box is off."


def test_warnings_are_in_chinese(platform: Simulator, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _module, warning: warned.append(warning))
    account = platform.add().plan("look", Fault(errcode=45103))
    result = run(wechat_draft_switch, **credentials(account), language="zh")
    assert result["msg"].startswith("微信已不再提供此接口")
    assert warned.pop().startswith("微信表示已不再提供 draft/switch 接口")
    spaced = {"button": [{"type": "click", "name": "Help ", "key": "help"}]}
    run(wechat_menu, **credentials(platform.add()), menu=spaced, language="zh")
    assert warned == ["button[0].name 的首尾有空白，微信可能会将其去掉"]
