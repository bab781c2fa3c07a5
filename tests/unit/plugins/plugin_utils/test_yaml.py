# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of variables: whatever texts they hold, Ansible reads back exactly these, and evaluates none of them."""

from __future__ import annotations

import importlib.util
import inspect
import tempfile
import typing as t

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_input import check
from ansible_collections.wxops.official_account.plugins.plugin_utils._arguments import Arguments
from ansible_collections.wxops.official_account.plugins.plugin_utils._yaml import file_of
from hypothesis import example, given, settings
from hypothesis import strategies as st

if t.TYPE_CHECKING:
    from pathlib import Path

# From ansible-core 2.19 on, only what comes from a trusted file can be a template, as a file of variables is.
TRUSTED = {"trusted_as_template": True} if "trusted_as_template" in inspect.signature(DataLoader.load_from_file).parameters else {}

# What YAML, Ansible, Jinja or an editor could take for something else.
ODD = [
    "{{ lookup('pipe', 'touch CANARY') }}",
    "{% set x = lookup('pipe', 'touch CANARY') %}{{ x }}",
    "{# gone #}",
    "{{",
    "}} {",
    "#jinja2: variable_start_string: '[['",
    "#jinja2: variable_start_string: '[[', variable_end_string: ']]'\n[[ lookup('pipe', 'touch CANARY') ]]",
    "!unsafe x",
    "!vault |",
    "$ANSIBLE_VAULT;1.1;AES256",
    "&a *a",
    "<<",
    "=",
    "[1, 2]",
    "{'a': 1}",
    *(
        "on",
        "y",
        "No",
        "null",
        "~",
        "",
        "1.0",
        "1_000",
        "0x10",
        "1:30",
        "2026-11-29",
        ".inf",
        "-",
        "?",
        "- a",
        "a: b",
        "a #b",
        "...",
        "---",
    ),
    *("\x85", "\u2028", "\ufeff", "\x00", "\x1b[31m", "\x7f", "\u202e", "\ue000", "\uffff", "\U000e0041", "\r\n", "\t"),
    " x ",
    "\\",
    "\\ud83d",
    '"',
    "'",
    "\u3000旧 🎁 👨\u200d👩\u200d👧",
    "%",
    "@x",
    "`",
    "x" * 5_000,
    "词 " * 100,
]
TEXTS = st.sampled_from(ODD) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def read_back(text: str) -> t.Any:
    """What the task of a role gets from a file of variables with this ``text``."""
    loader = DataLoader()
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", suffix=".yml") as file:
        file.write(text)
        file.flush()
        variables = loader.load_from_file(file.name, cache="none", unsafe=True, **TRUSTED)
    given, problems = Arguments(Templar(loader), None).of("account", ["menu"], {**variables, "x": "evaluated"})
    assert problems == []
    return given.get("menu")


def written(value: t.Any) -> str:
    return file_of({"wechat_menu": value})


@settings(max_examples=200)
@given(value=VALUES)
@example(value={text: text for text in ODD if len(text) < 1_000})
@example(value=list(ODD))
def test_what_is_written_is_read_back_as_it_was_by_ansible_s_own_loader_and_templates(value: t.Any) -> None:
    text = written(value)
    assert read_back(text) == value
    # Each value is on one line.
    assert text.isascii() or text.splitlines() == text.split("\n")[:-1]


@pytest.mark.parametrize("odd", ODD)
def test_a_menu_with_an_odd_text_is_a_menu_with_that_text(odd: str) -> None:
    menu = {"button": [{"type": "click", "name": "x", "key": odd or "x"}]}
    assert read_back(written(menu)) == menu
    assert check(read_back(written(menu))) == check(menu)


# Only the environment of make test has it.
if importlib.util.find_spec("yamllint"):
    from yamllint import linter
    from yamllint.config import YamlLintConfig

    @settings(max_examples=100)
    @given(value=VALUES)
    @example(value=list(ODD))
    @example(value={"button": [{"sub_button": [{"name": "旧", "url": f"https://x.example/{'x' * 200}"}]}]})
    def test_yamllint_has_nothing_to_say_with_its_defaults(value: t.Any) -> None:
        text = file_of({"wechat_menu": value}, ["What the account has.", "词" * 100])
        assert [str(problem) for problem in linter.run(text, YamlLintConfig("extends: default"))] == []


def test_people_can_read_it() -> None:
    menu = {
        "button": [
            {"type": "view", "name": "商店 🎁", "url": "https://shop.example/?a=1&b=2"},
            {"name": "More", "sub_button": [{"type": "click", "name": "{{ x }}", "key": "a b"}]},
        ]
    }
    text = file_of({"wechat_draft_switch": "present", "wechat_menu": menu, "wechat_tags": ["VIP", "on"], "none": []}, ["A comment."])
    assert text == (
        "---\n"
        "# A comment.\n"
        "wechat_draft_switch: present\n"
        "wechat_menu:\n"
        "  button:\n"
        "    - type: view\n"
        '      name: "商店 🎁"\n'
        '      url: "https://shop.example/?a=1&b=2"\n'
        "    - name: More\n"
        "      sub_button:\n"
        "        - type: click\n"
        '          name: !unsafe "{{ x }}"\n'
        '          key: "a b"\n'
        "wechat_tags:\n"
        "  - VIP\n"
        '  - "on"\n'
        "none: []\n"
    )


@pytest.mark.parametrize("value", ["\ud83d", {"\udc80": 1}, 1e300, {"k" * 2_000: 1}])
def test_what_a_file_of_variables_cannot_hold_is_not_written(value: t.Any) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        written(value)


def test_no_template_is_evaluated(tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    for odd in ODD:
        hostile = odd.replace("CANARY", str(canary))
        assert read_back(written({"a": [hostile]})) == {"a": [hostile]}
    assert not canary.exists()
