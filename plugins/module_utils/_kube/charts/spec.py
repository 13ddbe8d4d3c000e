# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A chart as it is asked for. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Dict, List, Mapping

from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.module_utils._kube.yaml_package import yaml

DEFAULT_TIMEOUT = 600
_NAME = re.compile(r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
# k0s compares the text with what the chart says of itself: a range is upgraded again and again, and `v0.1.0` is
# another version than `0.1.0`.
_EXACT = re.compile(r"^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$")
_LONGEST_RELEASE = 53


class ChartMistake(KubeError):
    """Charts that cannot be installed as they are written. The message has all mistakes."""


@dataclass(frozen=True)
class ChartSpec:
    """`chart` is a reference (`oci://host/folder/name`, or `repository/name`), `version` an exact one.

    `repository`: where the chart is from, with its login and authority; k0s has it in a Chart since 1.35.
    """

    name: str
    chart: str
    version: str
    release: str
    namespace: str
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    timeout_seconds: int = DEFAULT_TIMEOUT
    order: int = 0
    repository: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> ChartSpec:
        name = str(given.get("name") or "")
        return cls(
            name=name,
            chart=str(given.get("chart") or ""),
            version=str(given.get("version") or ""),
            release=str(given.get("release") or "") or name,
            namespace=str(given.get("namespace") or "") or "default",
            values=read_values(given.get("values"), f"chart {name}: its values"),
            timeout_seconds=int(given.get("timeout_seconds") or DEFAULT_TIMEOUT),
            order=int(given.get("order") or 0),
            repository=given.get("repository") or {},
        )


def read_values(given: Any, what: str) -> Dict[str, Any]:
    """Values as a mapping, or as YAML text of one. k0s installs a chart without any of them where the text is broken,
    and says nothing.
    """
    if isinstance(given, str):
        try:
            given = yaml.safe_load(given)
        except yaml.YAMLError as error:
            raise ChartMistake(f"Nothing was changed: {what} are not YAML: {_where(error)}") from error
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise ChartMistake(f"Nothing was changed: {what} are {type(given).__name__} and not a mapping.")
    return dict(given)


def is_exact(version: str) -> bool:
    return bool(_EXACT.match(version))


def _where(error: Exception) -> str:
    """The place and the problem, without the text around it: it may hold a secret."""
    mark = getattr(error, "problem_mark", None)
    place = f" in line {mark.line + 1}, column {mark.column + 1}" if mark else ""
    return f"{getattr(error, 'problem', None) or 'it cannot be read'}{place}."


def check_specs(specs: List[ChartSpec]) -> None:
    """Raises ChartMistake with all that is wrong in any of them."""
    mistakes = [f"chart {spec.name or '(without a name)'}: {text}" for spec in specs for text in _mistakes(spec)]
    names = [spec.name for spec in specs]
    mistakes += [f"chart {name} is given twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if mistakes:
        raise ChartMistake("Nothing was changed: " + "; ".join(mistakes) + ".")


def _mistakes(spec: ChartSpec) -> List[str]:
    found = []
    for what, text, longest in (
        ("name", spec.name, 253),
        ("release", spec.release, _LONGEST_RELEASE),
        ("namespace", spec.namespace, 63),
    ):
        if not _NAME.match(text) or len(text) > longest:
            found.append(f"its {what} {text!r} is not a name of at most {longest} small letters, digits, - and .")
    if "/" not in spec.chart or ("://" in spec.chart and not spec.chart.startswith("oci://")):
        found.append(f"{spec.chart!r} is no reference; k0s takes oci://host/path/name, or repository/name")
    if not is_exact(spec.version):
        found.append(f"{spec.version or 'no version'!r} is not an exact version such as 1.2.3; k0s needs one")
    return found
