#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_credential
short_description: Give child clusters in AWS their credential, rotate its keys, or take it away
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Makes the objects that C(MkeChildConfig) and C(ClusterDeployment) objects name as their credential - the Secret with
    the access key, the identity of Cluster API Provider AWS (CAPA), the ConfigMap C(<name>-resource-template) and the
    C(Credential).
  - The Secret goes where CAPA runs, as CAPA reads Secrets nowhere else. C(allowedNamespaces) of the identity is exactly
    C({}); an empty selector, as older documentation has it, lets no namespace use the identity since CAPA 2.9, and is
    mended.
  - Waits until the kinds are there, which come with the provider minutes after k0rdent itself, and until k0rdent calls
    the C(Credential) ready. As k0rdent never asks AWS, the keys are proven by C(sts:GetCallerIdentity) before they are
    written.
  - CAPA keeps sessions with earlier keys in memory, one for each of its controllers and each cluster, so that new keys
    in the Secret alone leave clusters behind that can be neither changed nor deleted any more. Whenever keys take the
    place of others, CAPA is restarted once and waited for.
options:
  state:
    description:
      - V(present) makes the credential what the options say. Without keys those that are in the Secret stay.
      - V(rotated) is V(present) with a proof - after CAPA was restarted, every C(AWSCluster) of the credential is
        touched, and has to go on without AWS refusing anything for O(settle) seconds. With O(retire_old) the old key is
        then deactivated, every cluster proven once more, and only then the old key deleted. A run that was killed is
        finished by the next one; give the same keys again.
      - V(synced) is for what lasts no longer than its keys, such as before children are deleted. It puts the keys into
        the Secret of a C(Credential) that is there, and only in place of temporary keys or of keys that AWS does not
        take any more. Without keys, or without the C(Credential), nothing is done.
      - V(absent) removes the C(Credential), the ConfigMap, the identity and the Secret, in this order. It refuses,
        before anything is changed, while a child or another C(Credential) uses them.
    type: str
    choices: [present, absent, rotated, synced]
    default: present
  kind:
    description:
      - V(static) is an access key in a Secret.
      - V(role) is an IAM role that O(source_identity) assumes.
      - V(controller) is whatever the controller of CAPA itself runs with, such as the instance profile of the
        mothership's nodes.
    type: str
    choices: [static, role, controller]
    default: static
  name:
    description:
      - Name of the identity, from which the other names follow.
      - Empty means V(aws-cluster-identity), and V(default) for O(kind=controller), which is the only one CAPA knows.
      - One identity for each child keeps a mistake with a key to one child, and lets children be in different AWS
        accounts. Give each its own O(name) then.
    type: str
    default: ""
  credential:
    description: Name of the C(Credential). Empty means C(<name>-cred).
    type: str
    default: ""
  secret:
    description:
      - Name of the Secret. Empty means the one that the identity has, else C(<name>-secret).
      - The identity's reference to it can never be changed; another name than that is refused.
    type: str
    default: ""
  namespace:
    description:
      - Namespace of the C(Credential), which is that of the children. Empty means where CAPA runs, V(k0rdent) on MKE
        4k.
    type: str
    default: ""
  secret_namespace:
    description: Namespace of the Secret. Empty means where CAPA runs.
    type: str
    default: ""
  description:
    description: Text for people in the C(Credential).
    type: str
    default: ""
  allowed_namespaces:
    description: Namespaces whose clusters may use the identity. Empty means all.
    type: list
    elements: str
    default: []
  access_key:
    description:
      - Id of the access key.
      - Keys are better given in the environment of Ansible or of the task (E(AWS_ACCESS_KEY_ID),
        E(AWS_SECRET_ACCESS_KEY), E(AWS_SESSION_TOKEN), which is what an AWX credential of the type Amazon Web Services
        sets), or by O(credentials_file). Arguments work, with a warning.
    type: str
  secret_key:
    description: Secret of the access key.
    type: str
  session_token:
    description: Session token of a temporary key. Children outlive such keys; give fresh ones before they end.
    type: str
  profile:
    description:
      - Profile of O(credentials_file). Empty means E(AWS_PROFILE) where the environment has no keys, and V(default)
        where O(credentials_file) is given.
    type: str
    default: ""
  credentials_file:
    description:
      - File on the control node with the keys, either a credentials file of the AWS CLI or lines such as
        C(AWS_ACCESS_KEY_ID=...), as C(aws configure export-credentials --format env) writes them. It should be readable
        by its owner alone.
      - Empty means E(AWS_SHARED_CREDENTIALS_FILE) or C(~/.aws/credentials) where a profile is given, else the
        environment.
    type: path
    default: ""
  keep_keys:
    description:
      - Whether the keys in the Secret stay as they are, whatever keys the environment or the other options have. Fails
        where there are none yet.
    type: bool
    default: false
  role_arn:
    description: ARN of the role, for O(kind=role).
    type: str
    default: ""
  session_name:
    description: Name of the role's session, as CloudTrail shows it.
    type: str
    default: ""
  external_id:
    description: External id that the role's trust policy asks for.
    type: str
    default: ""
  duration_seconds:
    description: Length of a session of the role in seconds, 900 to 43200. 0 means what CAPA takes.
    type: int
    default: 0
  policy_arns:
    description: Managed policies that limit the sessions of the role.
    type: list
    elements: str
    default: []
  source_identity:
    description: The identity that assumes the role. Empty means that of CAPA's controller.
    type: dict
    suboptions:
      kind:
        description: Its kind.
        type: str
        choices: [static, role, controller]
        default: controller
      name:
        description: Its name. Not needed for V(controller).
        type: str
        default: ""
  verify:
    description:
      - Whether keys are proven by C(sts:GetCallerIdentity) before they are written. A key that was just made is waited
        for.
      - Keys of another AWS account than those in use are refused while there are clusters, as CAPA would build them
        again in the other account.
    type: bool
    default: true
  region:
    description: Region in which AWS is asked. Empty means E(AWS_REGION), else the global endpoint.
    type: str
    default: ""
  endpoint_url:
    description: Endpoint to ask in place of AWS. Empty means E(AWS_ENDPOINT_URL).
    type: str
    default: ""
  aws_ca_bundle:
    description: File with the certificates that AWS, or the endpoint, is trusted by.
    type: path
    default: ""
  aws_validate_certs:
    description: Whether the certificate of AWS, or of the endpoint, is checked.
    type: bool
    default: true
  restart:
    description:
      - Whether CAPA is restarted where keys took the place of others. Its Pods are replaced one after the other;
        clusters go on, only changes to them wait for some seconds. O(state=rotated) always restarts.
    type: bool
    default: true
  settle:
    description: For how many seconds AWS must not refuse anything for a cluster, for O(state=rotated).
    type: int
    default: 30
  proof_timeout:
    description: How long a proof may take, in seconds.
    type: int
    default: 300
  retire_old:
    description: Whether the key that was replaced is deactivated and then deleted in IAM, for O(state=rotated).
    type: bool
    default: false
  retire_profile:
    description:
      - Profile of the AWS CLI's files by which the old key is retired. Empty means the new keys themselves.
      - It needs C(iam:UpdateAccessKey) and C(iam:DeleteAccessKey), and C(iam:GetAccessKeyLastUsed) for keys of other
        users.
    type: str
    default: ""
  wait:
    description: Whether to wait for the kinds, for the C(Credential), and for what is removed to be gone.
    type: bool
    default: true
  timeout:
    description: How long each of these waits may take, in seconds.
    type: int
    default: 600
