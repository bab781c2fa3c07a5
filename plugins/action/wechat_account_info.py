# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looks at accounts, in Ansible's worker if the task is local."""

from __future__ import annotations

from ansible_collections.wxops.official_account.plugins.plugin_utils._explain import ExplainAction


class ActionModule(ExplainAction):
    pass
