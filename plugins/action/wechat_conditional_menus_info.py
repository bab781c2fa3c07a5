# Copyright (c) 2026 wxops.official_account contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the module of this name like Ansible's own action, but the module ends when the playbook ends."""

from __future__ import annotations

from ansible_collections.wxops.official_account.plugins.plugin_utils._calls import ModuleAction


class ActionModule(ModuleAction):
    pass
