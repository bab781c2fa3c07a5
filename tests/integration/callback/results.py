# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes each task's result, as a callback sees it, as a line of JSON."""

from __future__ import annotations

import json
import os
import typing as t

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: results
type: aggregate
short_description: Write each task's result as a line of JSON
description:
  - For the tests of this collection.
options:
  file:
    description: The file to write to.
    env:
      - name: RESULTS_FILE
    required: true
"""


class CallbackModule(CallbackBase):
    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "results"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, outcome: t.Any, failed: bool) -> None:
        # ansible-core 2.18 has only the underscored names.
        host = getattr(outcome, "host", None) or outcome._host
        task = getattr(outcome, "task", None) or outcome._task
        result = getattr(outcome, "result", None) or outcome._result
        line = {"host": host.get_name(), "task": task.get_name(), "failed": failed, "result": result}
        with open(os.environ["RESULTS_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: t.Any) -> None:
        self._write(result, failed=False)

    def v2_runner_on_failed(self, result: t.Any, ignore_errors: bool = False) -> None:  # noqa: ARG002
        self._write(result, failed=True)
