# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the collection's own code takes for the work of floor.py, without Ansible around it. ``python bare.py FLEET``."""

from __future__ import annotations

import functools
import json
import sys
from pathlib import Path

from ansible_collections.wxops.official_account.plugins.module_utils._http.secrets import Secrets
from ansible_collections.wxops.official_account.plugins.module_utils._resource.draft_switch import Outcome, converge
from ansible_collections.wxops.official_account.plugins.module_utils._run.credentials import Given
from ansible_collections.wxops.official_account.plugins.module_utils._run.service import Accounts, Service
from ansible_collections.wxops.official_account.plugins.module_utils._run.workers import Fleet

THREADS = 32


def turn_on(accounts: Accounts, given: Given) -> Outcome:
    account = accounts.account(given)
    return converge(account.switch(), account.patience)


def main() -> int:
    fleet = json.loads(Path(sys.argv[1]).read_text())
    options = {"api_url": fleet["api_url"], "ca_path": fleet["ca_path"], "validate_certs": True, "timeout": 10, "retries": 3}
    given = {account["name"]: Given(account["access_token"]) for account in fleet["accounts"]}
    running = Fleet(THREADS)
    service = Service(options, given.values(), Secrets(set()), print, THREADS, running.answered)
    accounts = Accounts(service, given, running.patience(service.pauses))
    works = {name: functools.partial(turn_on, accounts, one) for name, one in given.items()}
    done = running.run(works)
    return 0 if all(outcome.changed and not outcome.failure for outcome in done.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
