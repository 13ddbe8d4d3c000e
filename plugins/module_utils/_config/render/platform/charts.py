# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The charts of k0rdent and of mke-operator for an MKE release.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Mapping, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import (
    registry_host,
    registry_of,
    registry_url,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.calico import calico_chart
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.values import merged
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import CHART_REGISTRY, IMAGE_REGISTRY

__all__ = ["calico_chart", "is_mirrored", "k0rdent_chart", "k0rdent_registry", "operator_chart"]

ENTERPRISE = "enterprise"
OSS = "oss"
EDITIONS = (ENTERPRISE, OSS)

# kcm looks for a Helm release of that name.
K0RDENT_RELEASE = "kcm"
K0RDENT_NAMESPACES = {ENTERPRISE: "k0rdent", OSS: "kcm-system"}
OSS_CHART = "oci://ghcr.io/k0rdent/kcm/charts/kcm"
ENTERPRISE_FOLDER = "k0rdent-enterprise"
OPERATOR_NAME = "mke-operator"

# Secrets that kcm reads where its registry is a private one: `username` and `password`; `ca.crt`.
REGISTRY_CREDENTIALS = "mke4k-registry-credentials"
REGISTRY_CA = "mke4k-registry-ca"


def operator_chart(cluster: Cluster, reference: str = "", values: Optional[Mapping[str, Any]] = None) -> Dict[str, Any]:
    """The chart of mke-operator. Mirantis does not publish its values; `image` is what charts of operators have, and
    only set where the image is not the chart's own.
    """
    image: Dict[str, str] = {}
    images = registry_url(cluster, "imageRegistry")
    if images != IMAGE_REGISTRY:
        image["repository"] = f"{images}/{OPERATOR_NAME}"
    if cluster.release.operator_image != release(cluster.release.name).operator_image:
        image["tag"] = cluster.release.operator_image
    return {
        "name": OPERATOR_NAME,
        "chart": reference or f"oci://{registry_url(cluster, 'chartRegistry')}/{OPERATOR_NAME}",
        "version": cluster.release.operator_chart,
        "release": OPERATOR_NAME,
        "namespace": cluster.namespace,
        "values": merged({"image": image} if image else {}, values or {}),
        "order": 3,
    }


def k0rdent_chart(cluster: Cluster, options: Mapping[str, Any]) -> Dict[str, Any]:
    """The chart of k0rdent as Helm release `kcm`.

    `options`, all of them optional: `edition` (enterprise or oss), `chart` (its reference), `version`, `namespace`,
    `registry` (the mirror that holds k0rdent's images and below `charts` its charts, host/folder), `k0s_url` (where
    children get k0s), `ui_enabled` and `ui_secret` ({name, key} of the UI's password; no UI without one), `values`
    (merged over).
    """
    edition = str(options.get("edition") or ENTERPRISE)
    registry = str(options.get("registry") or "") or k0rdent_registry(cluster, edition)
    version = str(options.get("version") or cluster.release.k0rdent)
    values = merged(_ui(edition, options), _mirror(cluster, edition, registry, version))
    if options.get("k0s_url"):
        values = merged(values, {"controller": {"globalK0sURL": str(options["k0s_url"])}})
    return {
        "name": K0RDENT_RELEASE,
        "chart": str(options.get("chart") or "") or _k0rdent_reference(cluster, edition, registry),
        "version": version,
        "release": K0RDENT_RELEASE,
        "namespace": str(options.get("namespace") or K0RDENT_NAMESPACES[edition]),
        "values": merged(values, options.get("values") or {}),
        "order": 2,
    }


def is_mirrored(cluster: Cluster) -> bool:
    """Whether the file names a registry of the user's own for charts."""
    return f"oci://{registry_url(cluster, 'chartRegistry')}" != CHART_REGISTRY


def k0rdent_registry(cluster: Cluster, edition: str = ENTERPRISE) -> str:
    """The mirror of k0rdent's images and charts, empty where they come from where the chart takes them."""
    if edition == OSS or not is_mirrored(cluster):
        return ""
    return f"{registry_host(registry_url(cluster, 'chartRegistry'))}/{ENTERPRISE_FOLDER}"


def _k0rdent_reference(cluster: Cluster, edition: str, registry: str) -> str:
    if edition == OSS:
        return f"oci://{registry}/charts/kcm" if registry else OSS_CHART
    base = registry or f"{registry_host(registry_url(cluster, 'chartRegistry'))}/{ENTERPRISE_FOLDER}"
    return f"oci://{base}/charts/k0rdent-enterprise"


def _ui(edition: str, options: Mapping[str, Any]) -> Dict[str, Any]:
    """The UI has a default password that everybody knows, so it needs another one or must not run."""
    if edition == OSS:
        return {}
    secret: Mapping[str, Any] = options.get("ui_secret") or {}
    if not secret.get("name") or not options.get("ui_enabled", True):
        return {"k0rdent-ui": {"enabled": False}}
    reference = {"name": str(secret["name"]), "key": str(secret.get("key") or "password")}
    return {"k0rdent-ui": {"enabled": True, "auth": {"basic": {"secretKeyRef": reference}}}}


def _mirror(cluster: Cluster, edition: str, registry: str, version: str) -> Dict[str, Any]:
    """Every image and template from the user's registry."""
    if not registry:
        return {}
    controller = {"templatesRepoURL": f"oci://{registry}/charts", "globalRegistry": registry}
    access = registry_of(cluster, registry)
    if access.username:
        controller["registryCredsSecret"] = REGISTRY_CREDENTIALS
    if access.ca:
        controller["registryCertSecret"] = REGISTRY_CA
    parts = _parts(registry)
    values: Dict[str, Any] = {"controller": controller, "image": _image(registry, "kcm-controller"), **parts}
    if edition == ENTERPRISE:
        values["k0rdent-ui"] = {"image": _image(registry, "k0rdent-ui")}
    if _has_regional(edition, version):
        # They moved below it; the chart ignores them in the old place.
        values["regional"] = {name: parts[name] for name in ("cert-manager", "cluster-api-operator", "velero")}
    return values


def _parts(registry: str) -> Dict[str, Any]:
    certificates = "jetstack/cert-manager"
    return {
        "cert-manager": {
            "image": _image(registry, f"{certificates}-controller"),
            **{
                name: {"image": _image(registry, f"{certificates}-{name}")}
                for name in ("webhook", "cainjector", "startupapicheck")
            },
        },
        "flux2": {
            "helmController": {"image": f"{registry}/fluxcd/helm-controller"},
            "sourceController": {"image": f"{registry}/fluxcd/source-controller"},
            "cli": {"image": f"{registry}/fluxcd/flux-cli"},
        },
        "cluster-api-operator": {"image": {"manager": _image(registry, "capi-operator/cluster-api-operator")}},
        "velero": {"image": _image(registry, "velero/velero")},
    }


def _image(registry: str, path: str) -> Dict[str, str]:
    return {"repository": f"{registry}/{path}"}


def _has_regional(edition: str, version: str) -> bool:
    """kcm has that sub-chart since 1.4.0, which Enterprise 1.2 is the first to be made of."""
    return _numbers(version) >= ((1, 4) if edition == OSS else (1, 2))


def _numbers(version: str) -> Tuple[int, int]:
    match = re.match(r"^v?([0-9]{1,4})\.([0-9]{1,4})", version)
    return (int(match.group(1)), int(match.group(2))) if match else (0, 0)
