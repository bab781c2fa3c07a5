# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The checks that most collections have, under the names that they have there: ``pip install antsibull-nox ansible-core``, and ``nox``.

antsibull-nox.toml says which ones. ``make test`` and ``.ci/run`` run more.
"""

import antsibull_nox
import nox

nox.options.envdir = ".work/nox-sessions"
nox.options.reuse_venv = "yes"
antsibull_nox.load_antsibull_nox_toml()
