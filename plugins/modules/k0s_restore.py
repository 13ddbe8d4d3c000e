#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_restore
short_description: Put a backup of a k0s cluster on a host
version_added: 0.1.0
description:
  - Puts a backup that M(mke4k.core.k0s_backup) made on a host on which k0s is installed but does not run. The next
    start of k0s brings the cluster back, with this host as its only controller.
  - The host may have another name and address than the one the backup was made on. The authorities of the cluster come
    back; every other certificate is made anew by k0s.
  - With O(state=proven), on the running controller, it holds all keys of etcd against those that the backup's manifest
    counted.
  - M(mke4k.core.cluster_restore) finds, decrypts and uploads the backup; most users want that one.
author:
  - mke4k.core contributors (@mke4k)
options:
  state:
    description:
      - V(restored) puts the backup on the host. It refuses where k0s runs, and where the data of a cluster are that
        this backup did not bring.
      - V(proven) and V(shown) change nothing. The latter only tells whether this backup is on the host.
    type: str
    choices: [restored, proven, shown]
    default: restored
  archive:
    description: The file on this host. Needed with O(state=restored), unless this backup was restored before.
    type: path
    default: ""
  sha256:
    description: The sha256 that the file must have. Needed with O(state=restored) and O(state=shown).
    type: str
  census:
    description: The C(census) of the manifest. Needed with O(state=proven).
    type: dict
  files:
    description: Files that come back from the backup as they were, beside the data of k0s.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description: Where the file was and will be.
        type: path
        required: true
      mode:
        description: Its permissions.
        type: str
        default: "0600"
      owner:
        description: Its owner. A system user of this name is made where there is none.
        type: str
        default: root
      group:
        description: Its group.
        type: str
        default: root
  folder:
    description: A folder for temporary files. It is made anew, with mode C(0700), and removed.
    type: path
    default: /var/lib/mke4k-restore
  config_path:
    description: The k0s.yaml of this host. It takes the place of the one in the backup.
    type: path
    default: /etc/k0s/k0s.yaml
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
    support: full
seealso:
  - module: mke4k.core.cluster_restore
  - module: mke4k.core.k0s_backup
"""

EXAMPLES = r"""
- name: Put the backup on the first controller
  mke4k.core.k0s_restore:
    archive: /root/mke-20261121T120000Z.tar
    sha256: "{{ manifest.archive.plain_sha256 }}"
  become: true

- name: Prove it once k0s runs
  mke4k.core.k0s_restore:
    state: proven
    census: "{{ manifest.census }}"
  become: true
"""

RETURN = r"""
restored:
  description: Whether this backup is on the host already. In check mode too.
  returned: success
  type: bool
changes:
  description: What was done, or would be done, in words.
  returned: success
  type: list
  elements: str
proven:
  description: >-
    Whether all keys of the backup were seen in etcd. V(false) where etcd has forgotten that revision, and always with
    O(state=restored). A difference is an error.
  returned: success
  type: bool
text:
  description: The proof in words. Empty with O(state=restored).
  returned: success
  type: str
  sample: all 482 keys of revision 1203 are there
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.keys import EtcdKeys
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.options import PROVEN, RESTORE, RESTORED, SHOWN
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.prove import prove
from ansible_collections.mke4k.core.plugins.module_utils._k0s.backup.restore import (
    RestoreRequest,
    is_restored,
    restore_backup,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd


def main() -> None:
    module = AnsibleModule(
        argument_spec=RESTORE,
        supports_check_mode=True,
        required_if=[("state", RESTORED, ("sha256",)), ("state", SHOWN, ("sha256",)), ("state", PROVEN, ("census",))],
    )
    params = module.params
    request = RestoreRequest(
        archive=params["archive"],
        sha256=params["sha256"] or "",
        folder=params["folder"],
        binary=params["binary_path"],
        config=params["config_path"],
        data_dir=params["data_dir"],
        files=params["files"],
    )
    try:
        result = {"changed": False, "changes": [], "restored": is_restored(request), "proven": False, "text": ""}
        if params["state"] == PROVEN:
            proof = prove(params["census"], EtcdKeys(Etcd(params["data_dir"])))
            result.update(proven=proof.proven, text=proof.text)
        elif params["state"] == RESTORED:
            done = restore_backup(request, dry_run=module.check_mode)
            result.update(changed=bool(done), changes=done)
    except K0sError as error:
        module.fail_json(**error.report())
    else:
        module.exit_json(**result)


if __name__ == "__main__":
    main()
