#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_chart_wait
short_description: Wait until k0s works on no Helm chart
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - A controller that stops while k0s installs or upgrades a chart leaves the Helm release locked. This waits until
    every C(Chart) is deployed or has failed.
  - Where the API does not answer it warns and goes on, as the run may be the one that brings it back.
options:
  timeout:
    description: How long to wait, in seconds.
    type: int
    default: 900
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.info
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
seealso:
  - module: mke4k.core.k0s_chart
"""

EXAMPLES = r"""
- name: Let k0s finish its charts before a controller is restarted
  mke4k.core.k0s_chart_wait:
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
"""

RETURN = r"""
charts:
  description: Every chart, as M(mke4k.core.k0s_chart) returns it. Empty in check mode.
  returned: success
  type: list
  elements: dict
"""
