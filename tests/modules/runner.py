# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the collection's modules in this process, against a simulated platform, and searches all that they write for secrets."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import logging
import os
import subprocess
import sys
import time
import types
import typing as t
import warnings

import pytest
from ansible.module_utils.common import warnings as of_ansible
from ansible_collections.wxops.official_account.plugins.module_utils._http import patience as patience_module
from ansible_collections.wxops.official_account.plugins.module_utils._run import module as module_module
from ansible_collections.wxops.official_account.plugins.module_utils._run import service as service_module
from ansible_collections.wxops.official_account.plugins.modules import (
    wechat_account,
    wechat_account_info,
    wechat_conditional_menus,
    wechat_conditional_menus_info,
    wechat_draft_switch,
    wechat_draft_switch_info,
    wechat_menu,
    wechat_menu_info,
    wechat_tags,
    wechat_tags_info,
)

from tests.integration.harness import STEERING, base_environment, leaks, secrets_of
from tests.unit.modules import Waiting, arguments, give

if t.TYPE_CHECKING:
    from tests.simulator import Account, Platform

ACCOUNT, ACCOUNT_INFO = wechat_account.main, wechat_account_info.main
SWITCH, SWITCH_INFO = wechat_draft_switch.main, wechat_draft_switch_info.main
MENU, MENU_INFO = wechat_menu.main, wechat_menu_info.main
TAGS, TAGS_INFO = wechat_tags.main, wechat_tags_info.main
CONDITIONAL, CONDITIONAL_INFO = wechat_conditional_menus.main, wechat_conditional_menus_info.main
TAGS, TAGS_INFO = wechat_tags.main, wechat_tags_info.main

Main = t.Callable[[], None]
Result = dict[str, t.Any]

_SHOP: dict[str, t.Any] = {"button": [{"type": "view", "name": "Shop", "url": "https://shop.example/"}]}
# A sample of each module: what it declares.
SAMPLES: dict[Main, dict[str, t.Any]] = {
    ACCOUNT: {"draft_switch": "present", "menu": _SHOP},
    ACCOUNT_INFO: {},
    SWITCH: {},
    SWITCH_INFO: {},
    MENU: {"menu": _SHOP},
    MENU_INFO: {},
    TAGS: {"tags": ["VIP"]},
    TAGS_INFO: {},
    CONDITIONAL: {"state": "absent"},
    CONDITIONAL_INFO: {},
}

# Seconds before each further try, and between a change and a look, in place of the real ones. The unit tests know those.
PAUSE = 0.01


@dataclasses.dataclass(frozen=True)
class Ran:
    """``result``: what the module returned. ``written``: all that it wrote to anywhere."""

    result: Result
    written: str


class _Heard(logging.Handler):
    """``text``: every message that any library logs."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += f"{record.getMessage()} {record.exc_info or ''}\n"


# Runs a module as Ansible does, but without Ansible: the name of the module is an argument, the options are on stdin.
_PROGRAM = """
import importlib, sys
from ansible.module_utils import basic
basic._ANSIBLE_ARGS = sys.stdin.buffer.read()
if hasattr(basic, "_ANSIBLE_PROFILE"):
    basic._ANSIBLE_PROFILE = "legacy"
