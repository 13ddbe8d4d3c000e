# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The statements of the document "MKE 4k child clusters", one test each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, List

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import engine
from ansible_collections.mke4k.core.plugins.module_utils._children.model import MKE_CHILD_CONFIG, Child, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.render import rendered
from ansible_collections.mke4k.core.plugins.module_utils._children.rules.before import check
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.build import build_children
from ansible_collections.mke4k.core.plugins.module_utils._config.layers import K0RDENT, layers
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.charts import k0rdent_chart
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import paths_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind
from ansible_collections.mke4k.core.plugins.module_utils._kube.resources import known
from ansible_collections.mke4k.core.plugins.modules import child_cluster

from .clusters import OPERATOR_RELEASES, mke4k

ROOT = Path(__file__).resolve().parents[3]
MKE = engine("mke-operator")
# A GitOps system asks nobody.
FACTS = Mothership(version="v4.1.1", asked=False)
# Sections that a child has none of, as its machines and its address come from AWS, or as it is no mothership.
NOT_FOR_CHILDREN = {"hosts", "version", "cloudProvider", "certificates", "registries", "airgap", "k0rdent"}
NOT_FOR_CHILDREN |= {"k8sProviderSpecs"}


def children(*given: Dict[str, Any]) -> List[Child]:
    return build_children([{"region": "eu-west-3", **item} for item in given], {}, FACTS)


def errors(*given: Dict[str, Any]) -> List[str]:
    return [one.name for one in check(children(*given), FACTS, {}, MKE) if one.is_error]


def yaml_of(path: str) -> Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


def test_all_clusters_come_with_k0rdent_and_can_be_motherships() -> None:
    assert all(K0RDENT in layers(mke4k(version).release) for version in OPERATOR_RELEASES)


def test_it_is_k0rdent_enterprise_v1_1_0() -> None:
    for version in ("v4.1.1", "v4.1.2"):
        chart = k0rdent_chart(mke4k(version), {})
        assert chart["version"] == "1.1.0"
        assert chart["chart"].endswith("/k0rdent-enterprise")


def test_mke_child_configs_belong_into_the_namespace_k0rdent() -> None:
    assert k0rdent_chart(mke4k(), {})["namespace"] == "k0rdent"


def test_the_api_has_mke_child_config_beside_mke_config() -> None:
    """The mothership is the only source of truth: both are objects of its own API."""
    for kind in ("MkeConfig", "MkeChildConfig"):
        resource = known(Kind("mke.mirantis.com/v1alpha1", kind))
        assert resource is not None
        assert resource.namespaced


def test_a_reset_of_the_mothership_asks_for_its_children_before_anything_else() -> None:
    plays = yaml_of("playbooks/reset.yml")
    roles = [
        task.get(f"ansible.builtin.{how}_role")
        for play in plays
        for task in play["tasks"]
        for how in ("import", "include")
    ]
    entries = [role["tasks_from"] for role in roles if role]
    assert entries == ["inventory", "reset_plan", "guard", "reset"]
    refusal = [task for task in yaml_of("roles/child_clusters/tasks/guard.yml") if "ansible.builtin.fail" in task]
    assert "unmanaged" in refusal[0]["ansible.builtin.fail"]["msg"]


def test_mke_child_configs_are_applied_to_the_namespace_k0rdent_only() -> None:
    (child,) = children({"name": "a"})
    (manifest,) = MKE.manifests(child, FACTS)
    assert manifest["metadata"]["namespace"] == "k0rdent"
    assert errors({"name": "a", "namespace": "default"}) == ["child-namespace"]


def test_the_mothership_is_the_single_source_of_truth() -> None:
    """Whatever is asked for goes into one object of the mothership; nothing is written to a child."""
    (child,) = children({"name": "a", "workers_number": 3, "template": "x"})
    for name in ("mke-operator", "k0rdent"):
        made = engine(name).manifests(child, FACTS)
        assert [(item["kind"], item["metadata"]["namespace"]) for item in made] == [
            (engine(name).root_kind.kind, "k0rdent")
        ]


def test_the_dashboard_of_a_child_is_read_only() -> None:
    """That is MKE's doing. Users are told, where they would look for a way to change a child."""
    said = [*yaml.safe_load(child_cluster.DOCUMENTATION)["description"], (ROOT / "README.md").read_text("utf-8")]
    assert len([text for text in said if "read-only" in text]) == 2


def test_mkectl_has_no_part_in_it() -> None:
    tasks = [*(ROOT / "roles").rglob("tasks/*.yml"), *(ROOT / "playbooks").glob("*.yml")]
    called = re.compile(r"(command|shell|argv|cmd|exec):.*mkectl")
    assert tasks
    assert [path for path in tasks if called.search(path.read_text(encoding="utf-8"))] == []


def test_children_can_be_configured_by_a_gitops_system() -> None:
    """Files that say everything, the same each time, made without asking the mothership."""
    wanted = children({"name": "a"}, {"name": "b", "workers_number": 3})
    files = rendered(wanted, MKE, FACTS)
    assert files == rendered(wanted, MKE, FACTS)
    objects = [item for text in files.values() for item in yaml.safe_load_all(text) if item]
    assert objects == [manifest for child in wanted for manifest in MKE.manifests(child, FACTS)]


def test_many_children_are_managed_at_the_same_time() -> None:
    wanted = children(*({"name": f"child-{number}"} for number in range(200)))
    assert [one for one in check(wanted, FACTS, {}, MKE) if one.is_error] == []
    assert len(rendered(wanted, MKE, FACTS)) == 200


def test_mke_child_config_is_similar_to_mke_config_with_infrastructure_as_the_main_difference() -> None:
    config = {"apiVersion": "mke.mirantis.com/v1alpha1", "kind": "MkeConfig"}
    written = {"hosts": [{"role": "worker"}], "monitoring": {"enableGrafana": False}, "version": "v4.1.1"}
    (child,) = children({"name": "a", "from_mke_config": {**config, "spec": written}})
    (manifest,) = MKE.manifests(child, FACTS)
    assert manifest["apiVersion"] == config["apiVersion"] == MKE_CHILD_CONFIG.api_version
    assert manifest["kind"] == "MkeChildConfig"
    assert set(written) - set(manifest["spec"]) == {"hosts"}
    assert set(manifest["spec"]) - set(written) == {"infrastructure"}


SECTIONS = sorted({path[0] for path in paths_of(release("v4.1.1"))} - NOT_FOR_CHILDREN)


@pytest.mark.parametrize("section", SECTIONS)
def test_all_other_sections_are_the_same_with_few_exceptions(section: str) -> None:
    written = {section: {"anything": {"at": "all"}}}
    (child,) = children({"name": "a", "from_mke_config": {"kind": "MkeConfig", "spec": written}})
    assert child.spec[section] == written[section]
    assert child.findings == ()


def test_the_exceptions_are_few() -> None:
    assert len(NOT_FOR_CHILDREN) < len(SECTIONS) / 2


def test_aws_is_the_only_supported_cloud_provider() -> None:
    assert children({"name": "a"})[0].infrastructure["provider"] == "aws"
    assert errors({"name": "a"}) == []
    for provider in ("azure", "gcp", "openstack", "vsphere"):
        assert errors({"name": "a", "provider": provider}) == ["child-provider"]
