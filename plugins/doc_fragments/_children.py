# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is PRIVATE to the collection. It can have breaking changes at any time.
"""What can be said of child clusters."""

from __future__ import annotations


class ModuleDocFragment:
    """Kept beside plugins/module_utils/_children/spec/fields.py; a test holds them equal."""

    DOCUMENTATION = r"""
options:
  children:
    description:
      - The child clusters, a list of mappings or the YAML text of one. With O(state=absent) names are enough.
      - Numbers and booleans may be text, and an empty text or null leaves an option out, as surveys of AWX give them.
      - All mistakes of all children are told at once.
      - C(name) - name of the child, of its objects in the mothership and of its resources in AWS. Required. Cluster API
        owns resources in AWS by this name alone, so it must be free in the account and region.
      - C(namespace) - is that of O(namespace); another one is refused.
      - C(region) - its AWS region. Required, here or in O(defaults).
      - C(version) - its MKE release. It has to be that of the mothership, which is the default.
      - C(provider) - V(aws), the default; V(vsphere) is passed on from 4.2.0 on.
      - C(credential) - name of the C(Credential), default V(aws-cluster-identity-cred), see
        M(mke4k.core.aws_credential).
      - C(control_plane_number) - how many control planes, an odd number. Upstream's default is 3.
      - C(workers_number) - how many workers. Upstream's default is 2. These and C(cluster_labels),
        C(cluster_annotations) are under C(infrastructure.configuration) up to v4.1.1 and under C(infrastructure) from
        v4.1.3 on. Of v4.1.2 nobody says it; they are put where v4.1.1 has them, and a raw C(spec) may have them in
        either place. For all other releases a raw C(spec) with them in the wrong place is refused, as MKE would ignore
        them.
      - C(control_plane) and C(worker) - the machines, mappings with C(instance_type) (m5.xlarge, m5.large),
        C(root_volume_size) in GiB (32), C(ami_id), C(image_lookup) (C(format), C(org), C(base_os)),
        C(iam_instance_profile), C(uncompressed_user_data) and C(non_root_volumes).
      - C(availability_zones) - how many zones the network has, upstream's default is 3. Each takes an Elastic IP.
      - C(ssh_key_name) - an EC2 key pair. An empty text means no key.
      - C(public_ip) - whether nodes get public addresses.
      - C(bastion) - a mapping with C(enabled), C(disable_ingress_rules), C(allowed_cidr_blocks), C(instance_type) and
        C(ami). An empty list of blocks means that the whole internet may connect.
      - C(cluster_labels) and C(cluster_annotations) - of the C(Cluster) of Cluster API.
      - Of a child that is there, C(region), C(provider), C(credential), C(ssh_key_name), C(public_ip),
        C(availability_zones) and its networks cannot be changed, and before v4.2.1 its machines neither; that is
        refused. Numbers, labels and C(bastion) can be changed any time, C(version) after the mothership's.
      - C(labels) and C(annotations) - of the object that stands for the child.
      - C(license_secret) - name of the Secret with the licence. C(registries) - as in C(MkeConfig).
      - C(protected) - the child is only deleted when it is named in O(confirm).
      - C(paused) - Cluster API leaves the child alone, until it is V(false) again.
      - C(from_mke_config) - an C(MkeConfig), or what is below its C(spec), whose settings the child takes over. What a
        child cannot have (hosts, the external address, the range of node ports, MetalLB, the licence itself and the
        like) is left out, each with a warning that says what to do instead. Kubelet profiles in the flags of hosts
        become C(kubelet.managerProfile) and C(kubelet.workerProfile), and the network provider that is enabled becomes
        C(network.provider).
      - C(spec) - fields of the C(MkeChildConfig), passed through; they win over everything else. Fields that are or
        sound like secrets are refused where files are rendered.
      - C(template) and C(services) - for V(engine=k0rdent), the C(ClusterTemplate) (default - the newest
        C(aws-standalone-cp) that is valid) and C(ServiceTemplate) entries of a C(MultiClusterService).
    type: raw
    required: true
  defaults:
    description: What holds for every child that does not say otherwise, a mapping or YAML text. Mappings are merged.
    type: raw
  engine:
    description:
      - V(mke-operator) makes C(MkeChildConfig) objects.
      - V(k0rdent) makes C(ClusterDeployment) objects of k0rdent's own templates, for motherships without mke-operator.
        The input is the same. Networks and arguments of the API server are carried over; sections that only
        mke-operator knows are left out, with a warning that names them.
    type: str
    choices: [mke-operator, k0rdent]
    default: mke-operator
  namespace:
    description:
      - Namespace of the children in the mothership.
      - Empty means C(k0rdent), the only one that MKE accepts, and for V(engine=k0rdent) the one that k0rdent runs in.
    type: str
    default: ""
"""
