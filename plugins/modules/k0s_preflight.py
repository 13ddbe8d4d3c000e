#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k0s_preflight
short_description: Try out on a host what k0s will need
version_added: 0.1.0
description:
  - Asks the new k0s binary what it thinks of the host (C(k0s sysinfo)) and of its configuration (C(k0s config
    validate)), connects to the other hosts on the ports that k0s needs, and resolves names.
  - Nothing on the host is changed. What is found is returned and never fails the module. The action
    M(mke4k.core.preflight_report) reports the findings of all hosts at once and fails for those that are errors.
  - The checks that need no trial, such as those of disks, clocks and ports in use, are done by M(mke4k.core.k0s_plan)
    with the facts of M(mke4k.core.k0s_node_info).
author:
  - mke4k.core contributors (@mke4k)
options:
  host:
    description: The name under which findings are reported. Its own host name by default.
    type: str
  role:
    description: What k0s is to be on this host.
    type: str
    choices: [controller, worker, controller+worker, single]
    required: true
  staged:
    description:
      - The path of the new binary, which was checked already (O(mke4k.core.k0s_node#module:state=staged)). Empty means
        that the binary does not change, and that its checks are left out.
      - Where the file is not there, as in check mode, a warning says that k0s' own checks were not run.
    type: path
  version:
    description:
      - The k0s that the host is to get. Settings of containerd on the host are held against what it brings.
    type: str
  written:
    description: Paths of files that are written together with the new k0s, so that it matters not what they are now.
    type: list
    elements: path
    default: []
  config:
    description: The text of C(k0s.yaml), which O(staged) checks.
    type: str
  peers:
    description: What has to be reached over TCP. A refused connection counts as reached.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: Address or name.
        type: str
        required: true
      port:
        description: The TCP port.
        type: int
        required: true
      why:
        description: What it is for, in words for people.
        type: str
        default: ""
  names:
    description: Names that have to have an address. An address counts as its own name.
    type: list
    elements: str
    default: []
  registries:
    description:
      - OCI registries that the host has to reach, with what they must have. Each is asked for every manifest.
    type: list
    elements: dict
    default: []
    suboptions:
      host:
        description: Its name or address, with the port where it is not 443.
        type: str
        required: true
      ca:
        description: PEM text of the authority of its certificate, besides those that the host trusts.
        type: str
      username:
        description: The user of its login.
        type: str
      password:
        description: The password of its login.
        type: str
      images:
        description: Images that it must have, as C(repository:tag).
        type: list
        elements: str
        default: []
      charts:
        description: Charts that it must have, as C(repository:version).
        type: list
        elements: str
        default: []
      k0s_images:
        description: The repositories of k0s' own images by their short names. The tags are those that O(staged) tells.
        type: dict
        default: {}
  timeout:
    description: Seconds for each connection. All are tried at the same time.
    type: float
    default: 3.0
extends_documentation_fragment:
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.info
  - mke4k.core._attributes.platform_host
  - mke4k.core._k0s_host
seealso:
  - module: mke4k.core.preflight_report
  - module: mke4k.core.k0s_node
"""

EXAMPLES = r"""
- name: Try out a host that is to join
  mke4k.core.k0s_preflight:
    host: "{{ inventory_hostname }}"
    role: worker
    staged: /usr/local/bin/k0s.4f1c2a90b7de.staged
    peers:
      - host: 10.0.0.11
        port: 6443
        why: Kubernetes API of n1
    names:
      - api.example.com
  become: true
  register: probes

- name: Report what was found
  mke4k.core.preflight_report:
    findings: "{{ probes.findings }}"
"""

RETURN = r"""
findings:
  description: What is in the way, and what may be. Empty where nothing is.
  returned: success
  type: list
  elements: dict
  contains:
    severity:
      description: V(error) or V(warning).
      type: str
    name:
      description: A name that does not change, by which a finding can be waived.
      type: str
      sample: peer-unreachable
    path:
      description: The host.
      type: str
      sample: host n4
    message:
      description: What was found.
      type: str
    remedy:
      description: What to do.
      type: str
    allowed:
      description: What would be right, where that can be said in a few words.
      type: str
"""

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import PREFLIGHT, Request
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.run import probe


def main() -> None:
    module = AnsibleModule(argument_spec=PREFLIGHT, supports_check_mode=True)
    try:
        findings = probe(Request.from_params(module.params))
    except K0sError as error:
        module.fail_json(**error.report())
    module.exit_json(changed=False, findings=[finding.to_dict() for finding in findings])


if __name__ == "__main__":
    main()
