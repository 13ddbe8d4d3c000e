# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that hosts are who they say they are, and that no two are the same.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import ClusterView, Subject
from ansible_collections.mke4k.core.plugins.module_utils._k0s.versions import K0sVersion

# k0s before 1.30 leads elections by machine id.
_MACHINE_ID_MATTERS_BEFORE = "v1.30.0+k0s.0"
_NODE_NAME = re.compile(r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$")


def machine_ids_differ(view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    by_id: Dict[str, List[Subject]] = {}
    for subject in subjects:
        if subject.facts.get("machine_id"):
            by_id.setdefault(subject.facts["machine_id"], []).append(subject)
    fatal = bool(view.k0s_version) and K0sVersion(view.k0s_version) < K0sVersion(_MACHINE_ID_MATTERS_BEFORE)
    for machine_id, same in by_id.items():
        for subject in same[1:]:
            message = f"has the machine id {machine_id} that {same[0].name} has too; one was copied from the other"
            remedy = (
                "on one of them: rm /etc/machine-id && systemd-machine-id-setup && systemctl reboot, and make an image "
                "without an id for further hosts"
            )
            finding = subject.error if fatal else subject.warning
            yield finding("machine-id-duplicate", message, remedy)


def macs_differ(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    seen: Dict[str, str] = {}
    for subject in subjects:
        for mac in subject.facts.get("macs") or ():
            if seen.get(mac, subject.name) != subject.name:
                yield subject.warning(
                    "mac-duplicate",
                    f"has a network device with the hardware address {mac} that one of {seen[mac]} has too",
                    "give the device of one of them another address if both are in the same network; service "
                    "processors that use one address everywhere do no harm",
                )
            seen.setdefault(mac, subject.name)


def hostnames_are_usable(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        hostname = str(subject.facts.get("hostname") or "").lower()
        if hostname.split(".", maxsplit=1)[0] == "localhost":
            yield subject.error(
                "hostname-localhost",
                "has the host name localhost, under which no node can be told from another",
                "set a host name: hostnamectl set-hostname NAME, or hostname for it in mke4.yaml",
            )
        elif hostname and (not _NODE_NAME.match(hostname) or len(hostname) > 253):
            yield subject.error(
                "hostname-invalid",
                f"has the host name {hostname}, which Kubernetes does not take for a node",
                "use lower-case letters, digits, dots and hyphens only: hostnamectl set-hostname NAME",
            )


def address_is_on_the_host(_view: ClusterView, subjects: Sequence[Subject]) -> Iterator[Finding]:
    for subject in subjects:
        own = [item.get("address") for item in subject.facts.get("addresses") or ()]
        if subject.address and own and subject.address not in own:
            yield subject.error(
                "node-address-missing",
                f"is to have the node address {subject.address}, which is on none of its interfaces",
                "correct privateAddress in mke4.yaml, or add the address to an interface; behind address translation "
                "use the address that the host itself has",
            )