extends_documentation_fragment:
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
attributes:
  check_mode:
    details:
      - Proofs take place on clusters that use the new keys, so check mode says which clusters there would be one for.
  diff_mode:
    details:
      - Keys are never shown, neither old nor new ones.
requirements:
  - boto3 (Python, on the control node), unless O(verify=false)
notes:
  - No result has a key in it.
seealso:
  - module: mke4k.core.aws_iam
  - module: mke4k.core.child_cluster
"""

EXAMPLES = r"""
- name: Give children the keys that the environment has
  mke4k.core.aws_credential:
    kubeconfig: ~/.mke/mke.kubeconf

- name: Give one child keys of its own, from a file that only its owner may read
  mke4k.core.aws_credential:
    kubeconfig: ~/.mke/mke.kubeconf
    name: berlin
    credentials_file: ~/.mke/berlin.env

- name: Let CAPA assume a role in another account
  mke4k.core.aws_credential:
    kubeconfig: ~/.mke/mke.kubeconf
    kind: role
    name: production
    role_arn: arn:aws:iam::123456789012:role/mke-children
    external_id: mke
    source_identity:
      kind: static
      name: aws-cluster-identity

- name: Replace the keys of all children, and remove the old ones in IAM once nobody needs them
  mke4k.core.aws_credential:
    kubeconfig: ~/.mke/mke.kubeconf
    state: rotated
    credentials_file: ~/.mke/new-key.env
    retire_old: true
    retire_profile: admin
