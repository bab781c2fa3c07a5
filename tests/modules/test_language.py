# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The option ``language``: what users read is in Chinese, and everything else is the same."""

from __future__ import annotations

import re
import typing as t

import pytest
from ansible.module_utils import basic

from tests.modules.runner import MENU, SAMPLES, SWITCH, SWITCH_INFO
from tests.simulator import Fault

if t.TYPE_CHECKING:
    from tests.modules.runner import Main, Modules, Result
    from tests.simulator import Account, Simulator

# What is for readers.
WORDS = ("msg", "remedy", "meaning", "what", "to_do", "warnings", "invocation")
SENTENCE = re.compile(r"[A-Za-z]+ [a-z]+ [a-z]+")


def run(modules: Modules, main: Main, **options: t.Any) -> Result:
    return modules.run(main, **options).result


def credentials(account: Account) -> dict[str, str]:
    return {"appid": account.appid, "secret": account.secret}


def without_words(value: t.Any) -> t.Any:
    """``value`` without what is for readers."""
    if isinstance(value, dict):
        return {name: without_words(its) for name, its in value.items() if name not in WORDS}
    return value


@pytest.mark.parametrize("main", SAMPLES, ids=lambda main: main.__module__.rpartition(".")[2])
def test_all_modules_say_the_same_in_chinese(main: Main, simulator: Simulator, modules: Modules) -> None:
    english, chinese = (run(modules, main, **credentials(simulator.add()), **SAMPLES[main], language=language) for language in ("en", "zh"))
    assert SENTENCE.search(english["msg"])
    assert re.search("菜单|草稿箱|标签", chinese["msg"])
    assert not SENTENCE.search(chinese["msg"])
    assert without_words(chinese) == without_words(english)


@pytest.mark.parametrize("main", SAMPLES, ids=lambda main: main.__module__.rpartition(".")[2])
def test_all_modules_sum_up_in_chinese(main: Main, simulator: Simulator, modules: Modules) -> None:
    frozen = simulator.add()
    frozen.frozen_secret = True
    accounts = [{"name": name, **credentials(one)} for name, one in (("a", simulator.add()), ("b", simulator.add()), ("c", frozen))]
    result = run(modules, main, accounts=accounts, **SAMPLES[main], language="zh")
    counted, advised = result["msg"].split("\n")
    assert re.fullmatch(r"3 个账号：2 个.+；1 个失败。", counted)
    assert re.fullmatch(r"1 个账号（c）：请解冻 AppSecret，10 分钟后重新运行；位置：.+。", advised)
    row = result["accounts"]["c"]
    assert row["failure"]["reason"] == "operator"
    assert row["failure"]["remedy"].startswith("请解冻 AppSecret")
    assert row["failure"]["remedy"].endswith("。")
    assert row["msg"].startswith("未能获取 access_token：AppSecret 已被冻结")
    assert re.search("菜单|草稿箱|标签", result["accounts"]["a"]["msg"])
    assert "zh" not in row


def test_the_environment_has_the_language_if_the_task_does_not_say(simulator: Simulator, modules: Modules) -> None:
    account = simulator.add()
    account.is_open = True
    given = {**credentials(account), "env": {"WECHAT_LANGUAGE": "zh"}}
    assert run(modules, SWITCH, **given)["msg"] == "草稿箱此前已开启，未做修改。"
    assert run(modules, SWITCH, **given, language="en")["msg"] == "The draft box is already on; nothing was changed."


def test_refused_options_are_refused_in_chinese(modules: Modules) -> None:
    result = run(modules, SWITCH, language="zh", timeout=0, appid="wx0123456789abcdef", secret="0" * 32)
    assert result["msg"] == "未能启动：timeout 不是大于 0 且不超过 3600 的秒数；没有发出任何请求；请提供超时时间，例如 10。"
    assert result["failure"]["remedy"] == "请提供超时时间，例如 10。"
    refused = run(modules, SWITCH, language="zh", accounts=[{"name": "a", "sekret": "x"}])
    assert refused["msg"].startswith("未能启动：accounts 无法使用：未知的键 sekret：账号序号 1 (a)；没有发出任何请求；是否应为 secret？")
    assert refused["failure"]["remedy"].startswith("是否应为 secret？")


def test_a_menu_is_refused_in_chinese(modules: Modules) -> None:
    result = run(modules, MENU, language="zh", menu={"button": []}, appid="wx0123456789abcdef", secret="0" * 32)
    assert result["msg"].startswith("未能启动：menu 无法使用：button 为空")
    assert result["failure"]["remedy"] == "请修正 menu。"


def test_what_ansible_refuses_is_in_english_with_the_remedy_in_chinese(modules: Modules) -> None:
    result = run(modules, SWITCH, language="zh", timeout="soon")
    assert "timeout" in result["msg"]
    assert result["failure"]["remedy"] == "请修正提示中指出的选项。"
    by_environment = run(modules, SWITCH, env={"WECHAT_LANGUAGE": "zh"}, timeout="soon")
    assert by_environment["failure"]["remedy"] == "请修正提示中指出的选项。"


@pytest.mark.parametrize("given", [{"language": "cn"}, {"env": {"WECHAT_LANGUAGE": "cn"}}], ids=["option", "environment"])
def test_a_misspelt_language_is_refused_in_english(modules: Modules, given: dict[str, t.Any]) -> None:
    result = run(modules, SWITCH, appid="wx0123456789abcdef", secret="0" * 32, **given)
    assert result["failed"]
    assert result["msg"] == "value of language must be one of: en, zh, got: cn"
    assert result["failure"]["remedy"] == "Correct the option that the message names."


def test_an_empty_variable_is_english(simulator: Simulator, modules: Modules) -> None:
    assert run(modules, SWITCH_INFO, **credentials(simulator.add()), env={"WECHAT_LANGUAGE": ""})["msg"] == "The draft box is off."


def test_warnings_are_in_chinese(simulator: Simulator, modules: Modules, monkeypatch: pytest.MonkeyPatch) -> None:
    warned: list[str] = []
    monkeypatch.setattr(basic.AnsibleModule, "warn", lambda _module, warning: warned.append(warning))
    account = simulator.add().plan("look", Fault(errcode=45103))
    result = run(modules, SWITCH, **credentials(account), language="zh")
    assert result["msg"].startswith("微信已不再提供此接口")
    assert warned.pop().startswith("微信返回：draft/switch 接口已不再提供。")
    spaced = {"button": [{"type": "click", "name": "Help ", "key": "help"}]}
    run(modules, MENU, **credentials(simulator.add()), menu=spaced, language="zh")
    assert warned == ["button[0].name 的首尾有空白，微信可能会将其去掉"]
