# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`spec.kubelet` and where Kubernetes keeps its data on a host.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field, section

DATA_DIR = "/var/lib/k0s"

KUBELET = (
    *section(
        "kubelet",
        Field("eventRecordQPS", "whole", 50, least=0),
        Field("kubeletRootDir", "path", "/var/lib/kubelet", since="v4.1.1", binding=True, immutable=True),
        Field("maxPods", "whole", 110, least=1, most=1000),
        Field("podPidsLimit", "whole", -1, least=-1),
        Field("podsPerCore", "whole", 0, least=0),
        Field("protectKernelDefaults", "bool", False),
        Field("seccompDefault", "bool", False),
        Field("managerKubeReserved.cpu", "quantity", "250m"),
        Field("managerKubeReserved.ephemeral-storage", "quantity", "4Gi"),
        Field("managerKubeReserved.memory", "quantity", "2Gi"),
        Field("managerKubeReserved.pid", "quantity"),
        Field("workerKubeReserved.cpu", "quantity", "50m"),
        Field("workerKubeReserved.ephemeral-storage", "quantity", "500Mi"),
        Field("workerKubeReserved.memory", "quantity", "300Mi"),
        Field("workerKubeReserved.pid", "quantity"),
        Field("extraArgs", "arguments"),
        Field("customProfiles", "objects"),
        Field("customProfiles[].name", "word", required=True),
        Field("customProfiles[].values", "map"),
        since="v4.0.0",
    ),
    Field("k8sProviderSpecs.dataDir", "path", DATA_DIR, since="v4.1.1", binding=True, immutable=True),
)
