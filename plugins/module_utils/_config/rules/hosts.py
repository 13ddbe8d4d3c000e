# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on the hosts: roles, names, addresses.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import ipaddress
from typing import Callable, Dict, Iterator, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.model import (
    CONTROLLER_WORKER,
    ROLES,
    SINGLE,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import lookup
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import (
    Draft,
    HostDraft,
    Rule,
    error,
    warning,
)


def there_are_hosts(draft: Draft) -> Iterator[Finding]:
    if not draft.hosts:
        yield error(
            "hosts-missing",
            draft.where("hosts"),
            "there are no hosts",
            "list the machines with role and ssh.address, or use an inventory with groups for controllers and workers",
        )


def there_is_a_controller(draft: Draft) -> Iterator[Finding]:
    unknown = any(not host.role for host in draft.hosts)
    if draft.hosts and not draft.controllers and not unknown:
        yield error(
            "controller-missing",
            draft.where("hosts"),
            f"none of the {len(draft.hosts)} hosts is a controller",
            f"give at least one of them the role {CONTROLLER_WORKER}",
            ", ".join(ROLES),
        )


def hosts_have_an_address(draft: Draft) -> Iterator[Finding]:
    for host in draft.hosts:
        if not host.name:
            yield error(
                "host-address-missing", host.where("ssh.address"), "is not set", "set it to where SSH reaches it"
            )


def controllers_are_odd(draft: Draft) -> Iterator[Finding]:
    count = len(draft.controllers)
    if count and count % 2 == 0:
        yield warning(
            "controllers-even",
            draft.where("hosts"),
            f"etcd needs {count // 2 + 1} of {count} controllers to go on, so {count} survive the loss of"
            f" {(count - 1) // 2}, which is no more than {count - 1} would, while one more machine can fail",
            f"use {count - 1} or {count + 1} controllers",
            "an odd number of controllers",
        )


def single_is_alone(draft: Draft) -> Iterator[Finding]:
    for host in draft.hosts:
        if host.role == SINGLE and len(draft.hosts) > 1:
            yield error(
                "single-not-alone",
                host.where("role"),
                f"is {SINGLE}, which must be the only host, but there are {len(draft.hosts)}",
                f"use {CONTROLLER_WORKER}",
            )
        elif host.role == SINGLE and draft.release.between(since="v4.1.3"):
            yield warning(
                "single-removed",
                host.where("role"),
                f"is {SINGLE}, which Mirantis has taken back for releases after v4.1.2",
                f"use {CONTROLLER_WORKER} with noTaints: true, to which more controllers can be added later",
            )


def taints_belong_to_controllers(draft: Draft) -> Iterator[Finding]:
    for host in draft.hosts:
        if host.values.get("noTaints") and host.role not in ("", CONTROLLER_WORKER, SINGLE):
            yield error(
                "no-taints-role",
                host.where("noTaints"),
                f"is true for a {host.role}, which has no taint to be left out",
                "remove it",
                f"only with the role {CONTROLLER_WORKER}",
            )


def values_differ(draft: Draft) -> Iterator[Finding]:
    for name, what, value in _UNIQUE:
        seen: Dict[str, HostDraft] = {}
        for host in draft.hosts:
            found = value(host)
            if found and found in seen:
                yield error(
                    name,
                    host.path,
                    f"has the {what} {found.strip(':')}, and so has {seen[found].path}",
                    f"give every host its own {what}",
                )
            elif found:
                seen[found] = host


def _endpoint(host: HostDraft) -> str:
    port = lookup(host.values, "ssh.port") or 22
    return f"{host.address.lower()}:{port}" if host.address else ""


_UNIQUE: Tuple[Tuple[str, str, Callable[[HostDraft], str]], ...] = (
    ("host-address-duplicate", "ssh.address", _endpoint),
    ("host-private-address-duplicate", "privateAddress", lambda host: str(host.values.get("privateAddress") or "")),
    ("hostname-duplicate", "hostname", lambda host: str(host.values.get("hostname") or "").lower()),
)


def private_addresses_are_usable(draft: Draft) -> Iterator[Finding]:
    for host in draft.hosts:
        text = host.values.get("privateAddress")
        if not text:
            continue
        address = ipaddress.IPv4Address(text)
        if address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local:
            yield error(
                "private-address-unusable",
                host.where("privateAddress"),
                f"is {text}, by which the other nodes cannot reach it",
                "use the address of the host in the network that the nodes share",
            )


HOST_RULES: Tuple[Rule, ...] = (
    there_are_hosts,
    there_is_a_controller,
    hosts_have_an_address,
    controllers_are_odd,
    single_is_alone,
    taints_belong_to_controllers,
    values_differ,
    private_addresses_are_usable,
)
