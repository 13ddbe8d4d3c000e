#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_node_info
short_description: See what a host is and how k0s runs on it
version_added: 0.1.0
description:
  - Reads in one call all that a plan needs of a host, k0s with its service, configuration, etcd member and Node, and
    the facts of the host itself.
  - Starts no k0s. It reads files, k0s' status socket, the API server and etcd, all with time limits of a few seconds,
    and asks systemd once. A server that does not answer is told in the result and is no failure.
  - The result holds no secret. Passwords, tokens and keys in C(k0s.yaml) are masked, and secret variables of the
    service are there as digests.
  - Needs root (C(become)) where k0s is installed.
author:
  - mke4k.core contributors (@mke4k)
options:
  files:
    description: Other files whose digest, mode and owner are wanted. Missing ones are left out of the result.
    type: list
    elements: path
    default: []
  reference_time:
    description:
      - The time by the control node's clock when the task was sent, in seconds since 1970. It is returned as it is, so
        that the clocks of hosts that were read one after another can be compared.
    type: float
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.platform_host
  - mke4k.core._k0s_host
  - mke4k.core._k0s_host.binary
seealso:
  - module: mke4k.core.k0s_plan
  - module: mke4k.core.k0s_preflight
"""

EXAMPLES = r"""
- name: See what every host is
  mke4k.core.k0s_node_info:
    files:
      - /var/lib/k0s/audit-policy.yaml
    reference_time: "{{ now().timestamp() }}"
  become: true
  register: info

- name: Show the versions that run
  ansible.builtin.debug:
    msg: "{{ info.node.running.version | default('no k0s runs here') }}"
"""

RETURN = r"""
node:
  description: What k0s is on the host. A part that is not there is V(null).
  returned: success
  type: dict
  contains:
    hostname:
      description: The host name in lower case.
      type: str
      sample: n1
    binary:
      description: The installed binary.
      type: dict
      contains:
        path:
          description: Its path.
          type: str
        sha256:
          description: Its digest.
          type: str
        version:
          description: Its version, empty where neither a record of the installation nor a running k0s proves it.
          type: str
          sample: v1.33.13+k0s.0
    service:
      description: The service of k0s.
      type: dict
      contains:
        name:
          description: V(k0scontroller) or V(k0sworker).
          type: str
        manager:
          description: V(systemd) or V(openrc).
          type: str
        enabled:
          description: Whether it starts with the host.
          type: bool
        active:
          description: Whether it runs or is about to. That says nothing about k0s' health.
          type: bool
        failed:
          description: Whether the service manager has given up on it.
          type: bool
        arguments:
          description: The flags after C(k0s controller) or C(k0s worker).
          type: list
          elements: str
        environment:
          description: Its variables. Secret values are replaced by a digest that begins with V(pbkdf2:).
          type: dict
    running:
      description: The running k0s, in the words of its status socket.
      type: dict
      contains:
        version:
          description: Its version.
          type: str
        role:
          description: V(controller) or V(worker).
          type: str
        pid:
          description: Its process.
          type: int
        started_at:
          description: When it was started, in seconds since 1970 by the host's clock.
          type: float
        workloads:
          description: Whether it runs a kubelet.
          type: bool
        single_node:
          description: Whether it is a cluster of its own.
          type: bool
        arguments:
          description: The flags it was started with.
          type: list
          elements: str
        data_dir:
          description: Its folder for data.
          type: str
        cluster_config:
          description: The configuration it uses, only on controllers.
          type: dict
        connected:
          description: Whether its kubelet's credentials work.
          type: bool
        connection_message:
          description: Why they do not.
          type: str
    config:
      description: C(/etc/k0s/k0s.yaml).
      type: dict
      contains:
        path:
          description: Its path.
          type: str
        sha256:
          description: The digest of its true text.
          type: str
        text:
          description: Its text with secret values masked.
          type: str
        mode:
          description: Its permissions.
          type: str
    files:
      description: Those of O(files) that are there, by path, each with path, sha256, mode, owner and group.
      type: dict
    joined:
      description: Whether the host is a member of a cluster.
      type: bool
    restart_pending:
      description: Whether k0s runs on an older binary, configuration, unit or file than those on disk.
      type: bool
    ready:
      description:
        - Of a controller, whether its API server is ready. Of a worker, whether its Node is. Of both in one, whether
          both are. V(null) where it cannot be told.
      type: bool
    ready_message:
      description: Why it is not ready.
      type: str
    api_server:
      description: The URL under which the kubelet of the host reaches the API. Empty before it has joined.
      type: str
      sample: https://10.0.0.11:6443
    etcd:
      description:
        - The etcd of a controller with its name, member_id, healthy, leader, error and members, each of which has id,
          name, peer_url, learner and answers. V(null) where the cluster's storage is something else.
      type: dict
    node:
      description:
        - The Node of a host with workloads, with name, ready, reason, message, heartbeat (in seconds since 1970),
          unschedulable, labels, annotations and taints.
      type: dict
    certificates:
      description:
        - The certificates of k0s with path, subject, C(not_before) and C(not_after). The first to end comes first.
        - C(written) is when its file was, in seconds since the epoch. C(renewed_by) says who issues it anew - V(k0s) at
          each start of a controller, the V(kubelet) by itself, or nobody but a person (V(hand)).
      type: list
      elements: dict
      sample:
        - path: /var/lib/k0s/pki/server.crt
          subject: kubernetes
          not_before: "2026-11-21T02:05:00Z"
          not_after: "2027-11-21T02:10:00Z"
          written: 1795227000.0
          renewed_by: k0s
    ca_sha256:
      description: The digest of the file of the cluster's certificate authority. Empty before there is one.
      type: str
