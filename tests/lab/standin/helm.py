# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Helm's own record of a release, as Helm writes it: a Secret for each revision."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any, Dict

from .api import Object
from .kinds import SECRET

TYPE = "helm.sh/release.v1"
DEPLOYED = "deployed"
FAILED = "failed"
PENDING = "pending-install"


def secret_name(release: str, revision: int = 1) -> str:
    return f"sh.helm.release.v1.{release}.v{revision}"


def record(release: str, namespace: str, chart: str, version: str, status: str, description: str = "") -> Object:
    """The Secret of the release's first revision."""
    labels = {"name": release, "owner": "helm", "status": status, "version": "1"}
    content = {
        "name": release,
        "namespace": namespace,
        "version": 1,
        "info": {"status": status, "description": description},
        "chart": {"metadata": {"name": chart, "version": version, "appVersion": version}},
    }
    made = SECRET.made(secret_name(release), namespace, type=TYPE, data={"release": _packed(content)})
    made["metadata"]["labels"] = labels
    return made


def owned(item: Object, release: str, namespace: str) -> Object:
    """The object with the marks of the release that it belongs to."""
    metadata: Dict[str, Any] = item["metadata"]
    marks = {"meta.helm.sh/release-name": release, "meta.helm.sh/release-namespace": namespace}
    metadata["annotations"] = {**metadata.get("annotations", {}), **marks}
    metadata["labels"] = {**metadata.get("labels", {}), "app.kubernetes.io/managed-by": "Helm"}
    return item


def _packed(content: Dict[str, Any]) -> str:
    """JSON, compressed, in base64, and that again in the base64 of every Secret; the same for the same content."""
    text = gzip.compress(json.dumps(content, sort_keys=True).encode("utf-8"), mtime=0)
    return base64.b64encode(base64.b64encode(text)).decode("ascii")
