#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_backup
short_description: Make a backup of a k0s cluster on a controller
version_added: 0.1.0
description:
  - Calls C(k0s backup) on a controller that runs, opens what it made, holds the snapshot of etcd against the hash that
    etcd wrote behind it, and puts it into one file together with what k0s leaves out.
  - The file stays on the host, in a folder that only root can enter. M(mke4k.core.cluster_backup) brings it to the
    control node or to S3 and removes it from the host; most users want that one.
author:
  - mke4k.core contributors (@mke4k)
options:
  state:
    description:
      - V(present) makes a new backup in place of one that is in the folder.
      - V(absent) removes the folder.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: Name of the backup. The file is called after it.
    type: str
    default: backup
  about:
    description: What the manifest says of the cluster beside what this module finds.
    type: dict
    default: {}
  documents:
    description: Texts to keep in the backup, by name.
    type: dict
    default: {}
  files:
    description:
      - Paths of files of this host that the cluster cannot do without and that C(k0s backup) leaves out, such as the
        key with which secrets are encrypted in etcd.
    type: list
    elements: path
    default: []
  folder:
    description: The folder on the host. It is made anew, with mode C(0700).
    type: path
    default: /var/lib/mke4k-backup
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.platform_host
  - mke4k.core._k0s_host
  - mke4k.core._k0s_host.binary
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - O(state=present) makes a new backup each time.
seealso:
  - module: mke4k.core.cluster_backup
  - module: mke4k.core.k0s_restore
"""

EXAMPLES = r"""
- name: Make a backup on the controller
  mke4k.core.k0s_backup:
    name: before-maintenance
  become: true
  register: made

- name: Remove it from the host
  mke4k.core.k0s_backup:
    state: absent
  become: true
"""

RETURN = r"""
path:
  description: The file on the host. Empty in check mode and with O(state=absent).
  returned: success
  type: str
  sample: /var/lib/mke4k-backup/before-maintenance.tar
size:
  description: Its size in bytes.
  returned: success
  type: int
sha256:
  description: Its sha256.
  returned: success
  type: str
manifest:
  description: What is in it.
  returned: success
  type: dict
  contains:
    k0s_version:
      description: The version of k0s that made it.
      type: str
    census:
      description: >-
        The revision of etcd at which all keys were counted (C(revision), C(keys)), their C(digest), and the number of
        objects of each kind (C(kinds)).
      type: dict
    snapshot:
      description: Size and sha256 of the snapshot of etcd.
      type: dict
    contents:
      description: The files in the archive of k0s.
      type: list
      elements: str
    files:
      description: The O(files), each with its path, sha256, mode, owner and group.
      type: list
      elements: dict
    documents:
      description: The names of the O(documents).
      type: list
      elements: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.make import (
    BackupRequest,
    make_backup,
    remove_backup,
    running_controller,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.options import ABSENT, BACKUP
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

NOTHING = {"path": "", "size": 0, "sha256": "", "manifest": {}}


def main() -> None:
    module = AnsibleModule(argument_spec=BACKUP, supports_check_mode=True)
    params = module.params
    request = BackupRequest(
        name=params["name"],
        folder=params["folder"],
        binary=params["binary_path"],
        data_dir=params["data_dir"],
        about=params["about"],
        documents={str(name): str(text) for name, text in params["documents"].items()},
        files=tuple(params["files"]),
    )
    try:
        if params["state"] == ABSENT:
            result = {**NOTHING, "changed": bool(remove_backup(request.folder, dry_run=module.check_mode))}
        elif module.check_mode:
            running_controller()
            result = {**NOTHING, "changed": True}
        else:
            made = make_backup(request)
            result = {"path": made.path, "size": made.size, "sha256": made.sha256, "manifest": dict(made.manifest)}
            result["changed"] = True
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()
