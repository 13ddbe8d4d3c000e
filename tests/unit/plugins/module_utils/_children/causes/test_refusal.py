# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why the mothership refuses a child, in the words of its webhooks and of the API server."""

from __future__ import annotations

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.refusal import WHERE, diagnosis_of_refusal
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import Refused

POLICY = "mkechildconfigs.mke.mirantis.com is forbidden: ValidatingAdmissionPolicy 'x' with binding 'x' denied"
NAMED = 'The MkeChildConfig "prod" is invalid: '
KCM = 'admission webhook "validation.clusterdeployment.k0rdent.mirantis.com" denied the request: '
# Cause, what the API server said, words that people have to read.
REFUSALS = (
    (
        "providers-not-deployed",
        (
            f'{NAMED}spec.infrastructure.provider: Invalid value: "aws": one or more required k0rdent providers are not'
            " deployed yet: [cluster-api-provider-aws cluster-api-provider-k0sproject-k0smotron]"
        ),
        "cluster-api-provider-k0sproject-k0smotron",
    ),
    (
        "version-differs",
        (
            f'{POLICY} request: {NAMED}spec.version: Invalid value: "v4.1.2": must be the version of the management'
            " cluster, v4.1.3"
        ),
        "v4.1.3",
    ),
    (
        "wrong-namespace",
        (
            f'{POLICY} request: {NAMED}metadata.namespace: Invalid value: "default": MkeChildConfig objects may only be'
            " created in the namespace k0rdent"
        ),
        "default",
    ),
    (
        "refused",
        f'{NAMED}spec.infrastructure.provider: Unsupported value: "azure": supported values: "aws"',
        "azure",
    ),
    (
        "refused",
        f"{NAMED}spec.infrastructure.controlPlaneNumber: Invalid value: 2: must be odd; namespace k0rdent",
        "must be odd",
    ),
    (
        "credential-not-ready",
        f"{KCM}the ClusterDeployment is invalid: the Credential k0rdent/aws is not Ready",
        "k0rdent/aws",
    ),
    (
        "credential-missing",
        (
            f"{KCM}the ClusterDeployment is invalid: failed to get Credential k0rdent/aws referred in the"
            ' ClusterDeployment k0rdent/prod: credentials.k0rdent.mirantis.com "aws" not found'
        ),
        "aws",
    ),
    (
        "template-not-ready",
        (
            f"{KCM}the ClusterDeployment is invalid: the ClusterTemplate k0rdent/mke4k-aws-4-1-3 is invalid with the"
            " error: failed to pull chart"
        ),
        "failed to pull chart",
    ),
    (
        "template-not-ready",
        f'{KCM}the ClusterDeployment is invalid: clustertemplates.k0rdent.mirantis.com "mke4k-aws-9" not found',
        "mke4k-aws-9",
    ),
    ("upgrade-not-allowed", f"{KCM}cluster upgrade is forbidden", "upgrade"),
    (
        "field-fixed",
        f'{NAMED}spec.infrastructure.region: Invalid value: "eu-west-1": field is immutable',
        "region",
    ),
    (
        "not-permitted",
        (
            'mkechildconfigs.mke.mirantis.com "prod" is forbidden: User "ci" cannot patch resource "mkechildconfigs" in'
            ' API group "mke.mirantis.com" in the namespace "k0rdent"'
        ),
        'User "ci"',
    ),
    (
        "webhook-unreachable",
        (
            'Internal error occurred: failed calling webhook "child.mke.mirantis.com": failed to call webhook: Post'
            ' "https://mke-operator.mke.svc:443": dial tcp 10.96.0.7:443: connect: connection refused'
        ),
        "connection refused",
    ),
)


@pytest.mark.parametrize(("cause", "message", "words"), REFUSALS)
def test_a_refusal_tells_its_cause(cause: str, message: str, words: str) -> None:
    found = diagnosis_of_refusal(Refused(message, 422, "Invalid"))
    assert (found.cause.name, found.where) == (cause, WHERE)
    assert words in found.evidence


def test_names_of_policies_leave_room_for_the_words_that_matter() -> None:
    words = f"{NAMED}spec.infrastructure.provider: Unsupported value"
    for denied in ("denied request: ", "denied the request: "):
        assert diagnosis_of_refusal(Refused("policy " * 50 + denied + words, 422)).evidence == words


def test_who_refused_is_told_on_one_line() -> None:
    found = diagnosis_of_refusal(Refused(f"{NAMED}\n* spec.a: Required value\n* spec.b: Required value", 422))
    assert "\n" not in found.text()
    assert "spec.b: Required value" in found.text()
