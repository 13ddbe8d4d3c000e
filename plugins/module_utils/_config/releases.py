# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The MKE releases: which components each brings, what it defaults to, and which may follow which.

Taken from the release matrix and the release notes that Mirantis publishes.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Dict, Mapping, Optional, Tuple

FLAT = "flat"
ENVELOPE = "envelope"

# Who runs Calico: k0s itself, or the Tigera operator while k0s' network provider is `custom`.
K0S_CALICO = "k0s-calico"
TIGERA = "tigera"

COMPONENTS = ("k0s", "calico", "k0rdent", "operator_image", "operator_chart")


@dataclass(frozen=True)
class Release:
    """One MKE release. Components it does not have are empty.

    `upgrade_from` names the releases upstream lets upgrade to it; where `upgrade_target_refusal` is not empty, it is
    the reason why no cluster may be upgraded to it, though it can be installed.
    """

    name: str
    form: str
    date: str
    k0s: str
    calico: str
    provider: str = TIGERA
    k0rdent: str = ""
    operator_image: str = ""
    operator_chart: str = ""
    pod_cidr: str = "192.168.0.0/16"
    service_cidr: str = "10.96.0.0/16"
    upgrade_from: Tuple[str, ...] = ()
    upgrade_target_refusal: str = ""

    @property
    def order(self) -> int:
        """Its place in time among the releases."""
        return _ORDER[self.name]

    def between(self, since: str = "", until: str = "") -> bool:
        """Whether it is not older than `since` and not younger than `until`; empty means no limit."""
        return (not since or _ORDER[since] <= self.order) and (not until or self.order <= _ORDER[until])

    def with_components(self, versions: Mapping[str, str]) -> Release:
        """The same release with other versions of some `COMPONENTS`."""
        chosen: Dict[str, Any] = {name: versions[name] for name in COMPONENTS if versions.get(name)}
        return replace(self, **chosen)


_NO_4_1_3 = (
    "Mirantis supports v4.1.3 for new clusters only: an upgrade to it fails its check of artefacts, which looks for"
    " every image under a doubled prefix"
)

RELEASES: Tuple[Release, ...] = (
    Release(
        name="Alpha.1",
        form=FLAT,
        date="2024-05",
        k0s="v1.29.3+k0s.0",
        calico="",
        provider=K0S_CALICO,
        pod_cidr="10.244.0.0/16",
        service_cidr="10.96.0.0/12",
    ),
    Release(name="rc.1", form=FLAT, date="2024-10", k0s="v1.29.3+k0s.0", calico="", provider=K0S_CALICO),
    Release(
        name="v4.0.0",
        form=ENVELOPE,
        date="2024-11-20",
        k0s="v1.31.1+k0s.1",
        calico="v3.28.2",
        provider=K0S_CALICO,
        operator_image="v1.0.0",
    ),
    Release(
        name="v4.1.0",
        form=ENVELOPE,
        date="2025-05-02",
        k0s="v1.32.3+k0s.0",
        calico="v3.29.3",
        k0rdent="0.2.0-alpha4",
        operator_image="v1.3.0",
        operator_chart="1.0.0",
    ),
    Release(
        name="v4.1.1",
        form=ENVELOPE,
        date="2025-09-17",
        k0s="v1.32.6+k0s.0",
        calico="v3.30.200",
        k0rdent="1.1.0",
        operator_image="v1.4.5",
        operator_chart="3.4.1",
        upgrade_from=("v4.1.0",),
    ),
    Release(
        name="v4.1.2",
        form=ENVELOPE,
        date="2025-12-02",
        k0s="v1.32.6+k0s.0",
        calico="v3.30.200",
        k0rdent="1.1.0",
        operator_image="v1.4.15",
        operator_chart="3.11.2",
        upgrade_from=("v4.1.0", "v4.1.1"),
    ),
    Release(
        name="v4.1.3",
        form=ENVELOPE,
        date="2026-03-05",
        k0s="v1.32.11+k0s.0",
        calico="v3.30.200",
        k0rdent="1.2.3",
        operator_image="v1.6.1",
        operator_chart="3.17.1",
        upgrade_target_refusal=_NO_4_1_3,
    ),
    Release(
        name="v4.1.4",
        form=ENVELOPE,
        date="2026-04-02",
        k0s="v1.32.11+k0s.0",
        calico="v3.30.200",
        k0rdent="1.2.3",
        operator_image="v1.6.1",
        operator_chart="3.17.1",
        upgrade_from=("v4.1.0", "v4.1.1", "v4.1.2", "v4.1.3"),
    ),
    Release(
        name="v4.1.5",
        form=ENVELOPE,
        date="2026-04-23",
        k0s="v1.32.11+k0s.0",
        calico="v3.30.200",
        k0rdent="1.2.3",
        operator_image="v1.6.3",
        operator_chart="3.17.2",
        upgrade_from=("v4.1.0", "v4.1.1", "v4.1.2", "v4.1.3", "v4.1.4"),
    ),
    Release(
        name="v4.2.0",
        form=ENVELOPE,
        date="2026-06-30",
        k0s="v1.35.4+k0s.0",
        calico="v3.31.500",
        k0rdent="1.3.2",
        operator_image="v1.7.10",
        operator_chart="3.19.24",
        upgrade_from=("v4.1.5",),
    ),
)

_ORDER: Dict[str, int] = {release.name: place for place, release in enumerate(RELEASES)}
DEFAULT = "v4.1.2"

_ALIASES = {
    "alpha.1": "Alpha.1",
    "alpha1": "Alpha.1",
    "4.0.0-alpha.1": "Alpha.1",
    "4.0.0-alpha.1.0": "Alpha.1",
    "rc.1": "rc.1",
    "rc1": "rc.1",
    "4.0.0-rc.1": "rc.1",
}


class UnknownRelease(ValueError):
    """A name that no release has."""


def release_names() -> Tuple[str, ...]:
    return tuple(release.name for release in RELEASES)


def release(name: str) -> Release:
    """The release with that name: `v4.1.2`, `4.1.2`, `Alpha.1`, `rc.1` and the like, in any case."""
    text = name.strip().lower()
    text = text[1:] if text.startswith("v") else text
    wanted = _ALIASES.get(text, f"v{text}")
    if wanted not in _ORDER:
        raise UnknownRelease(f"{name[:60]!r} is not a known MKE release; known are {', '.join(release_names())}")
    return RELEASES[_ORDER[wanted]]


def refused_upgrade(current: Release, target: Release) -> Optional[str]:
    """Why a cluster of release `current` may not be upgraded to `target`; None where it may."""
    if current.name == target.name:
        return None
    if target.order < current.order:
        return f"{target.name} is older than the cluster's {current.name}; restore a backup of that release instead"
    if target.upgrade_target_refusal:
        return f"{target.upgrade_target_refusal}. Upgrade to {_next_target(current, target)} instead"
    if current.name not in target.upgrade_from:
        known = ", ".join(target.upgrade_from) or "no release"
        return f"upstream supports an upgrade to {target.name} from {known}, and not from {current.name}"
    return None


def _next_target(current: Release, refused: Release) -> str:
    for candidate in RELEASES[refused.order :]:
        if current.name in candidate.upgrade_from:
            return candidate.name
    return "a later release"
