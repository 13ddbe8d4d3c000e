# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""All keys in etcd at one revision: what was there when the backup was made, and is there again after a restore.

etcd keeps its revisions through a backup, and old ones for some minutes, so both can be compared exactly although the
cluster goes on working.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError, NoAnswer
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import PlainData
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.etcd import Etcd

PAGE = 5000
TIMEOUT = 60.0
PREFIX = "/registry/"
# Kinds that the API server keeps under another name than theirs.
_NAMES = {"minions": "nodes", "services/specs": "services", "services/endpoints": "endpoints"}
# Written at each compaction, also while nothing else changes.
_OWN_OF_SERVER = "compact_rev_key"

Keys = Iterable[Tuple[str, int]]


class Compacted(K0sError):
    """etcd has forgotten the revision that was asked for."""


@dataclass(frozen=True)
class Census(PlainData):
    """How many keys there are at a revision, their digest, and how many objects of each kind."""

    revision: int
    keys: int
    digest: str
    kinds: Mapping[str, int] = field(default_factory=dict)


def census(revision: int, keys: Keys) -> Census:
    """`keys` are names and the revisions at which they were last changed, in the order of the names."""
    digest = hashlib.sha256()
    count = 0
    kinds: Dict[str, int] = {}
    for name, changed in keys:
        if name == _OWN_OF_SERVER:
            continue
        digest.update(f"{name} {changed}\n".encode("utf-8", "surrogateescape"))
        count += 1
        kind = kind_of(name)
        if kind:
            kinds[kind] = kinds.get(kind, 0) + 1
    return Census(revision, count, digest.hexdigest(), dict(sorted(kinds.items())))


def kind_of(key: str) -> str:
    """The kind of objects that is kept under a key, as `kubectl get` calls it where it can be told."""
    if not key.startswith(PREFIX):
        return ""
    parts = key[len(PREFIX) :].split("/")
    if len(parts) < 2:
        return ""
    if "." in parts[0] and len(parts) > 2:
        return f"{parts[1]}.{parts[0]}"
    return _NAMES.get("/".join(parts[:2])) or _NAMES.get(parts[0], parts[0])


@dataclass(frozen=True)
class EtcdKeys:
    """The keys of the etcd on this host."""

    etcd: Etcd
    page: int = PAGE

    def revision(self) -> int:
        """The revision of the cluster, as a majority of its members know it."""
        answer = self._range({"key": _coded(b"health")})
        return int((answer.get("header") or {}).get("revision") or 0)

    def at(self, revision: int) -> Iterator[Tuple[str, int]]:
        start = b"\0"
        while True:
            asked = {"key": _coded(start), "range_end": _coded(b"\0"), "keys_only": True}
            answer = self._range({**asked, "limit": self.page, "revision": revision})
            found: List[Mapping[str, Any]] = answer.get("kvs") or []
            for item in found:
                key = base64.b64decode(item["key"])
                yield key.decode("utf-8", "surrogateescape"), int(item.get("mod_revision") or 0)
            if not found or not answer.get("more"):
                return
            start = base64.b64decode(found[-1]["key"]) + b"\0"

    def _range(self, body: Mapping[str, Any]) -> Dict[str, Any]:
        path = "/v3/kv/range"
        answer = self.etcd.server.ask(path, json.dumps(body).encode("ascii"), timeout=TIMEOUT)
        found = answer.json(f"{self.etcd.server.url}{path}")
        if answer.status == 200 and isinstance(found, dict):
            return found
        said = str(found.get("message") or found.get("error") or "") if isinstance(found, dict) else ""
        if "compacted" in said:
            raise Compacted(f"etcd has forgotten revision {body.get('revision')}: {said}")
        raise NoAnswer(f"{self.etcd.server.url}{path} answered with {answer.status}: {said or 'no reason'}")


def _coded(key: bytes) -> str:
    return base64.b64encode(key).decode("ascii")
