# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every check that the facts of all hosts allow, before anything is changed. Pure.

What only a running cluster tells is judged by `guards`, what mke4.yaml alone tells by `_config`, and what has to be
tried out on a host by `_k0s/probe`.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Callable, Iterator, List, Mapping, Sequence, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks import (
    clock,
    disks,
    identity,
    network,
    ports,
    remains,
    system,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.checks.subject import (
    ClusterView,
    Subject,
    subjects_of,
)

Check = Callable[[ClusterView, Sequence[Subject]], Iterator[Finding]]

CHECKS: Tuple[Check, ...] = (
    identity.machine_ids_differ,
    identity.macs_differ,
    identity.hostnames_are_usable,
    identity.address_is_on_the_host,
    clock.clocks_agree,
    system.architecture_is_supported,
    system.service_manager_is_known,
    system.cgroups_are_new_enough,
    system.kernel_is_new_enough,
    system.system_is_supported,
    system.memory_suffices,
    system.swap_is_off,
    system.selinux_is_prepared,
    disks.disks_are_usable,
    disks.disk_space_suffices,
    ports.ports_are_free,
    ports.firewall_lets_k0s_through,
    network.cluster_networks_are_free,
    network.name_servers_stay_reachable,
    network.localhost_resolves,
    network.default_route_is_there,
    remains.no_other_kubernetes,
    remains.k0s_is_whole,
    remains.data_dir_is_kept,
    remains.certificates_last,
)


def host_findings(view: ClusterView, hosts: Mapping[str, Mapping[str, Any]]) -> List[Finding]:
    """Findings about the hosts, which are results of k0s_node_info by name (`host` and `node`)."""
    subjects = subjects_of(view, hosts)
    return [finding for check in CHECKS for finding in check(view, subjects)]


def view_of(cluster: Any, addresses: Mapping[str, str], disabled_components: Sequence[str] = ()) -> ClusterView:
    """The view of a `_config` cluster; `addresses` are the node addresses that were found."""
    return ClusterView(
        roles={host.name: host.role for host in cluster.hosts},
        addresses=dict(addresses),
        pod_cidr=cluster.pod_cidr,
        service_cidr=cluster.service_cidr,
        k0s_version=cluster.k0s_version,
        release=cluster.release.name,
        data_dir=cluster.data_dir,
        api_port=cluster.api_port,
        disabled_components=tuple(disabled_components),
    )
