#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_lock
short_description: Keep two runs from changing one cluster
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Takes, renews, gives back or shows the lock of a cluster, the C(Lease) C(mke4k-run) in C(kube-system). The
    playbooks of this collection that change a cluster hold it while they do.
  - A run that finds the lock in the hands of another one fails, and says whose they are.
  - The lock of a dead run is free when its process has ended, if that was on the same control node; when it was not
    heard of for the seconds it asked for; and for the same job of AWX or its relaunch. The time is that of the API
    server, whatever the clocks of control nodes show.
  - A run may take the lock again for something else that it does within. The lock stays with what it was taken for
    first.
options:
  state:
    description:
      - V(held) takes the lock, or renews it where this run has it.
      - V(free) gives it back if this run took it for O(verb). It warns instead of failing.
      - V(shown) says who has it.
    type: str
    choices: [held, free, shown]
    default: held
  verb:
    description: What the run does, such as V(upgrade). Needed with O(state=held) and O(state=free).
    type: str
    default: ""
  owner:
    description: >-
      Who is told to others to have the lock. Empty means the user and the name of the control node, or the user of AWX.
    type: str
    default: ""
  job:
    description: >-
      Number of the job that the run is, for job controllers. Empty means C(awx_job_id) or C(tower_job_id), which AWX
      sets.
    type: str
    default: ""
  expiry:
    description: After how many seconds without a word from its run the lock is free.
    type: int
    default: 1800
  take_from:
    description: >-
      Take the lock from this holder, as the message that names it says, because its run is known to be dead. Does
      nothing where another one has it.
    type: str
    default: ""
  without_api:
    description: >-
      Warn and go on without a lock where there is no API to ask, as a run may be the one that brings it back. With
      O(state=free) nothing is said of it, as the run may be the one that has taken the cluster away.
    type: bool
    default: false
  without_package:
    description: >-
      Warn and go on without a lock where the control node lacks the Python package kubernetes. Otherwise the task fails
      there, also with O(without_api=true), as that says nothing about who else is at work on the cluster.
    type: bool
    default: false
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
attributes:
  check_mode:
    support: full
    details:
      - Takes no lock, and warns where another run has it.
  diff_mode:
    support: none
  idempotent:
    support: full
    details:
      - The lock is renewed without being reported as changed.
seealso:
  - module: mke4k.core.k0s_node
"""

EXAMPLES = r"""
- name: Change a cluster while nobody else does
  block:
    - name: Take the lock
      mke4k.core.cluster_lock:
        verb: maintenance
        kubeconfig: ~/.mke/mke.kubeconf
      delegate_to: localhost
      run_once: true

    - name: Change something
      mke4k.core.kube_apply:
        src: [quotas.yaml]
        kubeconfig: ~/.mke/mke.kubeconf
      delegate_to: localhost
      run_once: true
  always:
    - name: Give it back
      mke4k.core.cluster_lock:
        state: free
        verb: maintenance
        kubeconfig: ~/.mke/mke.kubeconf
      delegate_to: localhost
      run_once: true

- name: Say who changes the cluster
  mke4k.core.cluster_lock:
    state: shown
    kubeconfig: ~/.mke/mke.kubeconf
  delegate_to: localhost
"""

RETURN = r"""
locked:
  description: Whether somebody has the lock.
  returned: success
  type: bool
lock:
  description: Who has the lock. Empty where nobody has.
  returned: always
  type: dict
  sample:
    holder: alice@bastion/upgrade/4711
    owner: alice@bastion
    verb: upgrade
    job: ""
    since: "2026-11-21T12:03:10.000000Z"
    renewed: "2026-11-21T12:09:01.000000Z"
    expiry: 1800
"""
