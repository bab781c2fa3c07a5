# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

.PHONY: help demo test mutants benchmark clean

help:
	@echo "make demo       the module at work, against a simulated platform (Python >= 3.11; no WeChat account)"
	@echo "make test       lint, types, unit tests with their coverage, integration tests, ansible-test sanity"
	@echo "make mutants    what the unit tests do not notice, if the code is broken in small ways (about 15 minutes)"
	@echo "make benchmark  time and memory of each way to work on many accounts, as ratios (about 9 minutes)"
	@echo "make clean      remove what these made (.work/)"

demo:
	@bash tests/workshop/demo.sh

test:
	@bash tests/workshop/test.sh

mutants:
	@bash tests/workshop/mutants.sh

benchmark:
	@bash tests/workshop/benchmark.sh

clean:
	rm -rf .work
