# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One call on one host: brings its files, then gives them to others where that is asked.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import random
from typing import Any, Dict, List, Mapping, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import lock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.paths import Paths
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.wait import Clock
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share import process
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.deliver import Delivered, Delivery, Wanted
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.fetch import Peers
from ansible_collections.mke4k.core.plugins.module_utils._k0s.share.server import IDLE, LIFETIME, Share

PORT = 9445
PATIENCE = 60

SHARE: Dict[str, Any] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "files": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "path": {"type": "path", "required": True},
            "sha256": {"type": "str"},
            "checksum_url": {"type": "str"},
            "mode": {"type": "str", "default": "0644"},
            "src": {"type": "path"},
            "staged": {"type": "path"},
            "url": {"type": "str"},
            "origin": {"type": "str"},
            "images": {"type": "bool", "default": False},
        },
    },
    "serve": {"type": "bool", "default": False},
    "address": {"type": "str"},
    "port": {"type": "int", "default": PORT},
    "token": {"type": "str", "no_log": True},
    "peers": {"type": "list", "elements": "str", "default": []},
    "patience": {"type": "int", "default": PATIENCE},
    "idle": {"type": "int", "default": int(IDLE)},
}
REQUIRED_IF = [("serve", True, ["address", "token"])]


def present(params: Mapping[str, Any], paths: Paths, clock: Clock, dry_run: bool) -> Dict[str, Any]:
    """The result: what came of each file, and the port where the host serves them (0: it does not)."""
    delivery = Delivery(paths, clock, _peers(params, clock))
    wanted = tuple(Wanted.from_params(item) for item in params["files"])
    if dry_run:
        return _result(delivery.deliver(wanted, dry_run=True), 0)
    with lock.only_run(paths.lock, clock.now, clock.sleep):
        found = delivery.deliver(wanted, dry_run=False)
    served = {item.sha256: item.wanted.path for item in found if item.how is not None}
    port = _serve(params, paths, clock, served) if params["serve"] and served else 0
    return _result(found, port)


def absent(paths: Paths, clock: Clock, dry_run: bool) -> Dict[str, Any]:
    if dry_run:
        return {**_result([], 0), "changed": process.runs(paths.share)}
    return {**_result([], 0), "changed": process.stop(paths.share, clock.sleep)}


def _serve(params: Mapping[str, Any], paths: Paths, clock: Clock, served: Mapping[str, str]) -> int:
    share = Share(
        address=params["address"],
        port=params["port"],
        token=params["token"],
        files=served,
        idle=float(params["idle"]),
        lifetime=LIFETIME,
    )
    return process.start(share, paths.share, clock.sleep)


def _peers(params: Mapping[str, Any], clock: Clock) -> Optional[Peers]:
    if not params["peers"]:
        return None
    return Peers(
        addresses=tuple(item for item in params["peers"] if item != params["address"]),
        port=params["port"],
        token=params["token"] or "",
        patience=float(params["patience"]),
        clock=clock,
        shuffle=random.shuffle,
    )


def _result(found: List[Delivered], port: int) -> Dict[str, Any]:
    return {
        "changed": any(item.changed and item.how is not None for item in found),
        "files": [item.to_dict() for item in found],
        "missing": [item.wanted.path for item in found if item.how is None],
        "port": port,
    }
