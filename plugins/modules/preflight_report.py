#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: preflight_report
short_description: Report all findings of a preflight at once
version_added: 0.1.0
description:
  - Shows every finding with its remedy, and fails when one of them is an error that is not waived.
  - Runs on the control node and connects to no host. It changes nothing, so it does the same in check mode.
author:
  - mke4k.core contributors (@mke4k)
options:
  findings:
    description: Findings of M(mke4k.core.k0s_plan) and M(mke4k.core.k0s_preflight).
    type: list
    elements: dict
    required: true
  waive:
    description: Names of findings that are reported as warnings and do not fail the task.
    type: list
    elements: str
    default: []
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.k0s_plan
  - module: mke4k.core.k0s_preflight
"""

EXAMPLES = r"""
- name: Report what the plan found
  mke4k.core.preflight_report:
    findings: "{{ planned.findings }}"
    waive:
      - swap-enabled
  run_once: true
"""

RETURN = r"""
errors:
  description: The findings that stop a run.
  returned: success
  type: list
  elements: dict
warnings_found:
  description: The findings that do not, and the waived ones.
  returned: success
  type: list
  elements: dict
"""
