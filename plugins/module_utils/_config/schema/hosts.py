# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`spec.hosts`: the machines.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.model import ROLES
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field, section

HOSTS = (
    Field("hosts", "objects"),
    *section(
        "hosts[]",
        Field("role", "word", choices=ROLES, required=True),
        Field("ssh.address", "host"),
        Field("ssh.user", "user"),
        Field("ssh.port", "port"),
        Field("ssh.keyPath", "word"),
        Field("ssh.bastion", "object", optional=True),
        Field("ssh.bastion.address", "host", required=True),
        Field("ssh.bastion.user", "user"),
        Field("ssh.bastion.port", "port"),
        Field("ssh.bastion.keyPath", "word"),
        Field("installFlags", "flags"),
        Field("hostname", "node name"),
        Field("privateAddress", "ipv4"),
        Field("privateInterface", "interface"),
        Field("noTaints", "bool", False),
        # These three are of this collection: MKE passes labels and taints to k0s only when a host joins.
        Field("labels", "map"),
        Field("annotations", "map"),
        Field("taints", "list", of="word"),
    ),
)

# What k0sctl knows of a host and MKE does not: it is not even passed on.
FOREIGN_HOST_FIELDS = {
    "winRM": "MKE 4 has Linux hosts, reached by ssh",
    "openSSH": "use ssh",
    "localhost": "use ssh with the address 127.0.0.1",
    "hooks": "use tasks before and after the role k0s",
    "files": "use tasks before the role k0s",
    "environment": "use tasks before the role k0s",
    "k0sBinaryPath": "use the variable k0s_binary_src",
    "k0sDownloadURL": "use the variable k0s_binary_url",
    "uploadBinary": "use the variable k0s_binary_src",
    "dataDir": "use spec.k8sProviderSpecs.dataDir",
    "kubeletRootDir": "use spec.kubelet.kubeletRootDir",
    "reset": "use the playbook mke4k.core.remove_nodes",
}
