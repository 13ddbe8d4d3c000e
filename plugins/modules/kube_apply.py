#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kube_apply
short_description: Make, change or delete many Kubernetes objects in one task
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Brings all given objects into the cluster by server-side apply with the field manager C(mke4k.core), or deletes
    them.
  - Objects that others need come first (namespaces, definitions of kinds, accounts, Secrets), and a new kind is waited
    for before its objects. Objects that do not need each other are handled side by side. Deletion goes backwards.
  - An object that has all given fields costs one request and is not written. Fields of others, such as defaults that
    an operator fills in, are no difference. A field that was applied once and is given no more is removed.
  - Check mode asks the server what it would do (dry run), so that its validation counts. Diff mode shows only the
    fields that are given, and no value of a Secret or of a field whose name sounds like one.
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
options:
  objects:
    description:
      - The objects, as a mapping, as a list of mappings, or as YAML text of one or more documents.
      - A C(kind) C(List) stands for its items. With O(state=absent) it is enough to name them.
    type: raw
  src:
    description: Files of the control node with one or more YAML documents each.
    type: list
    elements: path
    default: []
  namespace:
    description: The namespace of objects that need one and name none.
    type: str
    default: ""
  state:
    description: Whether the objects have to be there or not.
    type: str
    choices: [present, absent]
    default: present
  timeout:
    description:
      - With O(state=absent), for how long to wait until deleted objects are gone, in seconds. V(0) does not wait.
    type: int
    default: 120
notes:
  - To wait until objects are ready, use M(mke4k.core.kube_wait).
seealso:
  - module: mke4k.core.kube_wait
"""

EXAMPLES = r"""
- name: Make a namespace and what belongs into it
  mke4k.core.kube_apply:
    kubeconfig: ~/.mke/mke.kubeconf
    namespace: shop
    objects:
      - apiVersion: v1
        kind: Namespace
        metadata:
          name: shop
      - apiVersion: v1
        kind: ConfigMap
        metadata:
          name: settings
        data:
          colour: green
  delegate_to: localhost

- name: Apply what a template says, and files
  mke4k.core.kube_apply:
    objects: "{{ lookup('ansible.builtin.template', 'policies.yaml.j2') }}"
    src:
      - quotas.yaml
      - roles.yaml
  delegate_to: localhost

- name: Delete a policy through a controller that the control node reaches by SSH only
  mke4k.core.kube_apply:
    access: connection
    state: absent
    objects:
      apiVersion: networking.k8s.io/v1
      kind: NetworkPolicy
      metadata:
        name: closed
        namespace: shop
  become: true
  delegate_to: "{{ groups['controllers'] | first }}"
"""

RETURN = r"""
objects:
  description: What became, or in check mode would become, of each object, in the order in which they were handled.
  returned: success
  type: list
  elements: dict
  contains:
    api_version:
      description: Group and version.
      type: str
    kind:
      description: The kind.
      type: str
    name:
      description: The name.
      type: str
    namespace:
      description: The namespace, empty where the object has none.
      type: str
    action:
      description: V(created), V(updated), V(unchanged), V(deleted), or V(absent) for what was not there.
      type: str
      sample: created
diff:
  description: The given fields of each changed object before and after, without secrets.
  returned: in diff mode
  type: list
  elements: dict
status:
  description: The answer of the API server where it refused an object.
  returned: when the API server refused a request
  type: int
  sample: 422
reason:
  description: The reason the API server gave, in one word.
  returned: when the API server refused a request
  type: str
  sample: Invalid
api_requests:
  description: How many requests were sent to the API.
  returned: always
  type: int
"""
