# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Values of variables and arguments, as plain data: without what Ansible attaches to them."""

from __future__ import annotations

import datetime
import typing as t
from collections.abc import Mapping

from ansible_collections.wxops.official_account.plugins.module_utils._run.options import OptionsError
from ansible_collections.wxops.official_account.plugins.module_utils._text import Text


def plain_value(value: t.Any, omit: object = None) -> t.Any:
    """``value`` as JSON knows it. Dates stay: see ``no_date``. ``omit``: what stands for no value in older versions of Ansible."""
    if value is None or isinstance(value, (bool, datetime.date)):
        return value
    if isinstance(value, Mapping):
        return {plain_value(str(name)): plain_value(its, omit) for name, its in value.items() if omit is None or its != omit}
    if isinstance(value, (list, tuple)):
        return [plain_value(its, omit) for its in value if omit is None or its != omit]
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    # Ansible's texts are subclasses of str; and one encrypted by Ansible Vault, which str decrypts, need not be a str.
    return str.__str__(value if isinstance(value, str) else str(value))


def no_date(value: t.Any, path: str = "") -> None:
    """Raises OptionsError if there is a date in ``value``. On its way to a module it would become a text in another spelling."""
    if isinstance(value, datetime.date):
        what = Text("{path} is a date, which a module gets in another spelling").filled(path=path)
        raise OptionsError(what, Text("give a text: quote it, or use | string"))
    if isinstance(value, dict):
        for name, its in value.items():
            no_date(its, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list):
        for number, its in enumerate(value):
            no_date(its, f"{path}[{number}]")
