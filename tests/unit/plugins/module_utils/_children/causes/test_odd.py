# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that nobody expects, and many children at once: a diagnosis never fails, and is the same each time."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.causes.codes import cause_in
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.diagnose import Diagnoser
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.evidence import LONGEST, cleaned
from ansible_collections.mke4k.core.plugins.module_utils._children.causes.table import BY_NAME
from ansible_collections.mke4k.core.plugins.module_utils._children.model import (
    AWS_CLUSTER,
    CLUSTER,
    CLUSTER_DEPLOYMENT,
    Family,
)
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.causes.cases import CASES

WORDS = st.sampled_from(["", "AddressLimitExceeded: no", "x" * 400, "{[&0x", "failed", "AuthFailure\n\t&{0xc0ffee}"])
TEXTS = st.one_of(st.text(max_size=30), WORDS)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
TOPICS = st.sampled_from(
    ["Ready", "VpcReady", "LoadBalancerReady", "CredentialReady", "ServicesInReadyState", "Deleting"]
)
REASONS = st.sampled_from(["", "Failed", "Deleting", "DeletingFailed", "WaitForDNSName", "Deleted", "Progressing"])
CONDITIONS = st.fixed_dictionaries(
    {"type": TOPICS, "status": st.sampled_from(["True", "False", "Unknown"])},
    optional={
        "reason": REASONS,
        "message": TEXTS,
        "severity": st.sampled_from(["", "Info", "Warning", "Error"]),
        "lastTransitionTime": st.one_of(st.none(), TEXTS, st.just("2026-11-01T12:00:00Z")),
    },
)
STATUSES = st.one_of(
    JSON,
    st.fixed_dictionaries({"conditions": st.one_of(JSON, st.lists(st.one_of(CONDITIONS, JSON), max_size=4))},
                          optional={"services": JSON, "ready": JSON}),
)  # fmt: skip


def objects(kind: Kind) -> st.SearchStrategy[dict[str, Any]]:
    """The API server sees to it that objects have a name and metadata; nothing else is sure."""
    metadata = st.fixed_dictionaries(
        {"name": st.just("prod")}, optional={"deletionTimestamp": TEXTS, "finalizers": JSON, "labels": JSON}
    )
    return st.fixed_dictionaries(
        {"apiVersion": st.just(kind.api_version), "kind": st.just(kind.kind), "metadata": metadata},
        optional={"spec": JSON, "status": STATUSES},
    )


EVENTS = st.fixed_dictionaries(
    {"metadata": st.fixed_dictionaries({"name": TEXTS})},
    optional={
        "involvedObject": st.one_of(JSON, st.just({"kind": AWS_CLUSTER.kind, "name": "prod"})),
        "reason": JSON,
        "message": JSON,
        "lastTimestamp": TEXTS,
    },
)
FAMILIES = st.builds(
    Family,
    name=st.just("prod"),
    root=st.none(),
    deployment=st.one_of(st.none(), objects(CLUSTER_DEPLOYMENT)),
    cluster=st.one_of(st.none(), objects(CLUSTER)),
    aws_cluster=st.one_of(st.none(), objects(AWS_CLUSTER)),
    events=st.lists(EVENTS, max_size=3),
)


@settings(max_examples=200)
@given(st.lists(FAMILIES, min_size=1, max_size=3))
def test_odd_objects_never_fail_and_tell_the_same_each_time(families: list[Family]) -> None:
    one, other = Diagnoser(), Diagnoser()
    for now, family in enumerate(families):
        found = one.diagnose(family, float(now))
        assert found == other.diagnose(family, float(now))
        assert len({item.cause.name for item in found}) == len(found)
        for item in found:
            assert item.cause.name in BY_NAME
            assert item.where
            assert len(item.evidence) <= LONGEST


@given(st.text())
def test_any_text_is_one_line_of_evidence(text: str) -> None:
    evidence = cleaned(text)
    assert len(evidence) <= LONGEST
    assert len(evidence.splitlines()) <= 1


@given(st.text())
def test_any_text_is_classified(text: str) -> None:
    assert cause_in(text) in {"", *BY_NAME}


def test_two_hundred_children_that_fail_are_each_told_their_own_cause() -> None:
    diagnoser = Diagnoser()
    for number in range(200):
        case = CASES[number % len(CASES)]
        family = case.family(case.forms[0])
        family.name = f"prod-{number}"
        assert diagnoser.diagnose(family, 0.0)[0].cause.name == case.cause
