# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong with keys, permissions and the account: whatever keeps AWS from doing anything.

Sources: the error codes of the AWS API reference (EC2, Elastic Load Balancing, IAM, STS); the chain of identity and
Secret as Cluster API Provider AWS reads it (pkg/cloud/scope/session.go).

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.wording import passes, person
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

ACCESS: Tuple[Cause, ...] = (
    person(
        "credentials-invalid", "AWS does not accept the keys of the credential",
        "See in IAM that the key is there and active, and give the mothership valid keys with mke4k.core.aws_credential"
        " (its rotation also starts the AWS provider anew, which remembers old keys). A clock that is minutes wrong on"
        " the mothership's nodes looks the same.",
        "AWS accepts the keys",
    ),
    person(
        "credentials-expired", "The temporary AWS keys of the credential have expired",
        "Give the mothership fresh ones with mke4k.core.aws_credential. Keys of an IAM user, which the role"
        " aws_credentials can make, do not expire.",
        "it has fresh keys",
    ),
    person(
        "clock-skew", "AWS says that requests come from the wrong time",
        "Compare `date -u` on the mothership's nodes with the true time, and set it by chrony or systemd-timesyncd."
        " Where the clocks are right and the keys are temporary ones, they have expired: give fresh ones with"
        " mke4k.core.aws_credential.",
        "the clock is right",
    ),
    person(
        "organization-denied", "A policy of the AWS organization forbids the call",
        "Ask those who keep the service control policies to allow the action for this account and region; no policy of"
        " the account itself can.",
        "it is allowed",
    ),
    person(
        "pass-role-denied", "AWS does not permit giving the role of an instance profile to a machine (iam:PassRole)",
        "Allow iam:PassRole for the role of iam_instance_profile to the credential's user or role: Cluster API's own"
        " policy allows it for roles named *.cluster-api-provider-aws.sigs.k8s.io only.",
        "it is allowed",
    ),
    person(
        "assume-role-denied", "AWS does not permit taking over the role of the identity (sts:AssumeRole)",
        "Allow sts:AssumeRole for the role to the source identity, and name the source identity in the trust policy of"
        " the role; an external id has to be the same in both.",
        "it is allowed",
    ),
    person(
        "permission-denied", "AWS does not permit a call",
        "Attach the policies of Cluster API to the user or role behind the credential: mke4k.core.aws_iam makes and"
        " attaches them; see too whether a permissions boundary leaves the action out.",
        "it is allowed",
    ),
    person(
        "load-balancer-attach-denied", "A control plane machine runs, but could not be put behind the load balancer",
        "Allow elasticloadbalancing:RegisterInstancesWithLoadBalancer to the credential's user or role:"
        " mke4k.core.aws_iam makes and attaches the policies.",
        "it is allowed",
    ),
    person(
        "region-off", "The region is not enabled for the account",
        "Enable it: `aws account enable-region --region-name R` (it takes some minutes), or make the child in another"
        " region.",
        "the region is enabled",
    ),
    person(
        "account-pending", "AWS is still verifying the account for this region",
        "Wait for the e-mail of AWS (mostly minutes, up to some hours); after that write to its support.",
        "AWS is done",
    ),
    person(
        "credential-missing", "The Credential that the child names is not there",
        "Make it with mke4k.core.aws_credential, or set `credential` to one that `kubectl get credentials -A` lists.",
        "it is there",
    ),
    person(
        "credential-not-ready", "The Credential of the child is not ready",
        "Its identity has to be there: make both with mke4k.core.aws_credential; see `kubectl describe credential`.",
        "the Credential is ready",
    ),
    person(
        "identity-missing", "The AWS identity that the Credential names is not there",
        "Make it with mke4k.core.aws_credential. Cluster API itself says nothing of it: no condition, no event.",
        "it is there",
    ),
    person(
        "identity-not-allowed", "The AWS identity may not be used from the child's namespace",
        "Set spec.allowedNamespaces of the identity to exactly {} (mke4k.core.aws_credential does), or list the"
        " namespace there. `selector: {matchLabels: {}}` selects nothing since Cluster API Provider AWS 2.9.",
        "the namespace is allowed",
    ),
    person(
        "identity-secret-missing", "The Secret with the AWS keys is not where Cluster API reads it",
        "Make it with mke4k.core.aws_credential: it has to be in the namespace that the AWS provider runs in, not in"
        " that of the child.",
        "it is there",
    ),
    person(
        "identity-secret-incomplete", "The Secret with the AWS keys lacks some",
        "It needs AccessKeyID and SecretAccessKey, spelled like that: make it anew with mke4k.core.aws_credential.",
        "they are there",
    ),
    passes(
        "identity-unchecked", "AWS was not spoken to yet, and nobody could see why",
        "Cluster API says nothing where the AWS identity, its allowedNamespaces or its Secret is wrong, and the"
        " kubeconfig in use may not read them: let somebody who may look at them.",
    ),
    passes("throttled", "AWS throttles the calls of the account", "Fewer children at once help where it lasts."),
    passes(
        "aws-internal-error", "AWS reports an error of its own",
        "Where it lasts, see https://health.aws.amazon.com for the region.",
    ),
)  # fmt: skip
