# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machines of child clusters are an inventory."""

from __future__ import annotations

DOCUMENTATION = r"""
name: children
short_description: The machines of child clusters in AWS
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Makes an inventory of the machines of all child clusters that a mothership has, as Cluster API tells them on it. AWS
    is not asked, and no key of AWS is needed.
  - The inventory file is YAML, and its name ends in C(children.yaml) or C(children.yml), or it names the plugin.
  - Hosts are called as their machines, C(<child>-...). They are in the groups C(mke4k_children), C(child_<name>),
    C(children_controllers) or C(children_workers), and C(children_region_<region>), with signs that names of groups
    must not have replaced by C(_).
  - Each host gets C(ansible_host) and C(ansible_user), and C(mke4k_child), C(mke4k_child_role), C(mke4k_child_machine),
    C(mke4k_child_node), C(mke4k_child_namespace), C(mke4k_child_region), C(mke4k_child_zone),
    C(mke4k_child_instance_id), C(mke4k_child_instance_type), C(mke4k_child_internal_ip), C(mke4k_child_external_ip),
    C(mke4k_child_version), C(mke4k_child_phase), C(mke4k_child_bastion) and C(mke4k_child_labels).
  - Machines of children are made and replaced by Cluster API. What is changed on them by hand is gone with them.
options:
  plugin:
    description:
      - The name of this plugin.
    type: str
    required: true
    choices:
      - mke4k.core.children
  namespace:
    description:
      - Namespace of the children on the mothership.
    type: str
    default: k0rdent
  children:
    description:
      - Names of the children that are taken. Empty means all.
    type: list
    elements: str
    default: []
  address:
    description:
      - Which address becomes C(ansible_host). V(auto) is the external one where a machine has one, else the internal
        one. A machine without the address that is asked for gets no C(ansible_host).
    type: str
    choices: [auto, internal, external]
    default: auto
  running_only:
    description:
      - Leave out machines that are not (any more) in phase C(Running).
    type: bool
    default: true
  user:
    description:
      - The user for SSH, C(ec2-user) of Amazon Linux. Empty leaves C(ansible_user) to others.
    type: str
    default: ec2-user
  bastion:
    description:
      - Reach the machines of a child that has a bastion (C(bastion.enabled)) through it, where their internal address
        is used, by C(ProxyJump) in C(ansible_ssh_common_args).
      - The key for both has to be the one of SSH's agent or configuration, as C(ProxyJump) takes none from Ansible.
    type: bool
    default: false
  bastion_user:
    description:
      - The user for SSH on the bastion, which is an Ubuntu where nobody chose its image.
    type: str
    default: ubuntu
  group_prefix:
    description:
      - What the names of the groups of each child begin with.
    type: str
    default: child_
  kubeconfig:
    description:
      - The kubeconfig of the mothership, as a path on the control node, as a mapping, or as YAML text. A relative path
        starts at the inventory file.
      - Empty means E(KUBECONFIG) where no O(host) is given, then C(~/.kube/config) or the pod's own account.
    type: raw
    env:
      - name: K8S_AUTH_KUBECONFIG
  context:
    description:
      - The context of the kubeconfig. Empty means the current one.
    type: str
    env:
      - name: K8S_AUTH_CONTEXT
  host:
    description:
      - URL of the mothership's API.
    type: str
    env:
      - name: K8S_AUTH_HOST
  api_key:
    description:
      - A bearer token.
    type: str
    env:
      - name: K8S_AUTH_API_KEY
  username:
    description:
      - User for basic authentication.
    type: str
    env:
      - name: K8S_AUTH_USERNAME
  password:
    description:
      - Password for basic authentication.
    type: str
    env:
      - name: K8S_AUTH_PASSWORD
  ca_cert:
    description:
      - Path of the authority's certificate.
    type: path
    env:
      - name: K8S_AUTH_SSL_CA_CERT
  client_cert:
    description:
      - Path of a client certificate.
    type: path
    env:
      - name: K8S_AUTH_CERT_FILE
  client_key:
    description:
      - Path of the key of the client certificate.
    type: path
    env:
      - name: K8S_AUTH_KEY_FILE
  validate_certs:
    description:
      - Whether the server's certificate is checked. Unset means it is.
    type: bool
    env:
      - name: K8S_AUTH_VERIFY_SSL
  proxy:
    description:
      - URL of an HTTP or SOCKS proxy.
    type: str
    env:
      - name: K8S_AUTH_PROXY
  impersonate_user:
    description:
      - Act as this user.
    type: str
    env:
      - name: K8S_AUTH_IMPERSONATE_USER
  impersonate_groups:
    description:
      - Act as a member of these groups.
    type: list
    elements: str
    env:
      - name: K8S_AUTH_IMPERSONATE_GROUPS
  request_timeout:
    description:
      - For how long one request is repeated, in seconds, while the API does not answer.
    type: int
    default: 30
extends_documentation_fragment:
  - ansible.builtin.constructed
  - ansible.builtin.inventory_cache
requirements:
  - kubernetes >= 24.2.0 (Python, on the control node)
notes:
  - The cache holds names, addresses and labels of machines, and no secret.
  - With a mothership that has no children yet, or none of the kinds of Cluster API, the inventory is empty.
seealso:
  - module: mke4k.core.child_cluster_info
  - plugin: mke4k.core.mke4
    plugin_type: inventory
"""

