# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`spec.apiServer`, `controllerManager`, `scheduler` and `etcd`: the control plane.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field, section

AUDIT_LOG = "/var/log/k0s/audit/mke4_audit.log"
AUDIT_POLICY = "/var/lib/k0s/mke4_audit_policy.yaml"
AUDIT_LEVELS = ("None", "Metadata", "Request")
LIMIT_TYPES = ("Server", "Namespace", "User", "SourceAndObject")

API_SERVER = (
    Field("apiServer.externalAddress", "endpoint", immutable=True),
    Field("apiServer.sans", "list", of="host"),
    *section(
        "apiServer",
        Field("audit.enabled", "bool", False),
        Field("audit.logPath", "path", "/var/lib/k0s/audit.log", until="v4.0.0"),
        Field("audit.logPath", "path", AUDIT_LOG, since="v4.1.0"),
        Field("audit.maxAge", "whole", 30, least=0),
        Field("audit.maxBackup", "whole", 10, least=0),
        Field("audit.maxSize", "whole", 10, least=1),
        Field("audit.level", "word", "Metadata", choices=AUDIT_LEVELS, since="v4.1.1", binding=True),
        Field("audit.policyFile", "path", since="v4.1.1"),
        Field("audit.customPolicyYaml", "text", since="v4.1.1", binding=True),
        Field("audit.webhookConfigPath", "path", since="v4.1.1", binding=True),
        Field("encryptionProvider", "path", immutable=True),
        Field("eventRateLimit.enabled", "bool", False),
        Field("eventRateLimit.limits", "objects"),
        Field("eventRateLimit.limits[].limit", "word", choices=LIMIT_TYPES, required=True),
        Field("eventRateLimit.limits[].limitQPS", "whole", least=1, required=True),
        Field("eventRateLimit.limits[].limitBurst", "whole", least=1, required=True),
        Field("eventRateLimit.limits[].limitCacheSize", "whole", least=1),
        Field("requestTimeout", "duration", "1m0s"),
        Field("extraArgs", "arguments"),
        Field("profilingEnabled", "bool", since="v4.1.0"),
        Field("alwaysPullImages", "bool", since="v4.1.0"),
        Field("tlsCipherSuites", "list", of="word", since="v4.1.0"),
        since="v4.0.0",
    ),
)

CONTROL_PLANE = (
    *section(
        "controllerManager",
        Field("terminatedPodGCThreshold", "whole", 12500, least=0),
        Field("profilingEnabled", "bool", since="v4.1.0"),
        Field("extraArgs", "arguments"),
        since="v4.0.0",
    ),
    *section(
        "scheduler",
        Field("profilingEnabled", "bool"),
        Field("bindToAll", "bool"),
        Field("extraArgs", "arguments"),
        since="v4.0.0",
    ),
    *section(
        "etcd",
        Field("storageQuota", "size"),
        Field("tlsCipherSuites", "list", of="word"),
        since="v4.0.0",
    ),
)