importlib.import_module(sys.argv[1]).main()
"""


class Modules:
    """Runs modules against ``platforms``. None of their secrets may stand in anything that is written.

    ``options``: those of each run by default. With them, a module reaches the first of the platforms.
    """

    def __init__(self, *platforms: t.Any) -> None:
        self.platforms: list[Platform] = list(platforms)
        url, ca = platforms[0].url, platforms[0].ca_path
        self.options: dict[str, t.Any] = {"api_url": url, "ca_path": str(ca) if ca.exists() else None, "timeout": 20, "retries": 1}

    def run(
        self,
        main: Main,
        *,
        check: bool = False,
        diff: bool = True,
        env: dict[str, str] | None = None,
        more: tuple[str, ...] = (),
        **options: t.Any,
    ) -> Ran:
        """Run a module. An option that is None is left out.

        ``env``: variables of the environment. ``more``: secrets that no platform knows.
        """
        given = {name: value for name, value in {**self.options, **options}.items() if value is not None}
        stdout, heard, root = io.StringIO(), _Heard(), logging.getLogger()
        with pytest.MonkeyPatch.context() as patch, contextlib.ExitStack() as stack:
            patch.setattr(module_module, "WaitingPlaybook", Waiting)
            patch.setattr(service_module, "pauses", lambda retries: [PAUSE] * retries)
            for room in (service_module, patience_module):
                patch.setattr(room, "time", types.SimpleNamespace(sleep=lambda _seconds: time.sleep(PAUSE)))
            surround(patch, env or {})
            give(
                patch, given, check_mode=check, diff=diff, environ={name: value for name, value in (env or {}).items() if "WECHAT" in name}
            )
            stack.callback(root.setLevel, root.level)
            root.setLevel(logging.NOTSET)
            root.addHandler(heard)
            stack.callback(root.removeHandler, heard)
            # Ansible keeps these for the process.
            for kept in ("_global_warnings", "_global_deprecations"):
                getattr(of_ansible, kept).clear()
            stack.enter_context(contextlib.redirect_stdout(stdout))
            stack.enter_context(contextlib.redirect_stderr(stdout))
            warned = stack.enter_context(warnings.catch_warnings(record=True))
            warnings.simplefilter("always")
            with pytest.raises(SystemExit) as ended:
                main()
        result, returned = _parted(stdout.getvalue())
        written = "".join([returned, heard.text, *(f"{one.message}\n" for one in warned)])
        assert leaks(written, set(more).union(*map(secrets_of, self.platforms))) == []
        result.setdefault("failed", False)
        assert bool(ended.value.code) is result["failed"]
        return Ran(result, written)

    def in_a_process(self, main: Main, *, shell: str = ":", env: dict[str, str] | None = None, **options: t.Any) -> Ran:
        """Run a module in a process of its own: for what holds for a whole process. ``shell``: the commands of a shell before it starts."""
        given = {name: value for name, value in {**self.options, **options}.items() if value is not None}
        done = subprocess.run(
            ["/bin/sh", "-c", f'{shell}\nexec "$@"', "sh", sys.executable, "-c", _PROGRAM, main.__module__],
            env={**base_environment(), "PYTHONPATH": os.pathsep.join(filter(os.path.isdir, sys.path)), **(env or {})},
            input=json.dumps({"ANSIBLE_MODULE_ARGS": arguments(given, diff=True)}),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.stdout.strip(), done.stderr
        result, written = _parted(done.stdout)
        written += done.stderr
        assert leaks(written, set().union(*map(secrets_of, self.platforms))) == []
        result.setdefault("failed", False)
        return Ran(result, written)

    def one(self, main: Main, account: Account, **options: t.Any) -> Result:
        """The result for ``account``, with its AppID and AppSecret unless ``options`` have a token."""
        way = {} if "access_token" in options else {"appid": account.appid, "secret": account.secret}
        return self.run(main, **{**way, **options}).result


def _parted(stdout: str) -> tuple[Result, str]:
    """The result of a module, which is its last line, and all that it wrote.

    ansible-core 2.22 adds what it shall mask to the result: the controller takes that out again.
    """
    *before, last = stdout.splitlines()
    result: Result = json.loads(last)
    if result.pop("_ansible_new_secrets", None) is not None:
        last = json.dumps(result, ensure_ascii=False)
    return result, "\n".join([*before, last, ""])


def surround(patch: pytest.MonkeyPatch, env: dict[str, str]) -> None:
    """The environment of a module: none of the user's variables that change what it does."""
    for name in list(os.environ):
        if name.upper().startswith(STEERING):
            patch.delenv(name)
    for name, value in {"NO_PROXY": "localhost,127.0.0.1", "no_proxy": "localhost,127.0.0.1", **env}.items():
        patch.setenv(name, value)
