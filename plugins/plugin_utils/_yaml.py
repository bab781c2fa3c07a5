# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A file of variables, as YAML for people, from which Ansible reads back exactly what was written. No text in it is ever a template."""

from __future__ import annotations

import re
import typing as t

from ansible.parsing.dataloader import DataLoader
from ansible_collections.wxops.official_account.plugins.module_utils._resource.menu_form import PLAIN_WORD, as_json
from ansible_collections.wxops.official_account.plugins.plugin_utils._values import plain_value

if t.TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# What Ansible could take for a template in a file of variables, unless it has the tag. A text that begins with "#jinja2:" can say that its
# templates begin with other signs.
_TEMPLATE = re.compile(r"\{|^\s*#")

# The longest line that yamllint takes by default. A longer one stays whole, so that people can search for a URL, and copy it.
_LONGEST = 80
_ANY_LENGTH = "# yamllint disable rule:line-length"


def file_of(variables: Mapping[str, t.Any], comments: Iterable[str] = ()) -> str:
    """The file with ``variables``, values as JSON knows them. ``comments``: its first lines.

    Raises ValueError if it cannot hold them. A file that Ansible cannot read would stop each run with this inventory.
    """
    lines = [*(f"# {comment}" for comment in comments), *_lines(variables)]
    if any(len(line) > _LONGEST for line in lines):
        lines.insert(0, _ANY_LENGTH)
    text = "".join(f"{line}\n" for line in ("---", *lines))
    try:
        found = plain_value(DataLoader().load(text))
    except Exception:  # whatever the parser does not like, its message shows
        raise ValueError from None
    if found != variables:
        raise ValueError
    return text


def _lines(value: t.Any) -> Iterator[str]:
    """The lines of a dict or a list that is not empty."""
    for name, its in value.items() if isinstance(value, dict) else (("", one) for one in value):
        begin = f"{_scalar(name)}:" if isinstance(value, dict) else "-"
        if not (isinstance(its, (dict, list)) and its):
            yield f"{begin} {_scalar(its)}"
            continue
        below = [f"  {line}" for line in _lines(its)]
        if isinstance(value, dict):
            yield begin
        else:
            below[0] = f"- {below[0][2:]}"
        yield from below


def _scalar(value: t.Any) -> str:
    if not isinstance(value, str):
        return as_json(value)
    tag = "!unsafe " if _TEMPLATE.search(value) else ""
    return tag + (value if PLAIN_WORD.fullmatch(value) else as_json(value))
