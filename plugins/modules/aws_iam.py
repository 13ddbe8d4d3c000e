#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: aws_iam
short_description: Make the IAM roles and policies that child clusters in AWS need
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Makes, once in an account, what C(clusterawsadm bootstrap iam create-cloudformation-stack) makes - the roles
    C(control-plane), C(controllers), C(nodes) and C(eks-controlplane), three instance profiles, and four policies - by
    calls of IAM, without CloudFormation and without C(clusterawsadm).
  - Adopts what is there. What belongs to the CloudFormation stack of C(clusterawsadm) is used as it is, and it is told
    what it lacks.
  - Can make a user with these policies and one access key, which child clusters work with.
  - A run that was interrupted is finished by the next one.
options:
  state:
    description:
      - V(present) makes what is missing and changes what differs. Trust of a role and policies attached to it that are
        not known here stay.
      - V(absent) removes all of it, and the user with its keys where O(user) names one. It refuses, before anything is
        changed, while machines in any region run with one of the instance profiles, while the policies are attached to
        something else, and where a CloudFormation stack owns the roles.
    type: str
    choices: [present, absent]
    default: present
  prefix:
    description: Begins every name.
    type: str
    default: ""
  suffix:
    description:
      - Ends every name. Children name the instance profile with this ending, unless told otherwise.
      - The permission to give roles to machines goes by it. Where it is empty, each role is named.
    type: str
    default: .cluster-api-provider-aws.sigs.k8s.io
  path:
    description: IAM path of roles, instance profiles, policies and user, when they are made.
    type: str
    default: /
  partition:
    description:
      - The partition that is expected (V(aws), V(aws-cn), V(aws-us-gov)). Empty means that of the keys.
    type: str
    default: ""
  eks:
    description:
      - Whether policies, role and attachments for EKS are part of it. Children of MKE run on EC2 and need none of
        them; V(false) grants less.
      - What is there for EKS already is not removed.
    type: bool
    default: true
  checks:
    description:
      - Whether there is a fifth policy, C(mke4k-checks), with what M(mke4k.core.aws_preflight) and
        M(mke4k.core.aws_orphans) need beyond that.
    type: bool
    default: false
  pass_roles:
    description:
      - Names of further roles (C(*) is allowed) that may be given to machines, for instance profiles of your own.
    type: list
    elements: str
    default: []
  user:
    description: User with the policies. Empty means that no user is made.
    type: str
    default: ""
  user_key_file:
    description:
      - File on the control node for the access key of O(user), as a credentials file of AWS with the profile
        C(default) and mode C(0600). The file is for this key alone.
      - A key is made where the file has none that works, and where the user has room for one (AWS allows two).
    type: path
  user_key_in_result:
    description:
      - Whether a key that is made is returned as RV(user.key). Use C(no_log) then.
      - Without O(user_key_file) a key is made only where the user has none.
    type: bool
    default: false
  permissions_boundary:
    description: ARN of the policy that bounds the roles and the user. Empty leaves them as they are.
    type: str
    default: ""
  tags:
    description: Tags for all of it. Other tags stay.
    type: dict
    default: {}
  adopt:
    description:
      - What is done with what a CloudFormation stack owns. V(keep) leaves it as it is, V(update) changes it behind the
        stack's back.
    type: str
    choices: [keep, update]
    default: keep
  stack_name:
    description: The CloudFormation stack that is looked for, in O(region) or where the tags of the roles say.
    type: str
    default: cluster-api-provider-aws-sigs-k8s-io
  force:
    description: Whether O(state=absent) removes what is in use, or where that could not be seen.
    type: bool
    default: false
  timeout:
    description: For how long IAM may take until it knows everywhere what was just made, in seconds.
    type: int
    default: 60
