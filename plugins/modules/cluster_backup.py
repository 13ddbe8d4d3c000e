#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_backup
short_description: Back up an MKE 4k cluster to the control node or to S3
version_added: 0.1.0
description:
  - Runs on a controller that serves. Makes a backup with M(mke4k.core.k0s_backup), brings it to the control node or to
    S3 without ever leaving it readable by others, and writes a manifest beside it.
  - A backup is C(NAME.tar), with C(.age) or C(.enc) behind it where it is encrypted, and C(NAME.json), its manifest. It
    holds the archive of C(k0s backup), the key with which secrets are encrypted in etcd, the C(mke4.yaml) of the run,
    the C(MkeConfig) of the cluster, and on request its children.
  - What is encrypted is encrypted while it streams, so that it never lies plain on the disk of the control node.
  - The backup has the control plane and no volumes.
author:
  - mke4k.core contributors (@mke4k)
options:
  dest:
    description: A folder on the control node, which is made with mode C(0700), or V(s3://bucket/prefix).
    type: str
    default: ~/.mke/backups
  name:
    description: Name of the backup. Empty means the name of the cluster and the time.
    type: str
    default: ""
  keep:
    description: How many backups of this cluster to keep, the new one included. V(0) keeps all.
    type: int
    default: 0
  keep_days:
    description: For how many days to keep them. V(0) keeps them for ever. The new one always stays.
    type: int
    default: 0
  encryption:
    description:
      - With which program of the control node the backup is encrypted. Empty means not at all.
      - V(openssl) is C(openssl enc -aes-256-cbc -pbkdf2 -iter 600000), with a passphrase from O(passphrase_file) or
        E(MKE4K_BACKUP_PASSPHRASE).
    type: str
    choices: ["", age, openssl]
    default: ""
  recipients:
    description: Public keys of age (V(age1...), or of SSH). Any one of their owners can decrypt the backup.
    type: list
    elements: str
    default: []
  passphrase_file:
    description: File on the control node whose first line is the passphrase for V(openssl).
    type: path
    default: ""
  children:
    description: Whether the objects of child clusters are kept in the backup as a list of their own.
    type: bool
    default: false
  nodes:
    description: The results of M(mke4k.core.k0s_node_info) by host, from which the manifest has the names of Nodes.
    type: dict
    default: {}
  folder:
    description: The folder on the host in which the backup is made. It is removed again.
    type: path
    default: /var/lib/mke4k-backup
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._config
  - mke4k.core._s3
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: none
    details:
      - Makes a new backup each time.
seealso:
  - module: mke4k.core.cluster_restore
"""

EXAMPLES = r"""
- name: Back up to the control node, and keep seven
  mke4k.core.cluster_backup:
    dest: /srv/backups
    keep: 7
  become: true
  delegate_to: controller1

- name: Back up to S3, encrypted
  mke4k.core.cluster_backup:
    dest: s3://my-backups/mke
    encryption: openssl
    passphrase_file: /run/secrets/backup
    s3:
      region: eu-central-1
      sse: aws:kms
  become: true
  delegate_to: controller1
"""

RETURN = r"""
name:
  description: Name of the backup.
  returned: success
  type: str
  sample: mke-20261121T120000Z
archive:
  description: Where it is.
  returned: success
  type: str
  sample: /srv/backups/mke-20261121T120000Z.tar
manifest_path:
  description: Where its manifest is. Empty in check mode.
  returned: success
  type: str
  sample: /srv/backups/mke-20261121T120000Z.json
manifest:
  description: >-
    The manifest, without the list of files in the archive - C(cluster), C(release), C(k0s_version), C(created),
    C(hosts), C(census), C(archive) with sha256 and size, and more. Empty in check mode.
  returned: success
  type: dict
removed:
  description: Names of backups whose time was over.
  returned: success
  type: list
  elements: str
notes:
  description: What people should know of this backup.
  returned: success
  type: list
  elements: str
text:
  description: The backup in one line.
  returned: success
  type: str
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
