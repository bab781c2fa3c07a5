# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same work as in floor.py, with the collection's code but without Ansible. ``python bare.py FLEET``."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import Secrets
from ansible_collections.wxops.official_account.plugins.module_utils._resource.converge import converge, outcome_unknown
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import DRAFT_SWITCH, to_turn_on
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import Credentials
from ansible_collections.wxops.official_account.plugins.module_utils._run.service import Service, Sessions
from ansible_collections.wxops.official_account.plugins.module_utils._run.workers import Workers
from ansible_collections.wxops.official_account.plugins.module_utils._text import verbatim

if TYPE_CHECKING:
    from ansible_collections.wxops.official_account.plugins.module_utils._resource.outcome import Outcome

THREADS = 32


def turn_on(sessions: Sessions, given: Credentials) -> Outcome[bool]:
    return converge(sessions.session(given), DRAFT_SWITCH, to_turn_on, sessions.patience)


def main() -> int:
    fleet = json.loads(Path(sys.argv[1]).read_text())
    options = {"api_url": fleet["api_url"], "ca_path": fleet["ca_path"], "validate_certs": True, "timeout": 10, "retries": 3}
    given = {account["name"]: Credentials(account["access_token"]) for account in fleet["accounts"]}
    workers = Workers(THREADS, outcome_unknown(DRAFT_SWITCH.step, verbatim(""), verbatim("")))
    service = Service(options, given.values(), Secrets(), print, THREADS, workers.answered)
    sessions = Sessions(service, given, workers.patience(service.pauses))
    done = workers.run({name: functools.partial(turn_on, sessions, one) for name, one in given.items()})
    return 0 if all(outcome.changed and not outcome.failure for outcome in done.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
