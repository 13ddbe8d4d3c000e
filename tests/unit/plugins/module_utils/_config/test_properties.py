# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""No input, however odd, ends in a traceback, and the same input is always rendered the same."""

from __future__ import annotations

import copy
import json
import os
from typing import Any, Dict, List

from hypothesis import HealthCheck, given, settings, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._config.immutable import compare
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Loaded
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release_names
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import FIELDS

from .support import rendered

ODD_TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "\x00", "\ud800", "0", "-1", "true", "null", "10.0.0.0/8", "10.0.0.1", "a" * 3000, "--", "=", "'"]
    ),
    st.sampled_from(
        ["-----BEGIN X-----\nAA\n-----END X-----", "1m", "2GB", "30000-40000", "/k0s", "oci://r/x", "h:1", "\u202e"]
    ),
)
ODD_SCALAR = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**200, max_value=10**201),
    st.floats(),
    ODD_TEXT,
    st.binary(max_size=4),
    st.dates(),
)
ODD_KEY = st.one_of(ODD_TEXT, st.integers(), st.booleans(), st.none(), st.floats())
ODD = st.recursive(
    ODD_SCALAR,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.tuples(inner, inner),
        st.dictionaries(ODD_KEY, inner, max_size=4),
    ),
    max_leaves=20,
)
PATHS = sorted({line.steps for line in FIELDS})
VERSIONS = st.one_of(st.sampled_from([*release_names(), "", "4.1", None]), ODD_SCALAR)

HOST = st.fixed_dictionaries(
    {},
    optional={
        "role": st.one_of(st.sampled_from(["controller", "worker", "controller+worker", "single"]), ODD_SCALAR),
        "ssh": st.one_of(
            ODD_SCALAR,
            st.fixed_dictionaries(
                {"address": st.one_of(st.sampled_from(["10.0.0.1", "10.0.0.2", "n1"]), ODD_SCALAR)},
                optional={"port": ODD_SCALAR, "user": ODD_SCALAR, "bastion": ODD, "keyPath": ODD_TEXT},
            ),
        ),
        "installFlags": st.one_of(
            ODD, st.lists(st.sampled_from(["--labels=a=b", "--profile", "x", "--kubelet-extra-args=a", "-d", "--x='"]))
        ),
        "hostname": ODD_SCALAR,
        "privateAddress": ODD_SCALAR,
        "name": ODD_TEXT,
        "path": ODD_TEXT,
        "noTaints": ODD_SCALAR,
    },
)

# More of them find more: `MKE4K_EXAMPLES=5000` for an hour of quiet.
EXAMPLES = int(os.environ.get("MKE4K_EXAMPLES", "40"))
RELAXED = settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))


def placed(document: Dict[str, Any], steps: Any, value: Any) -> None:
    """Puts a value where a field stands, making the way there."""
    spot: Any = document
    for step, following in zip(steps, [*steps[1:], None]):
        if step == "[]":
            continue
        if following is None:
            spot[step] = value
        elif following == "[]":
            listed = spot.get(step)
            if not isinstance(listed, list) or not listed or not isinstance(listed[0], dict):
                spot[step] = [{}]
            spot = spot[step][0]
        else:
            if not isinstance(spot.get(step), dict):
                spot[step] = {}
            spot = spot[step]


def hold(loaded: Loaded) -> None:
    """What every answer keeps: findings are plain text, and a cluster can be rendered."""
    for finding in loaded.findings:
        assert finding.severity in ("error", "warning")
        assert finding.name
        assert finding.message
        finding.text().encode("utf-8")
        json.dumps(finding.to_dict())
    assert (loaded.cluster is None) == bool(loaded.errors)
    if loaded.cluster is not None:
        specs = rendered(loaded.cluster)
        assert json.dumps(specs) == json.dumps(rendered(loaded.cluster))
        json.dumps(specs, allow_nan=False, ensure_ascii=False).encode("utf-8")
        compare(loaded.cluster, {})


@RELAXED
@given(ODD)
def test_any_document_gives_findings(document: Any) -> None:
    hold(load(document))


@RELAXED
@given(VERSIONS, st.lists(st.tuples(st.sampled_from(PATHS), ODD), max_size=6), st.booleans())
def test_any_value_in_any_field_gives_findings(version: Any, values: List[Any], flat: bool) -> None:
    spec: Dict[str, Any] = {
        "hosts": [{"role": "controller+worker", "ssh": {"address": "10.0.0.11"}}],
        "version": version,
    }
    for steps, value in values:
        placed(spec, steps, value)
    hold(load(spec if flat else {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig", "spec": spec}))


@RELAXED
@given(st.lists(HOST, max_size=4), st.booleans(), st.sampled_from(release_names()))
def test_any_hosts_give_findings(hosts: List[Any], from_inventory: bool, version: str) -> None:
    document: Dict[str, Any] = {"kind": "MkeConfig", "spec": {"version": version}}
    if from_inventory:
        hold(load(document, inventory_hosts=hosts))
    else:
        document["spec"]["hosts"] = hosts
        hold(load(document))


@RELAXED
@given(ODD, st.dictionaries(st.sampled_from(["release", "k0s_version", "operator_image", "x"]), ODD_SCALAR))
def test_any_overrides_give_findings(document: Any, overrides: Dict[str, Any]) -> None:
    hold(load({"spec": {"hosts": []}}, overrides=overrides))
    hold(load(document, overrides=overrides))


@RELAXED
@given(ODD, ODD)
def test_any_live_cluster_can_be_compared(spec: Any, network: Any) -> None:
    cluster = load(
        {"kind": "MkeConfig", "spec": {"version": "v4.1.2", "hosts": [{"role": "single", "ssh": {"address": "n1"}}]}}
    )
    live = {"spec": {"network": network, "api": spec, "storage": spec, "registries": spec, "apiServer": network}}
    for kind in ("ClusterConfig", "MkeConfig"):
        assert isinstance(compare(cluster.require(), {"kind": kind, **live}), list)
    assert isinstance(compare(cluster.require(), {"kind": "MkeConfig", "spec": spec}), list)


def test_documents_are_not_changed_by_reading_them() -> None:
    document = {
        "kind": "MkeConfig",
        "spec": {"version": "4.1.2", "hosts": [{"role": "single", "ssh": {"address": "n1"}}]},
    }
    before = copy.deepcopy(document)
    hold(load(document))
    assert document == before


def test_endless_documents_are_told() -> None:
    endless: Dict[str, Any] = {"kind": "MkeConfig"}
    endless["spec"] = {"hosts": [endless]}
    assert "refers to itself" in " ".join(finding.message for finding in load(endless).errors)


def test_deep_documents_are_told() -> None:
    deep: Any = {}
    for _level in range(5000):
        deep = {"a": deep}
    assert "levels deep" in " ".join(finding.message for finding in load({"spec": deep}).errors)


def test_aliases_that_multiply_are_told() -> None:
    value: Any = ["x"] * 10
    for _level in range(20):
        value = [value] * 10
    assert "document-too-large" in [finding.name for finding in load({"spec": {"hosts": value}}).errors]


def test_huge_numbers_are_told() -> None:
    loaded = load({"spec": {"hosts": [], "kubelet": {"maxPods": 10**5000}}})
    assert "beyond all use" in " ".join(finding.message for finding in loaded.errors)