EXAMPLES = r"""
# children.yaml
plugin: mke4k.core.children
kubeconfig: ~/.mke/mke.kubeconf
---
# The workers of two children, through their bastions, with groups by zone:
plugin: mke4k.core.children
kubeconfig: ~/.mke/mke.kubeconf
children: [berlin, paris]
address: internal
bastion: true
keyed_groups:
  - key: mke4k_child_zone
    prefix: zone
groups:
  big: mke4k_child_instance_type.endswith('xlarge')
compose:
  ansible_python_interpreter: "'/usr/bin/python3'"
cache: true
cache_plugin: ansible.builtin.jsonfile
cache_connection: /tmp/children-cache
cache_timeout: 300
"""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin, Cacheable, Constructable

from ansible_collections.mke4k.core.plugins.module_utils._children.machines import ChildMachine, read
from ansible_collections.mke4k.core.plugins.module_utils._kube.access import ENVIRONMENT, Access
from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.client import connect, remove_files
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError
from ansible_collections.mke4k.core.plugins.plugin_utils._child_hosts import host_name, variables_of
from ansible_collections.mke4k.core.plugins.plugin_utils._literal import literal
from ansible_collections.mke4k.core.plugins.plugin_utils._plain import plain

ALL = "mke4k_children"
OWN_NAMES = re.compile(r"(^|[._-])children\.ya?ml$")
NAMES_PLUGIN = re.compile(r"^plugin:\s*['\"]?mke4k\.core\.children['\"]?\s*$", re.MULTILINE)


class InventoryModule(BaseInventoryPlugin, Constructable, Cacheable):  # type: ignore[misc]
    NAME = "mke4k.core.children"

    def verify_file(self, path: str) -> bool:
        """Any YAML file that names the plugin, and files with the name of one."""
        if not super().verify_file(path) or not path.endswith((".yaml", ".yml")):
            return False
        if OWN_NAMES.search(os.path.basename(path)):
            return True
        with open(path, encoding="utf-8", errors="replace") as stream:
            return bool(NAMES_PLUGIN.search(stream.read()))

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)
        self.inventory.add_group(ALL)
        wanted = set(self.get_option("children") or ())
        for machine in self._machines(path, cache):
            if wanted and machine.child not in wanted:
                continue
            if machine.is_running or not self.get_option("running_only"):
                self._add(machine)

    def _machines(self, path: str, cache: bool) -> list[ChildMachine]:
        """From the cache where that is wanted and young enough, else from the mothership."""
        self.load_cache_plugin()
        key = self.get_cache_key(path)
        use = bool(self.get_option("cache"))
        machines = self._cached(key) if use and cache else None
        if machines is not None:
            return machines
        machines = self._asked(path)
        if use:
            self._cache[key] = [asdict(machine) for machine in machines]
        return machines

    def _cached(self, key: str) -> list[ChildMachine] | None:
        """None where there is nothing, or something that another release has written."""
        try:
            return [ChildMachine(**item) for item in self._cache[key]]
        except (KeyError, TypeError):
            return None

    def _asked(self, path: str) -> list[ChildMachine]:
        try:
            return read(self._api(path), str(self.get_option("namespace")))
        except KubeError as error:
            raise AnsibleParserError(f"The machines of the children could not be read: {error}") from error
        finally:
            remove_files()

    def _api(self, path: str) -> Api:
        options = plain({name: self.get_option(name) for name in ENVIRONMENT})
        options["kubeconfig"] = _beside(path, options["kubeconfig"])
        return connect(Access.of(options, os.environ), deadline=float(self.get_option("request_timeout")))

    def _add(self, machine: ChildMachine) -> None:
        name = host_name(machine)
        self.inventory.add_host(name, group=ALL)
        for group in self._groups(machine):
            self.inventory.add_child(ALL, self.inventory.add_group(group))
            self.inventory.add_child(group, name)
        options = {key: self.get_option(key) for key in ("address", "user", "bastion", "bastion_user")}
        variables = literal(variables_of(machine, options))
        for key, value in variables.items():
            self.inventory.set_variable(name, key, value)
        self._construct(name, variables)

    def _groups(self, machine: ChildMachine) -> list[str]:
        found = [f"{self.get_option('group_prefix')}{machine.child}", f"children_{machine.role}s"]
        if machine.region:
            found.append(f"children_region_{machine.region}")
        return [self._sanitize_group_name(name) for name in found]

    def _construct(self, name: str, variables: Mapping[str, Any]) -> None:
        strict = self.get_option("strict")
        self._set_composite_vars(self.get_option("compose"), variables, name, strict)
        self._add_host_to_composed_groups(self.get_option("groups"), variables, name, strict)
        self._add_host_to_keyed_groups(self.get_option("keyed_groups"), variables, name, strict)


def _beside(path: str, kubeconfig: Any) -> Any:
    """A path in the inventory file starts there; text and mappings are what they are."""
    if not isinstance(kubeconfig, str) or not kubeconfig or "\n" in kubeconfig or os.pathsep in kubeconfig:
        return kubeconfig
    return os.path.join(os.path.dirname(os.path.abspath(path)), os.path.expanduser(kubeconfig))
