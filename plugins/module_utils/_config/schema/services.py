# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs on the cluster: k0rdent, backup, monitoring, registries, licence and the like.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field, section

IMAGE_REGISTRY = "registry.mirantis.com/mke"
CHART_REGISTRY = "oci://registry.mirantis.com/mke"

REGISTRIES = (
    Field("airgap.enabled", "bool", False, since="v4.1.0"),
    *section(
        "registries",
        Field("imageRegistry.url", "registry", IMAGE_REGISTRY, immutable=True),
        Field("imageRegistry.caData", "pem"),
        Field("imageRegistry.credentialsSecretName", "name", since="v4.2.0"),
        Field("chartRegistry.url", "chart registry", CHART_REGISTRY, immutable=True),
        Field("chartRegistry.caData", "pem"),
        Field("chartRegistry.credentialsSecretName", "name", since="v4.2.0"),
        since="v4.1.0",
    ),
)

BACKUP = (
    *section(
        "backup",
        Field("enabled", "bool", True),
        Field("scheduled_backup.enabled", "bool", False, since="v4.0.0"),
        Field("storage_provider.type", "word", "InCluster", choices=("InCluster", "External")),
        Field("storage_provider.in_cluster_options.exposed", "bool", until="rc.1"),
        Field(
            "storage_provider.in_cluster_options.admin_credentials_secret",
            "name",
            "minio-credentials",
            since="v4.0.0",
        ),
        Field("storage_provider.in_cluster_options.enable_ui", "bool", True, since="v4.0.0"),
        Field("storage_provider.in_cluster_options.distributed", "bool", since="v4.0.0"),
        Field("storage_provider.external_options.provider", "word", choices=("aws",)),
        Field("storage_provider.external_options.bucket", "word"),
        Field("storage_provider.external_options.region", "word"),
        Field("storage_provider.external_options.credentials_file_path", "word"),
        Field("storage_provider.external_options.credentials_file_profile", "word"),
        until="v4.1.2",
    ),
    Field("backup.schedule.path", "word", since="v4.2.0"),
)

FLAT_ONLY = (
    *section("hardening", Field("enabled", "bool", True), until="rc.1"),
    *section("trust", Field("enabled", "bool", True), until="rc.1"),
    *section("logging", Field("enabled", "bool", True), until="rc.1"),
    *section("audit", Field("enabled", "bool", True), until="rc.1"),
    Field("license.refresh", "bool", True, until="rc.1"),
)

SERVICES = (
    Field("addons", "objects", since="v4.0.0", until="v4.1.5", absent="services and metallb took its place"),
    *section(
        "addons[]",
        Field("name", "word", required=True),
        Field("namespace", "word"),
        Field("kind", "word", choices=("chart", "manifest")),
        Field("enabled", "bool"),
        Field("dryRun", "bool"),
        Field("chart", "map"),
        Field("manifest", "map"),
        since="v4.0.0",
        until="v4.1.5",
    ),
    Field("cloudProvider.enabled", "bool", False, since="v4.0.0"),
    Field("cloudProvider.provider", "word", choices=("aws", "external"), since="v4.0.0", until="v4.0.0"),
    Field("cloudProvider.provider", "word", "aws", choices=("aws", "external"), since="v4.1.0"),
    Field("componentScheduling.enabled", "bool", since="v4.2.0"),
    Field("componentScheduling.topologySpreadConstraints", "items", since="v4.2.0"),
    Field("devicePlugins.nvidiaGPU.enabled", "bool", False, since="v4.0.0"),
    Field("devicePlugins.nvidiaGPU.mig", "map", since="v4.1.0"),
    Field("driftDetection.driftIgnore", "items", since="v4.1.0"),
    Field("driftDetection.driftExclusions", "items", since="v4.1.0"),
    Field("k0rdent.enabled", "bool", since="v4.1.0"),
    Field("k0rdent.providers", "objects", since="v4.1.0", until="v4.1.1"),
    Field("k0rdent.providers[].name", "word", required=True, since="v4.1.0", until="v4.1.1"),
    Field("k0rdent.providers[].config", "map", since="v4.1.0", until="v4.1.1"),
    Field("k0rdent.resources", "map", since="v4.2.0"),
    Field("license.token", "text", secret=True, since="v4.0.0"),
    Field("license.secretRef", "map", since="v4.2.0"),
    Field("monitoring.enableGrafana", "bool", True, until="v4.1.2"),
    Field("monitoring.enableCAdvisor", "bool", False, since="v4.0.0"),
    Field("monitoring.enableOpscare", "bool", False),
    Field("monitoring.grafana.ingress.enabled", "bool", since="v4.1.0"),
    Field("monitoring.prometheus", "map", since="v4.1.0"),
    Field("operator.resources", "map", since="v4.2.0"),
    Field("policyController.opaGatekeeper.enabled", "bool", False, since="v4.0.0"),
    Field("policyController.opaGatekeeper.exemptNamespaces", "list", of="word", since="v4.0.0"),
    Field("secretsStoreCSIDriver", "map", since="v4.2.0"),
    Field("services", "objects", since="v4.1.0"),
    *section(
        "services[]",
        Field("template", "word", required=True),
        Field("name", "word", required=True),
        Field("namespace", "word"),
        Field("values", "text"),
        since="v4.1.0",
    ),
    Field("tracking.enabled", "bool", True),
    Field("tracking.clusterLabel", "word", since="v4.0.0"),
    Field("ui.resources", "map", since="v4.2.0"),
    Field("version", "word"),
    Field("windows.gmsa.enabled", "bool", since="v4.2.0"),
)
