# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The stand-in charts (tests/lab/charts), packaged as the releases of MKE 4k ask for them."""

from __future__ import annotations

import gzip
import importlib.util
import io
import json
import sys
import tarfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any, Dict, FrozenSet, List, Mapping, Tuple

import yaml

from .errors import LabError
from .oci import Artifact, Blob
from .paths import CHARTS_FOLDER, COLLECTION_FOLDER

CONFIG_TYPE = "application/vnd.cncf.helm.config.v1+json"
CONTENT_TYPE = "application/vnd.cncf.helm.chart.content.v1.tar+gzip"
CRDS_FOLDER = COLLECTION_FOLDER / "tests" / "api" / "crds"
RELEASES = COLLECTION_FOLDER / "plugins" / "module_utils" / "_config" / "releases.py"

# What the registry has to have for a chart; no part of it.
IMAGES = "images.yml"
MKE = "mke"
K0RDENT = "k0rdent-enterprise/charts"
CALICO_CHART = "mirrored-chart-tigera-operator"
K0RDENT_CHART = "k0rdent-enterprise"
OPERATOR_CHART = "mke-operator"
APP_CHART = "lab-app"
APP_VERSIONS = ("0.1.0", "0.2.0", "0.3.0")

# The API groups whose definitions come with a chart.
GROUPS: Mapping[str, Tuple[str, ...]] = {
    CALICO_CHART: ("operator.tigera.io", "crd.projectcalico.org"),
    K0RDENT_CHART: ("k0rdent.mirantis.com", "source.toolkit.fluxcd.io", "helm.toolkit.fluxcd.io"),
    OPERATOR_CHART: ("mke.mirantis.com",),
}


@dataclass(frozen=True)
class Packaged:
    """A chart as somebody wants to have it."""

    name: str
    version: str
    app_version: str
    folder: str

    @property
    def repository(self) -> str:
        return f"{self.folder}/{self.name}"

    @property
    def tag(self) -> str:
        # A plus sign is not possible in a tag; Helm has it like this.
        return self.version.replace("+", "_")


def all_charts() -> List[Packaged]:
    """Every chart that a release of the collection's table asks for, and the small one that fails as told."""
    found = [chart for name in _releases().release_names() for chart in charts_of(name)]
    found += [Packaged(APP_CHART, version, version, MKE) for version in APP_VERSIONS]
    return list({(chart.repository, chart.tag): chart for chart in found}.values())


def charts_of(release: str) -> List[Packaged]:
    """The charts of one release, by its name."""
    known = _releases().release(release)
    calico = known.calico if known.provider == "tigera" else ""
    wanted = (
        Packaged(CALICO_CHART, calico, calico, MKE),
        Packaged(K0RDENT_CHART, known.k0rdent, known.k0rdent, K0RDENT),
        Packaged(OPERATOR_CHART, known.operator_chart, known.operator_image, MKE),
    )
    return [chart for chart in wanted if chart.version]


def artifact(chart: Packaged) -> Artifact:
    """The chart for a registry."""
    about = metadata(chart)
    annotations = {"org.opencontainers.image.title": chart.name, "org.opencontainers.image.version": chart.version}
    config = Blob.of(CONFIG_TYPE, json.dumps(about, sort_keys=True).encode())
    return Artifact(config, (Blob.of(CONTENT_TYPE, archive(chart)),), annotations)


def metadata(chart: Packaged) -> Dict[str, Any]:
    """Chart.yaml with the versions filled in."""
    file = CHARTS_FOLDER / chart.name / "Chart.yaml"
    about: Dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return {**about, "version": chart.version, "appVersion": chart.app_version}


def archive(chart: Packaged) -> bytes:
    """The chart as a .tgz, the same bytes each time."""
    source = CHARTS_FOLDER / chart.name
    files = {
        str(path.relative_to(source)): path.read_bytes()
        for path in source.rglob("*")
        if path.is_file() and path.name != IMAGES
    }
    files["Chart.yaml"] = yaml.safe_dump(metadata(chart), sort_keys=False).encode()
    files.update({f"crds/{path.name}": path.read_bytes() for path in definitions(chart.name)})
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w") as tar:
        for name in sorted(files):
            info = tarfile.TarInfo(f"{chart.name}/{name}")
            info.size, info.mode = len(files[name]), 0o644
            tar.addfile(info, io.BytesIO(files[name]))
    return gzip.compress(plain.getvalue(), mtime=0)


def definitions(chart: str, folder: Path = CRDS_FOLDER) -> List[Path]:
    """The files with the CustomResourceDefinitions that come with a chart."""
    groups = GROUPS.get(chart, ())
    return [path for path in sorted(folder.rglob("*.yaml")) if groups and _groups(path) & set(groups)]


@lru_cache(maxsize=None)
def _groups(path: Path) -> FrozenSet[str]:
    documents = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    return frozenset(one["spec"]["group"] for one in documents if one and one["kind"] == "CustomResourceDefinition")


@lru_cache(maxsize=None)
def _releases() -> ModuleType:
    """The collection's release table, loaded by its place: the lab runs without Ansible."""
    name = "mke4k_lab_releases"
    specification = importlib.util.spec_from_file_location(name, RELEASES)
    if specification is None or specification.loader is None:
        raise LabError(f"The release table {RELEASES} cannot be loaded.")
    module = importlib.util.module_from_spec(specification)
    sys.modules[name] = module
    specification.loader.exec_module(module)
    return module
