# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

.PHONY: help demo test clean

help:
	@echo "make demo   the module at work, against a simulated platform (Python >= 3.11; no WeChat account)"
	@echo "make test   lint, types, unit and integration tests, ansible-test sanity"
	@echo "make clean  remove what these two made (.work/)"

demo:
	@bash tests/workshop/demo.sh

test:
	@bash tests/workshop/test.sh

clean:
	rm -rf .work