extends_documentation_fragment:
  - mke4k.core._aws
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
notes:
  - IAM is the same in all regions, and new roles are known to EC2 some seconds after they are made.
  - No secret is in a diff or result, but for RV(user.key) where it is asked for.
  - The policies are those of cluster-api-provider-aws 2.11, and serve earlier releases too.
  - Whoever runs it must be allowed C(iam:AddRoleToInstanceProfile), C(iam:AttachRolePolicy), C(iam:AttachUserPolicy),
    C(iam:CreateAccessKey), C(iam:CreateInstanceProfile), C(iam:CreatePolicy), C(iam:CreatePolicyVersion),
    C(iam:CreateRole), C(iam:CreateUser), C(iam:DeleteAccessKey), C(iam:DeletePolicyVersion), C(iam:GetInstanceProfile),
    C(iam:GetPolicy), C(iam:GetPolicyVersion), C(iam:GetRole), C(iam:GetUser), C(iam:ListAccessKeys),
    C(iam:ListAttachedRolePolicies), C(iam:ListAttachedUserPolicies), C(iam:ListPolicies), C(iam:ListPolicyVersions),
    C(iam:PutRolePermissionsBoundary), C(iam:PutUserPermissionsBoundary), C(iam:TagInstanceProfile), C(iam:TagPolicy),
    C(iam:TagRole), C(iam:TagUser), C(iam:UpdateAssumeRolePolicy), C(cloudformation:DescribeStacks),
    C(cloudformation:ListStackResources), C(ec2:DescribeRegions). Where C(cloudformation) is not, it works all the same,
    but keeps what may belong to a stack.
  - Removal needs C(iam:DeleteInstanceProfile), C(iam:DeletePolicy), C(iam:DeleteRole), C(iam:DeleteRolePolicy),
    C(iam:DeleteUser), C(iam:DetachGroupPolicy), C(iam:DetachRolePolicy), C(iam:DetachUserPolicy),
    C(iam:ListEntitiesForPolicy), C(iam:ListInstanceProfilesForRole), C(iam:ListRolePolicies),
    C(iam:RemoveRoleFromInstanceProfile), C(ec2:DescribeInstances) too.
seealso:
  - name: Using clusterawsadm to fulfill prerequisites
    description: What the roles and policies are for.
    link: https://cluster-api-aws.sigs.k8s.io/topics/using-clusterawsadm-to-fulfill-prerequisites
"""

EXAMPLES = r"""
- name: Make what children need, and a user for them
  mke4k.core.aws_iam:
    eks: false
    checks: true
    user: mke-children
    user_key_file: ~/.mke/children.credentials
    tags:
      team: platform
  delegate_to: localhost
  register: iam

- name: Show it
  ansible.builtin.debug:
    msg: "{{ iam.text }}"

- name: Use the keys in a task
  mke4k.core.aws_iam:
    eks: false
    checks: true
    user: mke-children
  environment:
    AWS_SHARED_CREDENTIALS_FILE: /root/.aws/admin
  delegate_to: localhost

- name: Remove all of it
  mke4k.core.aws_iam:
    state: absent
    user: mke-children
  delegate_to: localhost
"""

RETURN = r"""
account:
  description: The account.
  returned: success
  type: str
  sample: "123456789012"
roles:
  description: The roles.
  returned: when O(state=present)
  type: list
  elements: dict
  contains: &thing
    name:
      description: Its name.
      type: str
    arn:
      description: Its ARN.
      type: str
    action:
      description: V(created), V(updated), V(unchanged), or V(kept) where it belongs to a stack.
      type: str
instance_profiles:
  description: The instance profiles.
  returned: when O(state=present)
  type: list
  elements: dict
  contains: *thing
policies:
  description: The policies.
  returned: when O(state=present)
  type: list
  elements: dict
  contains: *thing
user:
  description: The user, empty where O(user) is.
  returned: when O(state=present)
  type: dict
  contains:
    name:
      description: Its name.
      type: str
    arn:
      description: Its ARN.
      type: str
    action:
      description: V(created), V(updated) or V(unchanged).
      type: str
    access_key_id:
      description: Id of its access key, empty where it has none or, in check mode, where one would be made.
      type: str
    key_file:
      description: The file that has the key.
      type: str
    key:
      description: The key that was made.
      returned: when O(user_key_in_result=true) and a key was made
      type: dict
      contains:
        access_key:
          description: Its id.
          type: str
        secret_key:
          description: Its secret part.
          type: str
stack:
  description: The CloudFormation stack that was found (C(name), C(region), C(status)), empty where there is none.
  returned: when O(state=present)
  type: dict
changes:
  description: What was done, or would be in check mode, in that order.
  returned: always
  type: list
  elements: str
  sample: ["role nodes.cluster-api-provider-aws.sigs.k8s.io: created"]
notes:
  description: What people should know.
  returned: success
  type: list
  elements: str
text:
  description: The same as a table, a line each, and the notes.
  returned: success
  type: list
  elements: str
api_requests:
  description: How many requests were sent to AWS.
  returned: always
  type: int
"""
