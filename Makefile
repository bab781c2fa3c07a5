# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

SHELL := bash
WITH_LIBRARY := source tests/workshop/library.sh;

.PHONY: help demo simulator venv test docs mutants soak benchmark release-check clean

help:
	@echo "make demo       show the module with a simulated platform (Python >= 3.11 with venv, a package index for pip)"
	@echo "make simulator  start the simulated platform, to rehearse with your own playbooks (ARGUMENTS=--help)"
	@echo "make venv       the environment of the tests in .work/test, without a run: see CONTRIBUTING.md"
	@echo "make test       lint, types, ansible-test sanity, the tests, and the slowest ten"
	@echo "make docs       the guides and all documentation as web pages, in .work/docs"
	@echo "make mutants    break the code in small ways, and list what the unit tests do not notice"
	@echo "make soak       play at random against the simulator, with faults and kills, and judge it (10 minutes, ARGUMENTS=--help)"
	@echo "make benchmark  compare time and memory of the ways to work on many accounts (about 20 minutes)"
	@echo "make release-check  build the package, check all that a release needs, and run it from where it is installed"
	@echo "make clean      remove all that these have created (.work/)"

demo:
	@$(WITH_LIBRARY) run_module tests.demo

simulator:
	@$(WITH_LIBRARY) mkdir -p "$$WORK/rehearsal"; \
	run_module tests.simulator --folder "$$WORK/rehearsal" --newcomers --authorised 40 $(ARGUMENTS)

venv:
	@$(WITH_LIBRARY) venv_of_tests

test:
	@bash tests/workshop/test.sh

docs:
	@bash tests/workshop/docs.sh

mutants:
	@bash tests/workshop/mutants.sh

soak:
	@$(WITH_LIBRARY) venv_of_tests; PYTHONPATH=.:$$WORK/collections exec "$$WORK/test/bin/python" -m tests.soak $(ARGUMENTS)

benchmark:
	@$(WITH_LIBRARY) run_module tests.benchmark

release-check:
	@bash tests/workshop/release.sh

clean:
	rm -rf .work
