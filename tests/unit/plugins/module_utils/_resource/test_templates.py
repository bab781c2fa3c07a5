# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.wxops.official_account.plugins.module_utils._resource.templates import Template, by_title, keywords_in

CONTENTS: dict[str, list[tuple[str, str]]] = {
    "": [],
    "no keyword": [],
    "{{result.DATA}}\n\n领奖金额:{{withdrawMoney.DATA}}": [("", "result"), ("领奖金额", "withdrawMoney")],
    "时间：{{time1.DATA}}\n地点：{{ thing2.DATA }}": [("时间", "time1"), ("地点", "thing2")],
    "a: {{a.DATA}} b: {{b.DATA}}": [("a", "a"), ("b", "b")],
    "{{a.DATA}}{{b.DATA}}": [("", "a"), ("", "b")],
    # Nobody's template but the platform's.
    "{{ lookup('pipe', 'id') }}": [],
    "{{a.data}}": [],
    "{{.DATA}}": [],
    "{{" * 1_000: [],
    "x" * 10_000 + "{{a.DATA}}": [("x" * 10_000, "a")],
}


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_the_keywords_of_a_template_are_in_its_content(content: str) -> None:
    assert list(keywords_in(content)) == CONTENTS[content]


def test_two_templates_with_one_title_are_both_there() -> None:
    one, other = Template("1", "Delivery", (("When", "time"),), "template"), Template("2", "Delivery", (), "notice")
    assert by_title([one, other]) == {
        "Delivery": [
            {"template_id": "1", "keywords": [["When", "time"]], "kind": "template"},
            {"template_id": "2", "keywords": [], "kind": "notice"},
        ]
    }
