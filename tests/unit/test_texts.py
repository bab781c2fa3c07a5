# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every text that can reach a report is there in English and in Chinese. mypy finds texts without Chinese: see ``Text``."""

from __future__ import annotations

import ast
import importlib
import json
import pickle
import re
import string
import typing as t
from pathlib import Path

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._http.errors import Text, joined, plain

ROOT = Path(__file__).parents[2]
PACKAGE = "ansible_collections.wxops.official_account"

CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What a Chinese text must not have: punctuation of Western texts between Chinese words.
WESTERN = re.compile(r"[\u4e00-\u9fff][,;:!?.()]|[,;:!?()](?=[\u4e00-\u9fff])")
# Names of the consoles' menus, in brackets.
MENUS = re.compile(r"\([^()]*[\u4e00-\u9fff][^()]*\)")


class Found(t.NamedTuple):
    place: str
    text: Text


def texts() -> list[Found]:
    """Every text that is written in the plugins. The arguments of Text must not need anything but the module."""
    found = []
    for path in sorted((ROOT / "plugins").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "Text(" not in source:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        module = importlib.import_module(f"{PACKAGE}.{name}")
        for node in ast.walk(ast.parse(source)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text"):
                continue
            if not any(isinstance(part, ast.Constant) and isinstance(part.value, str) for one in node.args for part in ast.walk(one)):
                continue  # made of other texts
            made = eval(compile(ast.Expression(node), str(path), "eval"), vars(module))
            found.append(Found(f"{path.name}:{node.lineno}", made))
    return found


TEXTS = texts()


def fields(text: str) -> set[str | None]:
    return {name for _literal, name, _spec, _conversion in string.Formatter().parse(text) if name is not None}


def test_there_are_texts() -> None:
    assert len(TEXTS) > 150


@pytest.mark.parametrize("found", TEXTS, ids=lambda found: found.place)
def test_a_text_has_its_chinese(found: Found) -> None:
    english, chinese = str(found.text), found.text.zh
    own = re.sub(r"\{[^}]*\}", "", english)
    # A text that only arranges others has no words of its own.
    assert CHINESE.search(chinese) or not re.search(r"[a-z]{3}", own), english
    assert not WESTERN.search(chinese), chinese
    assert not CHINESE.search(MENUS.sub("", english)), english
    assert fields(english) - {"article", "more", "total"} == fields(chinese) - {"total"}


def test_fields_are_filled_in_both_languages() -> None:
    text = Text("{who} and {number:,} more", "{who}等 {number:,} 个").filled(who=Text("you {x}", "你 {x}"), number=1200)
    assert (text, text.zh) == ("you {x} and 1,200 more", "你 {x}等 1,200 个")
    both = joined(Text("; ", "；"), [text, plain("x")])
    assert (both, both.zh) == ("you {x} and 1,200 more; x", "你 {x}等 1,200 个；x")
    assert plain(text) is text


def test_another_process_gets_a_plain_text() -> None:
    # Ansible's worker processes pickle results. What cannot be read there would make the playbook wait for ever.
    text = Text("run again", "请重新运行")
    assert not isinstance(pickle.loads(pickle.dumps({"msg": text}))["msg"], Text)
    assert json.dumps(text) == '"run again"'