"""

RETURN = r"""
credential:
  description: Name of the C(Credential), which children name.
  returned: success
  type: str
  sample: aws-cluster-identity-cred
namespace:
  description: Its namespace.
  returned: success
  type: str
  sample: k0rdent
identity:
  description: The identity of CAPA.
  returned: success
  type: dict
  contains:
    kind:
      description: Its kind.
      type: str
    name:
      description: Its name.
      type: str
secret:
  description: Name of the Secret, empty where there is none.
  returned: success
  type: str
  sample: aws-cluster-identity-secret
secret_namespace:
  description: Its namespace.
  returned: success
  type: str
objects:
  description: What became of each object.
  returned: success
  type: list
  elements: dict
  contains:
    apiVersion:
      description: Its API version.
      type: str
    kind:
      description: Its kind.
      type: str
    name:
      description: Its name.
      type: str
    namespace:
      description: Its namespace, empty where it has none.
      type: str
    action:
      description: V(created), V(updated), V(unchanged), V(deleted) or V(absent).
      type: str
ready:
  description: Whether k0rdent calls the C(Credential) ready.
  returned: when O(state) is V(present) or V(rotated)
  type: bool
message:
  description: Why it does not.
  returned: when O(state) is V(present) or V(rotated)
  type: str
account:
  description: AWS account of the keys, empty where nobody has asked.
  returned: when O(state) is V(present) or V(rotated)
  type: str
  sample: "123456789012"
keys_from:
  description:
    - Where the keys came from in words. V(kept) where none were given, V(none) where the identity has none.
  returned: when O(state) is V(present) or V(rotated)
  type: str
  sample: from the environment
restarted:
  description: Whether CAPA was restarted.
  returned: when O(state) is not V(absent)
  type: bool
children:
  description: The proof for each cluster of the credential.
  returned: when O(state) is V(present) or V(rotated), and when a rotation fails
  type: list
  elements: dict
  contains:
    name:
      description: Name of the cluster.
      type: str
    namespace:
      description: Its namespace.
      type: str
    proven:
      description: Whether it works with the new keys.
      type: bool
    message:
      description: Why that is not proven, in the words of its conditions and events.
      type: str
retired:
  description: How many old keys were deleted in IAM.
  returned: when O(state) is V(present) or V(rotated)
  type: int
not_retired:
  description: How many old keys are still there in IAM.
  returned: when O(state) is V(present) or V(rotated)
  type: int
text:
  description: What was done, a line each.
  returned: when O(state) is not V(absent)
  type: list
  elements: str
api_requests:
  description: How many requests were sent to the Kubernetes API.
  returned: success
  type: int
"""
