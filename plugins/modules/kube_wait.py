#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: kube_wait
short_description: Wait for many Kubernetes objects at once
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Waits until all objects are as they should be, at the same time. They may be of many kinds.
  - Watches them instead of asking again and again, and takes a watch up again where it was cut. An API server that is
    restarting, busy or out of reach for a while does not end the wait.
  - A condition only counts when it is about the object as it is now (C(observedGeneration)).
  - Ends at once where waiting is of no use. A failure says what is missing in the objects' own words, and which hook,
    pod or image is the cause as far as pods, Jobs and events of their namespaces tell.
  - While it waits it shows what is missing, only when that changes and at most every 30 seconds.
  - In check mode it looks once and never fails.
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.info
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
options:
  objects:
    description: What to wait for.
    type: list
    elements: dict
    required: true
    suboptions:
      api_version:
        description:
          - Group and version of the kind.
          - Unset, that of the kinds which Kubernetes itself brings is known, such as V(apps/v1) of a Deployment.
        type: str
        default: ""
      kind:
        description: The kind.
        type: str
        required: true
      name:
        description: Its name. Unset, all objects of the kind are meant, or those with O(objects[].labels).
        type: str
        default: ""
      namespace:
        description: Its namespace. Unset, and without a name, all namespaces are meant.
        type: str
        default: ""
      labels:
        description: A label selector, such as V(app=ui,tier!=test).
        type: str
        default: ""
      at_least:
        description: So many objects there must be. Only used without O(objects[].name).
        type: int
        default: 1
      state:
        description: Whether it has to be there, or to be gone.
        type: str
        choices: [present, absent]
        default: present
      condition:
        description:
          - Type of a condition in its status.
          - Without this and O(objects[].field) a Deployment, DaemonSet, StatefulSet, Job, Pod, Node or
            CustomResourceDefinition has to be ready, available, complete or established. Of other kinds it is enough
            that the object is there.
        type: str
        default: ""
      status:
        description: The status that the condition must have.
        type: str
        default: "True"
      field:
        description: >-
          Path of a field that must have O(objects[].value), such as V(status.phase), V(status.components.kcm.success)
          or V(metadata.labels["app.kubernetes.io/name"]).
        type: str
        default: ""
      value:
        description: The value of the field. Unset, it is enough that the field is there.
        type: raw
      fail_on:
        description: Reasons of the condition, or values of the field, that end the wait with a failure at once.
        type: list
        elements: raw
        default: []
  timeout:
    description: How long to wait at most, in seconds.
    type: int
    default: 600
  explain_namespaces:
    description: Where to look for causes after a failure. Unset, in the namespaces of the objects.
    type: list
    elements: str
seealso:
  - module: mke4k.core.kube_apply
"""

EXAMPLES = r"""
- name: Wait for the operator and for what it does
  mke4k.core.kube_wait:
    kubeconfig: ~/.mke/mke.kubeconf
    objects:
      - kind: Deployment
        name: mke-operator-controller-manager
        namespace: mke
      - api_version: k0rdent.mirantis.com/v1beta1
        kind: Management
        name: kcm
        condition: Ready
        fail_on: [ReleaseIsNotFound, HasIncompatibleContracts]
      - api_version: operator.tigera.io/v1
        kind: TigeraStatus
        condition: Available
        at_least: 2
    timeout: 900
    explain_namespaces: [calico-system, k0rdent, mke]
  delegate_to: localhost

- name: Wait until all nodes are ready and an old namespace is gone
  mke4k.core.kube_wait:
    objects:
      - kind: Node
        at_least: 5
      - kind: Namespace
        name: old
        state: absent
  delegate_to: localhost
"""

RETURN = r"""
met:
  description: Whether everything is as it should be. Only in check mode it can be false.
  returned: success
  type: bool
lacking:
  description: What is missing, a line for each object.
  returned: always
  type: list
  elements: str
  sample: ["Management kcm: Ready is False (NotAllComponentsHealthy): cluster-api is not ready"]
causes:
  description: What pods, Jobs and events say about it.
  returned: failure
  type: list
  elements: str
  sample: ["Pod mke/ui-0: image registry.example.com/ui:1 can't be pulled (ErrImagePull): not found"]
objects:
  description: The objects that were waited for and are there.
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
      description: The namespace, empty where the kind has none.
      type: str
    status:
      description: The status of the object, empty where it has none.
      type: dict
api_requests:
  description: How many requests were sent to the API.
  returned: always
  type: int
"""
