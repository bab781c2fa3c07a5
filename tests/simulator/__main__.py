# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the simulator by hand: ``python -m tests.simulator``, from the root of the collection."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from .server import Simulator


def main() -> int:
    parser = argparse.ArgumentParser(description="A WeChat server for tests, on a loopback address. Stops on Ctrl-C.")
    parser.add_argument("--accounts", type=int, default=6, help="how many accounts; on, off and not on the allow list in turn (default: 6)")
    parser.add_argument("--authorised", type=int, default=0, help="how many accounts have authorised a third-party platform (default: 0)")
    parser.add_argument("--port", type=int, default=0, help="the port to listen on (default: a free one)")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds that every answer takes (default: 0)")
    parser.add_argument("--http", action="store_true", help="plain http instead of https with a throw-away CA")
    options = parser.parse_args()
    stops = (signal.SIGINT, signal.SIGTERM)
    for stop in stops:
        # A shell starts its background jobs with Ctrl-C ignored.
        signal.signal(stop, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    with (
        tempfile.TemporaryDirectory() as folder,
        Simulator(Path(folder), tls=not options.http, latency=options.latency, port=options.port) as simulator,
    ):
        print(f"WECHAT_API_URL={simulator.url}")
        if not options.http:
            print(f"REQUESTS_CA_BUNDLE={simulator.ca_path}")
        for number in range(options.accounts):
            account = simulator.add(is_open=number % 3 == 0, listed=number % 3 != 2)
            state = "not on the allow list" if not account.listed else "on" if account.is_open else "off"
            print(f"WECHAT_APPID={account.appid} WECHAT_SECRET={account.secret}  # {state}")
        if options.authorised:
            platform = simulator.add_component()
            for number in range(options.authorised):
                platform.authorise(simulator.add(is_open=number % 2 == 0), permission_sets=(11, 15))
            print(
                f"WECHAT_COMPONENT_APPID={platform.appid} WECHAT_COMPONENT_ACCESS_TOKEN={platform.token}  # {options.authorised} accounts"
            )
        print("Stop with Ctrl-C.", flush=True)
        signal.sigwait(stops)
    return 0


if __name__ == "__main__":
    sys.exit(main())
