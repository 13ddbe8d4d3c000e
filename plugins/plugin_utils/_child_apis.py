# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks children themselves, each by its own kubeconfig, what they have in AWS before they are deleted.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._children import kubeconfig
from ansible_collections.mke4k.core.plugins.module_utils._children.record import Record, found_in_account, seen_in
from ansible_collections.mke4k.core.plugins.module_utils._children.remove import Doomed
from ansible_collections.mke4k.core.plugins.module_utils._kube.access import Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.client import connect
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError

# They only wait, each for another server.
AT_ONCE = 64
# A child that cannot be deleted may well be one that does not answer: that must not hold up the others for long.
PATIENCE_SECONDS = 10.0


def recorded(
    api: Api, doomed: Sequence[Doomed], found_in_aws: Sequence[Mapping[str, Any]], say: Callable[[str], None]
) -> dict[str, Record]:
    """By child: what it said itself, and what was found in its account. Who does not answer is told, and goes on."""
    there = [item for item in doomed if item.is_there]
    texts = {
        item.name: item for item in kubeconfig.read(api, [item.name for item in there], there[0].ref.namespace)
    } if there else {}  # fmt: skip

    def one(item: Doomed) -> Record:
        return _asked(item, texts[item.name], say)

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        seen = dict(zip((item.name for item in there), pool.map(one, there), strict=True))
    for item in doomed:
        resources = [resource for resource in found_in_aws if resource.get("child") == item.name]
        seen[item.name] = found_in_account(item.region, resources).joined(seen.get(item.name, Record()))
    return seen


def _asked(item: Doomed, found: kubeconfig.ChildKubeconfig, say: Callable[[str], None]) -> Record:
    if not found.text:
        say(f"{item.name}: its volumes cannot be asked for: {found.message}.")
        return Record(region=item.region)
    try:
        child = connect(Access.of({"kubeconfig": found.text}, {}), deadline=PATIENCE_SECONDS)
        return seen_in(child, item.region)
    except KubeError as error:
        say(f"{item.name}: its volumes cannot be asked for, leftovers without a tag will not be recognised: {error}")
        return Record(region=item.region)