host:
  description: Facts of the host.
  returned: success
  type: dict
  contains:
    hostname:
      description: The host name.
      type: str
    machine_id:
      description: The content of C(/etc/machine-id).
      type: str
    boot_id:
      description: Changes with every boot.
      type: str
    time:
      description: The host's clock when it was read, in seconds since 1970.
      type: float
    reference_time:
      description: O(reference_time) as it was given.
      type: float
    os:
      description: The distribution with id, version_id, id_like and pretty_name.
      type: dict
    init:
      description: V(systemd), V(openrc), or the name of the first process.
      type: str
    architecture:
      description: The machine in the kernel's words.
      type: str
      sample: x86_64
    kernel:
      description: The kernel's release.
      type: str
    cgroup:
      description: The version of control groups, V(1) or V(2).
      type: int
    python:
      description: The version of Python that the module ran with.
      type: str
    cpus:
      description: How many CPUs there are.
      type: int
    memory_bytes:
      description: Memory.
      type: int
    swap_bytes:
      description: Active swap.
      type: int
    selinux:
      description: V(enforcing), V(permissive) or V(disabled).
      type: str
    apparmor:
      description: Whether AppArmor is on.
      type: bool
    modules:
      description: The kernel modules that k0s may need and that are loaded or built in.
      type: list
      elements: str
    firewall:
      description: Which of firewalld, ufw and nftables is active. Empty where systemd does not run.
      type: dict
    disks:
      description: >-
        By path the file system that holds it, with mount, type, size_bytes, free_bytes, read_only and noexec, for the
        data folder, the binary's folder, C(/tmp), C(/var/log) and C(/var/lib/kubelet).
      type: dict
    addresses:
      description: The addresses of the host with interface, address and prefix.
      type: list
      elements: dict
    routes:
      description: The IPv4 routes with destination, gateway, interface and metric.
      type: list
      elements: dict
    default_interface:
      description: The interface of the default route. Empty where there is none.
      type: str
    default_address:
      description: The host's address on that interface.
      type: str
    macs:
      description: Hardware addresses.
      type: list
      elements: str
    nameservers:
      description: The name servers in C(/etc/resolv.conf).
      type: list
      elements: str
    resolves_localhost:
      description: Whether the name localhost has an address.
      type: bool
    listening:
      description: >-
        What listens, with protocol, port, address and process. The process is only looked for where k0s does not run.
      type: list
      elements: dict
    leftovers:
      description: What other Kubernetes distributions left or run on the host, with path and what.
      type: list
      elements: dict
    k0s_processes:
      description: Running controllers and workers with pid, role and the service that started them, if one did.
      type: list
      elements: dict
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.info import INFO, look


def main() -> None:
    module = AnsibleModule(argument_spec=INFO, supports_check_mode=True)
    try:
        found = look(module.params)
    except K0sError as error:
        module.fail_json(**error.report())
    module.exit_json(changed=False, **found)


if __name__ == "__main__":
    main()
