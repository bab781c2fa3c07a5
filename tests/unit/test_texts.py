# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every text is English in the code and Chinese in the catalogue. mypy finds texts that are made of a Text by an f-string: see ``Text``."""

from __future__ import annotations

import ast
import json
import pickle
import re
import string
from pathlib import Path

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._text import CLAUSES, Text, joined, verbatim
from ansible_collections.wxops.official_account.plugins.module_utils._text_zh import CHINESE

PLUGINS = Path(__file__).parents[2] / "plugins"

HAN = re.compile(r"[\u4e00-\u9fff]")
# What a Chinese text must not have: punctuation of Western texts between Chinese words.
WESTERN = re.compile(r"[\u4e00-\u9fff][,;:!?.()]|[,;:!?()](?=[\u4e00-\u9fff])")
# What it must have: a space between Chinese and Latin words.
CLOSE = re.compile(r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]")
# One word for one thing: docs/words.md has the right ones.
OTHER_WORDS = ("更改", "手工设置", "阶段", "应答", "返回内容", "匹配条件", "调用 IP", "无法撤销", "集合", "帐户", "账户")
# Names of the consoles' menus, in brackets.
MENUS = re.compile(r"\([^()]*[\u4e00-\u9fff][^()]*\)")

# Fields that only one of the two languages needs.
ONLY_ENGLISH = {"article", "more", "resource"}
ONLY_CHINESE = {"title", "total"}


def calls_of_text() -> dict[str, ast.Call]:
    """Each ``Text(...)`` in the plugins, by its place."""
    return {
        f"{path.relative_to(PLUGINS)}:{node.lineno}:{node.col_offset}": node
        for path in sorted(PLUGINS.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"
    }


CALLS = calls_of_text()
LITERALS = {
    place: call.args[0].value
    for place, call in CALLS.items()
    if len(call.args) == 1 and not call.keywords and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
}
# What a template says in English is a Text, made in one place.
OF_TEMPLATES = "plugin_utils/_page.py"
TEMPLATES = {
    f"{path.relative_to(PLUGINS)}:{found.start()}": found[1]
    for path in sorted(PLUGINS.rglob("*.j2"))
    for found in re.finditer(r'\bsay\("([^"]*)"', path.read_text(encoding="utf-8"))
}


def fields(text: str) -> set[str]:
    """The fields with their formats, such as ``number:,``."""
    return {f"{name}:{spec}" if spec else name for _text, name, spec, _conversion in string.Formatter().parse(text) if name is not None}


def names_of(found: set[str]) -> set[str]:
    return {one.partition(":")[0] for one in found}


def test_a_text_is_made_of_one_literal() -> None:
    assert [place for place in CALLS if place not in LITERALS and not place.startswith(OF_TEMPLATES)] == []
    assert len(LITERALS) > 150
    assert len(TEMPLATES) > 40


def test_every_text_has_its_chinese() -> None:
    assert {place: text for place, text in (LITERALS | TEMPLATES).items() if text not in CHINESE} == {}


def test_all_chinese_is_used() -> None:
    assert CHINESE.keys() - {*LITERALS.values(), *TEMPLATES.values()} == set()


def test_the_catalogue_is_in_the_order_of_the_english() -> None:
    assert list(CHINESE) == sorted(CHINESE)


@pytest.mark.parametrize("english", CHINESE)
def test_an_entry_has_both_languages_with_the_same_fields(english: str) -> None:
    chinese, own = CHINESE[english], re.sub(r"\{[^}]*\}", "", english)
    # A text that only arranges others has no words of its own.
    assert HAN.search(chinese) or chinese in "、；" or not re.search(r"[a-z]{3}", own)
    assert not WESTERN.search(chinese)
    assert not CLOSE.search(chinese)
    assert [word for word in OTHER_WORDS if word in chinese] == []
    assert not HAN.search(MENUS.sub("", english))
    apart = fields(english) ^ fields(chinese)
    assert names_of(apart & fields(english)) <= ONLY_ENGLISH
    assert names_of(apart & fields(chinese)) <= ONLY_CHINESE


@pytest.mark.parametrize(
    "path", [*PLUGINS.parent.glob("docs/docsite/rst/*_zh.rst"), PLUGINS.parent / "README.zh-CN.md"], ids=lambda path: path.stem
)
def test_a_chinese_document_has_one_word_for_one_thing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [word for word in OTHER_WORDS if word in text] == []


ANSWERED = Text("{count:,} failed")


def test_fields_are_filled_in_both_languages() -> None:
    text = Text("{names}: {what}; {remedy}").filled(names=Text("nothing to do"), what=ANSWERED.filled(count=1200), remedy="a {b}")
    assert (text, text.zh) == ("nothing to do: 1,200 failed; a {b}", "无需执行任何操作：1,200 个失败；a {b}")
    assert (text.said("en"), text.said("zh")) == (text, text.zh)
    assert [type(text.said("en")), type(text.said("zh"))] == [str, str]


def test_fields_can_be_filled_one_after_the_other() -> None:
    text = Text("{count:,} checked ({on:,} on, {off:,} off)").filled(on=1)
    assert (text, text.zh) == ("{count:,} checked (1 on, {off:,} off)", "{count:,} 个已查询（1 个已开启，{off:,} 个未开启）")
    assert text.filled(count=3, off=2) == "3 checked (1 on, 2 off)"
    assert text.filled(count=3, off=2).zh == "3 个已查询（1 个已开启，2 个未开启）"


def test_what_is_filled_in_is_no_template() -> None:
    text = Text("{names}: {what}; {remedy}").filled(what="{remedy}", names=verbatim("{0} {remedy}"))
    assert text.filled(remedy="x") == "{0} {remedy}: {remedy}; x"
    assert text.filled(remedy="x").zh == "{0} {remedy}：{remedy}；x"


def test_texts_are_joined_in_both_languages() -> None:
    both = joined(CLAUSES, [ANSWERED.filled(count=1), verbatim("x")])
    assert (both, both.zh) == ("1 failed; x", "1 个失败；x")
    assert (joined(CLAUSES, []), joined(CLAUSES, []).zh) == ("", "")


def test_a_plain_text_is_the_same_in_both_languages() -> None:
    # Also if the catalogue has it.
    assert (verbatim("failed"), verbatim("failed").zh) == ("failed", "failed")
    assert verbatim(ANSWERED) is ANSWERED


def test_a_text_that_the_catalogue_does_not_have_stays_english() -> None:
    assert Text("a text of a test").zh == "a text of a test"


@pytest.mark.parametrize("text", [ANSWERED, ANSWERED.filled(count=1), verbatim("x"), joined(CLAUSES, [verbatim("x"), ANSWERED])])
def test_another_process_gets_a_plain_text(text: Text) -> None:
    # Ansible's worker processes pickle results. What cannot be read there would make the playbook wait for ever.
    loaded = pickle.loads(pickle.dumps({"msg": text}))["msg"]
    assert (loaded, type(loaded)) == (text, str)
    assert json.dumps(text) == json.dumps(str(text))
