# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release of k0rdent brings: its providers, their templates, and what these expose to Cluster API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Tuple

SVELTOS = "projectsveltos"
K0SMOTRON = "cluster-api-provider-k0sproject-k0smotron"


@dataclass(frozen=True)
class Part:
    """A component of a release. `exposes` are the providers that clusters can then use."""

    name: str
    template: str
    exposes: Tuple[str, ...] = ()


CAPI = Part("capi", "cluster-api-1-0-4")
PROVIDERS: Tuple[Part, ...] = (
    Part(
        K0SMOTRON,
        f"{K0SMOTRON}-1-0-6",
        (
            "bootstrap-k0sproject-k0smotron",
            "control-plane-k0sproject-k0smotron",
            "infrastructure-k0sproject-k0smotron",
        ),
    ),
    Part("cluster-api-provider-azure", "cluster-api-provider-azure-1-0-4", ("infrastructure-azure",)),
    Part("cluster-api-provider-vsphere", "cluster-api-provider-vsphere-1-0-3", ("infrastructure-vsphere",)),
    Part("cluster-api-provider-aws", "cluster-api-provider-aws-1-0-3", ("infrastructure-aws",)),
    Part("cluster-api-provider-openstack", "cluster-api-provider-openstack-1-0-5", ("infrastructure-openstack",)),
    Part("cluster-api-provider-docker", "cluster-api-provider-docker-1-0-2", ("infrastructure-docker",)),
    Part("cluster-api-provider-gcp", "cluster-api-provider-gcp-1-0-3", ("infrastructure-gcp",)),
    Part("cluster-api-provider-ipam", "cluster-api-provider-ipam-1-0-2", ("ipam-in-cluster",)),
    Part("cluster-api-provider-infoblox", "cluster-api-provider-infoblox-1-0-0", ("ipam-infoblox",)),
    Part(SVELTOS, f"{SVELTOS}-0-57-2"),
)
EXPOSED: Dict[str, Tuple[str, ...]] = {part.template: part.exposes for part in PROVIDERS}


@dataclass(frozen=True)
class Edition:
    """A Deployment that is kcm, and the prefix of its Release objects."""

    deployment: str
    prefix: str


EDITIONS: Tuple[Edition, ...] = (
    Edition("kcm-k0rdent-enterprise-controller-manager", "k0rdent-enterprise"),
    Edition("kcm-controller-manager", "kcm"),
)


def edition_of(deployment: str) -> Edition:
    return next(edition for edition in EDITIONS if edition.deployment == deployment)


def dashed(version: str) -> str:
    """As k0rdent puts versions into names of objects."""
    return version.replace("+", "-").replace(".", "-").lower()
