# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What has to be brought behind an air gap for a cluster, and where the cluster then looks for it. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Collection, Dict, List, Mapping, Sequence
from urllib.parse import quote

from ansible_collections.mke4k.core.plugins.module_utils._config.k0s_images import by_short_name, k0s_images
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registry_host, registry_url
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release
from ansible_collections.mke4k.core.plugins.module_utils._config.render.needs import k0s_image_names, platform_charts
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import CHART_REGISTRY, IMAGE_REGISTRY
from ansible_collections.mke4k.core.plugins.module_utils._config.text_table import text_table

K0S_RELEASES = "https://github.com/k0sproject/k0s/releases/download"
BUNDLES = "https://packages.mirantis.com/caas"
BUNDLE_SUMS = "https://github.com/MirantisContainers/mke-release/releases/download"
_FLAG = "--disable-components="


def shopping_list(
    cluster: Cluster,
    layers: Collection[str],
    references: Mapping[str, str],
    listed: Sequence[str] = (),
    architecture: str = "amd64",
) -> Dict[str, Any]:
    """Everything by kind. `listed` are the images that the wanted k0s itself lists; without them a table serves."""
    upstream = by_short_name(tuple(listed)) or k0s_images(cluster.k0s_version)
    return {
        "k0s": _k0s(cluster.k0s_version, architecture),
        "images": _images(cluster, upstream),
        "images_known": bool(upstream),
        "charts": _charts(cluster, layers, references),
        "bundle": _bundle(cluster.release.name, architecture),
    }


def _k0s(version: str, architecture: str) -> Dict[str, str]:
    folder = f"{K0S_RELEASES}/{quote(version, safe='')}"
    return {
        "version": version,
        "url": f"{folder}/k0s-{quote(version, safe='')}-{architecture}",
        "checksum_url": f"{folder}/sha256sums.txt",
    }


def _bundle(name: str, architecture: str) -> Dict[str, str]:
    """The bundle of a release; the first one had no architecture in its name. Releases of 2024 have none."""
    if not release(name).between(since="v4.1.0"):
        return {"url": "", "checksum_url": ""}
    suffix = "" if name == "v4.1.0" else f"_{architecture}"
    return {
        "url": f"{BUNDLES}/mke_bundle_{name}{suffix}.tar.gz",
        "checksum_url": f"{BUNDLE_SUMS}/{name}/mke_bundle_{name}{suffix}_checksum.txt",
    }


def _images(cluster: Cluster, upstream: Mapping[str, str]) -> List[Dict[str, str]]:
    """k0s' own images; those of the charts are in the bundle."""
    flags = [item[len(_FLAG) :] for host in cluster.hosts for item in host.install_flags if item.startswith(_FLAG)]
    names = k0s_image_names(cluster, {name for text in flags for name in text.split(",")})
    registry = registry_url(cluster, "imageRegistry")
    own = f"{registry}/k0sproject" if registry and registry != IMAGE_REGISTRY else ""
    return [
        {"source": upstream[name], "target": f"{own}/{upstream[name].rpartition('/')[2]}" if own else upstream[name]}
        for name in names
        if name in upstream
    ]


def _charts(cluster: Cluster, layers: Collection[str], references: Mapping[str, str]) -> List[Dict[str, str]]:
    own = cluster.value("registries.chartRegistry.url", CHART_REGISTRY)
    found = []
    for chart in platform_charts(cluster, layers, references):
        target = str(chart["chart"])
        found.append({"source": _upstream(target, own), "target": target, "version": str(chart["version"])})
    return found


def _upstream(target: str, own: str) -> str:
    """Where Mirantis has a chart of the user's registry: below the same project, else at the same path."""
    host = f"oci://{registry_host(own)}/"
    if target.startswith(f"{own}/"):
        return CHART_REGISTRY + target[len(own) :]
    return f"oci://{registry_host(CHART_REGISTRY)}/{target[len(host) :]}" if target.startswith(host) else target


def shopping_text(found: Mapping[str, Any]) -> List[str]:
    """The list for people."""
    rows = [("KIND", "FROM", "TO")]
    rows.append(("k0s", found["k0s"]["url"], "hosts (k0s_binary_src, _url or _mirror)"))
    rows.append(("checksums", found["k0s"]["checksum_url"], "beside it"))
    if found["bundle"]["url"]:
        rows.append(("bundle", found["bundle"]["url"], "the registry (mke4k.core.mirror)"))
        rows.append(("checksums", found["bundle"]["checksum_url"], "beside it"))
    rows += [("image", item["source"], item["target"]) for item in found["images"]]
    rows += [("chart", f"{item['source']}:{item['version']}", item["target"]) for item in found["charts"]]
    lines = text_table(rows)
    if not found["images_known"]:
        version = found["k0s"]["version"]
        lines.append(
            f"The images of k0s {version} are not known here: give the binary, or ask it (k0s airgap list-images)."
        )
    return lines
