#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_restore
short_description: Bring a backup of an MKE 4k cluster to its first controller
version_added: 0.1.0
description:
  - Finds a backup that M(mke4k.core.cluster_backup) made, says what keeps it from being restored to these hosts, checks
    and decrypts it on the control node, and puts it on the host of the task with M(mke4k.core.k0s_restore).
  - k0s has to be installed on that host, with its k0s.yaml, and must not run. Its next start brings the cluster back;
    the other hosts join then, as they would join any cluster.
  - The decrypted file lies on the control node for as long as it is uploaded, in a folder that only the user can enter.
author:
  - mke4k.core contributors (@mke4k)
options:
  state:
    description:
      - V(checked) changes nothing and returns RV(findings).
      - V(restored) puts the backup on the host. It does not look at RV(findings).
    type: str
    choices: [checked, restored]
    default: restored
  src:
    description:
      - The file of a backup or its manifest, on the control node or as V(s3://bucket/prefix/NAME.tar).
      - A folder or a prefix means the newest backup of the cluster in it.
    type: str
    required: true
  nodes:
    description: The results of M(mke4k.core.k0s_node_info) by host. Needed with O(state=checked).
    type: dict
    default: {}
  over_running:
    description: The name of the cluster, where hosts that run k0s are to be reset first. The caller has to reset them.
    type: str
    default: ""
  identity_file:
    description: File on the control node with the identity for a backup that was encrypted with age.
    type: path
    default: ""
  passphrase_file:
    description:
      - File on the control node whose first line is the passphrase for a backup that was encrypted with openssl. Empty
        means E(MKE4K_BACKUP_PASSPHRASE).
    type: path
    default: ""
  folder:
    description: A folder on the host for temporary files.
    type: path
    default: /var/lib/mke4k-restore
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
  - mke4k.core._config
  - mke4k.core._k0s_host.controller
  - mke4k.core._s3
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
seealso:
  - module: mke4k.core.cluster_backup
"""

EXAMPLES = r"""
- name: See whether the newest backup may be restored
  mke4k.core.cluster_restore:
    state: checked
    src: /srv/backups
    nodes: "{{ dict(ansible_play_hosts | zip(ansible_play_hosts | map('extract', hostvars, 'info'))) }}"
  become: true
  delegate_to: controller1
  run_once: true
  register: found

- name: Restore it
  mke4k.core.cluster_restore:
    src: /srv/backups
  become: true
  delegate_to: controller1
  run_once: true
"""

RETURN = r"""
archive:
  description: Where the backup is.
  returned: success
  type: str
  sample: /srv/backups/mke-20261121T120000Z.tar
manifest:
  description: The manifest of the backup, without the list of files in the archive.
  returned: success
  type: dict
restored:
  description: Whether the host had this backup already before the task.
  returned: success
  type: bool
resets:
  description: Whether the hosts have to be reset first, as O(over_running) allows.
  returned: success
  type: bool
former_nodes:
  description: Nodes of the backup whose hosts are no part of the cluster any more.
  returned: success
  type: list
  elements: str
former_objects:
  description: >-
    Objects that are no longer true once the backup is restored - what k0s keeps of controllers among the
    RV(former_nodes), and the lock of the run that changed the cluster when it was backed up.
  returned: success
  type: list
  elements: dict
findings:
  description: What keeps the backup from being restored, as M(mke4k.core.preflight_report) takes it.
  returned: success
  type: list
  elements: dict
changes:
  description: What was done on the host, or would be done, in words.
  returned: with O(state=restored), unless the host had the backup already
  type: list
  elements: str
text:
  description: What a restore does, a line each.
  returned: success
  type: list
  elements: str
"""
