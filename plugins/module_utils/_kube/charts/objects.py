# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Chart objects of k0s (helm.k0sproject.io/v1beta1), from what is asked for. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import Any, Dict, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._kube.charts.spec import ChartSpec
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.yaml_package import yaml

API_VERSION = "helm.k0sproject.io/v1beta1"
NAMESPACE = "kube-system"
CHARTS = Kind(API_VERSION, "Chart")
# Without it k0s forgets the Chart and leaves the release.
FINALIZER = "helm.k0sproject.io/uninstall-helm-release"
# k0s tries a failed upgrade again only when the text of the values is another one; a comment changes nothing else.
# No values, in words: a key that every chart has and that changes nothing.
CLEARED: Mapping[str, Any] = {"global": {}}
# Words that PyYAML leaves bare, and Helm's YAML reads as numbers or truths: a tag `1e3` would become 1000.
_AMBIGUOUS = re.compile(r"[-+.]?\.?\d.*|[yYnN]", re.DOTALL)
_BREAKS = ("\x85", "\u2028", "\u2029", "\ufeff")
_ATTEMPT = re.compile(r"^# mke4k\.core: attempt (\d+)$", re.MULTILINE)


@lru_cache(maxsize=None)
def _dumper() -> Any:
    """Writes YAML that PyYAML and Helm read alike."""

    class Dumper(yaml.SafeDumper):
        """With a representation of text of its own."""

    Dumper.add_representer(str, _write_text)
    return Dumper


def _write_text(dumper: Any, text: str) -> Any:
    style = '"' if any(sign in text for sign in _BREAKS) else "'" if _AMBIGUOUS.fullmatch(text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def chart_ref(name: str) -> Ref:
    return Ref(API_VERSION, "Chart", name, NAMESPACE)


def values_text(values: Mapping[str, Any], attempt: int = 0, cleared: bool = False) -> str:
    """The same values always give the same text, so that k0s sees a change only where there is one.

    `cleared`: there were values before. Helm keeps those of the release where an upgrade comes without any.
    """
    wanted = dict(values or (CLEARED if cleared else {}))
    text = yaml.dump(wanted, Dumper=_dumper(), sort_keys=True, allow_unicode=True) if wanted else ""
    return text + (f"# mke4k.core: attempt {attempt}\n" if attempt else "")


def attempt_of(chart: Optional[Mapping[str, Any]]) -> int:
    found = _ATTEMPT.search(str(_spec(chart).get("values") or ""))
    return int(found.group(1)) if found else 0


def values_of(chart: Optional[Mapping[str, Any]]) -> Optional[Dict[str, Any]]:
    """The values of a Chart object; None where they are not YAML, of which k0s says nothing."""
    try:
        found = yaml.safe_load(str(_spec(chart).get("values") or "")) or {}
    except yaml.YAMLError:
        return None
    return dict(found) if isinstance(found, dict) else None


def values_hash(release: str, text: str) -> str:
    """As k0s writes it into the status."""
    return hashlib.sha256((release + text).encode("utf-8")).hexdigest()


def chart_object(spec: ChartSpec, attempt: int = 0, cleared: bool = False) -> Dict[str, Any]:
    return {
        "apiVersion": API_VERSION,
        "kind": "Chart",
        "metadata": {"name": spec.name, "namespace": NAMESPACE, "finalizers": [FINALIZER]},
        "spec": {
            "chartName": spec.chart,
            "version": spec.version,
            "namespace": spec.namespace,
            "releaseName": spec.release,
            "values": values_text(spec.values, attempt, cleared),
            "timeout": f"{spec.timeout_seconds}s",
            "order": spec.order,
            **({"repository": dict(spec.repository)} if spec.repository else {}),
        },
    }


def _spec(chart: Optional[Mapping[str, Any]]) -> Mapping[str, Any]:
    return (chart or {}).get("spec") or {}
