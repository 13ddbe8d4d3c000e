# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a child has in AWS, written down before it is deleted.

Volumes of PersistentVolumes carry no tag of their cluster (k0rdent sets no k8sTagClusterId of the EBS driver), and
Cluster API leaves them behind. After the deletion nobody could tell any more whose they were. The record is a ConfigMap
beside the child, so that a run that was killed finds it again.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.model import Manifest
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref

PERSISTENT_VOLUME = Kind("v1", "PersistentVolume")
SERVICE = Kind("v1", "Service")
EBS_DRIVER = "ebs.csi.aws.com"
LABEL = "mke4k.core/record-of"
KEY = "record.json"
# What the scan of an account calls them, and the field of a record they belong to.
FIELD_OF_TYPE = {
    "volume": "volumes",
    "load-balancer": "load_balancers",
    "classic-load-balancer": "load_balancers",
    "network-interface": "network_interfaces",
    "vpc": "vpcs",
}
LISTS = tuple(dict.fromkeys(FIELD_OF_TYPE.values()))


@dataclass(frozen=True)
class Record:
    """Identifiers in AWS. `load_balancers` are DNS names or ARNs. `complete`: the child itself could be asked."""

    region: str = ""
    volumes: Tuple[str, ...] = ()
    load_balancers: Tuple[str, ...] = ()
    network_interfaces: Tuple[str, ...] = ()
    vpcs: Tuple[str, ...] = ()
    complete: bool = False

    def to_dict(self) -> Dict[str, Any]:
        found = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in found.items()}

    def joined(self, other: Record) -> Record:
        """Nothing that was ever seen is lost: a later look, at a child half gone, sees less."""
        lists: Dict[str, Any] = {name: tuple(sorted({*getattr(self, name), *getattr(other, name)})) for name in LISTS}
        return Record(region=self.region or other.region, complete=self.complete or other.complete, **lists)


def record_ref(child: str, namespace: str) -> Ref:
    return Ref("v1", "ConfigMap", f"mke4k-record-{child}", namespace)


def record_object(child: str, namespace: str, record: Record) -> Manifest:
    ref = record_ref(child, namespace)
    return {
        "apiVersion": ref.api_version,
        "kind": ref.kind,
        "metadata": {
            "name": ref.name,
            "namespace": ref.namespace,
            "labels": {LABEL: child, "app.kubernetes.io/managed-by": "mke4k.core"},
        },
        "data": {KEY: json.dumps(record.to_dict(), sort_keys=True)},
    }


def read_records(api: Api, namespace: str) -> Dict[str, Record]:
    """The records of earlier runs, by child. One that somebody broke counts as none: the next look makes it anew."""
    kind = record_ref("", namespace).of_kind
    return {
        str(item["metadata"]["labels"][LABEL]): _parsed(item)
        for item in api.list(kind, namespace=namespace, labels=LABEL).items
    }


def record_of(region: str, volumes: Iterable[Mapping[str, Any]], services: Iterable[Mapping[str, Any]]) -> Record:
    """From the PersistentVolumes and Services of a child."""
    return Record(
        region=region,
        volumes=tuple(sorted(filter(None, map(_volume_id, volumes)))),
        load_balancers=tuple(sorted({name for service in services for name in _addresses(service)})),
        complete=True,
    )


def seen_in(child_api: Api, region: str) -> Record:
    """Asks the child itself."""
    return record_of(region, child_api.list(PERSISTENT_VOLUME).items, child_api.list(SERVICE).items)


def found_in_account(region: str, resources: Sequence[Mapping[str, Any]]) -> Record:
    """From what aws_orphans found before the deletion."""
    lists: Dict[str, List[str]] = {name: [] for name in LISTS}
    for item in resources:
        name = FIELD_OF_TYPE.get(str(item.get("type") or ""))
        if name:
            lists[name].append(str(item.get("id") or ""))
    found: Dict[str, Any] = {name: tuple(sorted(ids)) for name, ids in lists.items()}
    return Record(region=region, **found)


def _volume_id(volume: Mapping[str, Any]) -> Optional[str]:
    spec: Mapping[str, Any] = volume.get("spec") or {}
    csi: Mapping[str, Any] = spec.get("csi") or {}
    if csi.get("driver") == EBS_DRIVER:
        return str(csi.get("volumeHandle") or "")
    in_tree: Mapping[str, Any] = spec.get("awsElasticBlockStore") or {}
    return str(in_tree.get("volumeID") or "").rpartition("/")[2]


def _addresses(service: Mapping[str, Any]) -> List[str]:
    balancer: Mapping[str, Any] = (service.get("status") or {}).get("loadBalancer") or {}
    return [str(entry["hostname"]) for entry in balancer.get("ingress") or () if entry.get("hostname")]


def _parsed(item: Mapping[str, Any]) -> Record:
    try:
        found = json.loads((item.get("data") or {}).get(KEY) or "{}")
    except ValueError:
        return Record()
    if not isinstance(found, dict):
        return Record()
    names = {entry.name for entry in fields(Record)}
    kept: Dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in found.items() if key in names
    }
    return Record(**kept)
