# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the mothership itself refuses, or cannot do: k0rdent, its templates and providers, Helm, and what MKE admits.

Sources: conditions and admission webhooks of kcm (internal/controller, internal/webhook, internal/utils/validation);
the documentation of child clusters of MKE 4k.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.wording import passes, person
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Cause

_REFUSED = "Nothing of this child was changed; run again once that is done."
MOTHERSHIP: Tuple[Cause, ...] = (
    person(
        "providers-not-deployed", "The mothership has not deployed the providers that children in AWS need",
        "Add cluster-api-provider-aws and cluster-api-provider-k0sproject-k0smotron with mke4k.core.k0rdent"
        " (providers), and wait until `kubectl get management kcm -o yaml` says success of both.",
        "they are deployed",
    ),
    person(
        "provider-not-ready", "The AWS provider of the mothership does not run",
        "See `kubectl get pods -A -l cluster.x-k8s.io/provider=infrastructure-aws`, and status.components of the"
        " Management kcm.",
        "it runs",
    ),
    person(
        "template-not-ready", "The ClusterTemplate of the child is not there or not valid",
        "See status.validationError of `kubectl get clustertemplates -n k0rdent`: its chart has to be pulled, and the"
        " providers that it names have to be deployed.",
        "it is valid",
    ),
    person(
        "helm-release-failed", "Helm could not make the objects of the child",
        "The message names the object or field; see too `kubectl describe helmrelease` of the child's name. Where a"
        " field is wrong, change it in the child.",
        "what it names is right",
    ),
    passes(
        "helm-release-waits", "Helm could not make the objects of the child yet, as something did not answer",
        "Where it lasts, see whether the webhook or the registry that the message names runs.",
    ),
    person(
        "dry-run", "The ClusterDeployment is a dry run: nothing is ever made of it",
        "Set spec.dryRun of the ClusterDeployment to false. kcm sets it where spec.config is left out.",
        "it is no dry run any more",
    ),
    passes(
        "services-not-ready", "Services of the child do not run yet",
        "Where it lasts, see status.services of its ClusterDeployment, and whether the child has ready workers.",
    ),
    person(
        "version-differs", "The child's release is not that of the mothership",
        "Leave `version` out, which takes that of the mothership. To upgrade children, upgrade the mothership first.",
        "", _REFUSED,
    ),
    person(
        "wrong-namespace", "Children are not accepted in that namespace",
        "Leave `namespace` out: MkeChildConfig objects are accepted in the namespace k0rdent only.", "", _REFUSED,
    ),
    person(
        "upgrade-not-allowed", "k0rdent does not allow going from the child's template to that one",
        "Take one of status.availableUpgrades of its ClusterDeployment, one after the other.", "", _REFUSED,
    ),
    person(
        "field-fixed", "A field was changed that cannot be changed in a live child",
        "Set it back, or delete the child and make it anew.", "", _REFUSED,
    ),
    person(
        "not-permitted", "The kubeconfig in use may not do that in the mothership",
        "Use one that may, or give its user the rights that the message names (ClusterRole and RoleBinding).", "",
        _REFUSED,
    ),
    person(
        "webhook-unreachable", "A webhook of the mothership that has to be asked did not answer",
        "See whether the pods behind the webhook that the message names run.", "", _REFUSED,
    ),
    person("refused", "The mothership refused the object", "Change the field that the message names.", "", _REFUSED),
    person(
        "cluster-late", "k0rdent has given up waiting: the cluster was not ready within its 30 minutes",
        "No object says why: see the conditions of the child's Cluster and Machines (`clusterctl describe cluster`),"
        " the console output of its instances (`aws ec2 get-console-output`), and the log of the AWS provider.",
        "what holds it up is gone; k0rdent then says Ready all the same",
    ),
)  # fmt: skip
