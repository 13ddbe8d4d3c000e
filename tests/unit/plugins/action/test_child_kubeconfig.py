# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""child_kubeconfig: which files are written, which are left alone, and who sees what is in them."""

from __future__ import annotations

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.action.child_kubeconfig import ActionModule
from ansible_collections.mke4k.core.plugins.module_utils._children.errors import ChildrenError
from ansible_collections.mke4k.core.plugins.module_utils._children.kubeconfig import kubeconfig_of
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import NoCluster, NotReachable
from ansible_collections.mke4k.core.plugins.modules import child_kubeconfig as module
from ansible_collections.mke4k.core.plugins.plugin_utils import _child_probe
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.credentials.world import World
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._kube.server import api_of
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.kubeconfigs import SERVER, admin, secrets_of

MKE = "/apis/mke.mirantis.com/v1alpha1/namespaces/k0rdent/mkechildconfigs"
SECRETS = "/api/v1/namespaces/k0rdent/secrets"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    found = World()
    monkeypatch.setattr(ActionModule, "_open", lambda _self: api_of(found))
    return found


def child(world: World, name: str, ca: str = "one", secret: str = "", text: str | None = None) -> None:
    world.put(f"{MKE}/{name}", status={"kubeConfigSecret": secret} if secret else {})
    value = base64.b64encode((admin(ca) if text is None else text).encode()).decode()
    labels = {"cluster.x-k8s.io/cluster-name": name}
    world.put(f"{SECRETS}/{secret or name + '-kubeconfig'}", data={"value": value}, metadata={"labels": labels})


def run(folder: Path, *, check_mode: bool = False, diff: bool = False, **arguments: Any) -> dict[str, Any]:
    result = action(ActionModule, folder, arguments, check_mode=check_mode, diff=diff).run(task_vars={})
    assert json.loads(json.dumps(result)) == result
    return dict(result)


def test_every_child_gets_a_file_that_only_its_owner_may_read(tmp_path: Path, world: World) -> None:
    child(world, "berlin")
    child(world, "paris", "two", secret="mine")
    folder = tmp_path / "new" / "children"
    foretold = run(tmp_path, dest=str(folder), check_mode=True)
    assert not folder.exists()
    made = run(tmp_path, dest=str(folder))
    assert foretold == made
    assert made["changed"]
    assert [(item["name"], item["server"], item["secret"]) for item in made["kubeconfigs"]] == [
        ("berlin", SERVER, "berlin-kubeconfig"),
        ("paris", SERVER, "mine"),
    ]
    for name, ca in (("berlin", "one"), ("paris", "two")):
        path = folder / f"{name}.kubeconfig"
        assert path.read_text() == admin(ca)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    again = run(tmp_path, dest=str(folder))
    assert not again["changed"]
    assert made["text"][0] == f"berlin: {folder}/berlin.kubeconfig, {SERVER}"


def test_many_children_cost_one_list_of_secrets(tmp_path: Path, world: World) -> None:
    for number in range(30):
        child(world, f"c{number:02}")
    world.put(f"{SECRETS}/c29-kubeconfig", data=world.objects[f"{SECRETS}/c29-kubeconfig"]["data"])
    world.seen.clear()
    assert len(run(tmp_path)["kubeconfigs"]) == 30
    assert len(world.seen) <= 5


def test_a_mode_that_is_too_wide_is_mended(tmp_path: Path, world: World) -> None:
    child(world, "berlin")
    file = tmp_path / "config"
    run(tmp_path, names=["berlin"], file=str(file))
    file.chmod(0o644)
    assert run(tmp_path, names=["berlin"], file=str(file))["changed"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_no_secret_is_in_a_result_or_diff_unless_it_is_asked_for(tmp_path: Path, world: World) -> None:
    child(world, "berlin")
    made = run(tmp_path, dest=str(tmp_path / "d"), diff=True)
    assert made["diff"][0]["after_header"].endswith("berlin.kubeconfig")
    assert "(not shown)" in made["diff"][0]["after"]
    assert not [key for key in secrets_of(admin()) if key in str(made)]
    assert "content" not in made["kubeconfigs"][0]
    asked = run(tmp_path, names=["berlin"], return_content=True)
    assert (asked["changed"], asked["kubeconfigs"][0]["content"], asked["kubeconfigs"][0]["path"]) == (
        False,
        admin(),
        "",
    )


def test_a_file_of_another_cluster_stays_and_so_do_all_others(tmp_path: Path, world: World) -> None:
    child(world, "berlin")
    child(world, "paris", "two")
    (tmp_path / "paris.kubeconfig").write_text(admin("one"))
    with pytest.raises(AnsibleError, match=r"paris\.kubeconfig was not overwritten.*the child paris.*CA differs"):
        run(tmp_path, dest=str(tmp_path))
    assert not (tmp_path / "berlin.kubeconfig").exists()
    assert run(tmp_path, dest=str(tmp_path), force=True, diff=True)["changed"]
    assert (tmp_path / "paris.kubeconfig").read_text() == admin("two")


def test_what_is_no_kubeconfig_stays(tmp_path: Path, world: World) -> None:
    child(world, "berlin")
    file = tmp_path / "notes"
    file.write_text("my notes")
    with pytest.raises(AnsibleError, match="not overwritten: it is not a kubeconfig"):
        run(tmp_path, names=["berlin"], file=str(file))
    forced = run(tmp_path, names=["berlin"], file=str(file), force=True, diff=True)
    assert forced["changed"]
    assert "my notes" not in str(forced)
    file.write_bytes(b"\xff")
    with pytest.raises(AnsibleError, match="could not be read on the control node"):
        run(tmp_path, names=["berlin"], file=str(file))


def test_a_new_certificate_of_the_same_cluster_is_written(tmp_path: Path, world: World) -> None:
    child(world, "berlin")
    (tmp_path / "berlin.kubeconfig").write_text(admin("one", 20))
    assert run(tmp_path, dest=str(tmp_path))["changed"]


def test_children_without_a_kubeconfig_are_told(tmp_path: Path, world: World) -> None:
    world.put(f"{MKE}/young", status={})
    child(world, "empty", text="")
    child(world, "broken")
    world.objects[f"{SECRETS}/broken-kubeconfig"]["data"]["value"] = "/w=="
    with pytest.raises(AnsibleError) as caught:
        run(tmp_path, names=["young", "nobody", "empty", "broken"], dest=str(tmp_path / "d"))
    text = str(caught.value)
    assert "young: Secret k0rdent/young-kubeconfig is not there: its control plane has not come up yet" in text
    assert "nobody: Secret k0rdent/nobody-kubeconfig is not there: there is no child of that name" in text
    assert text.count("has no kubeconfig under the key value") == 2
    found = run(tmp_path, names=["young", "nobody"], allow_missing=True)
    assert [item["message"] != "" for item in found["kubeconfigs"]] == [True, True]
    assert len(run(tmp_path)["kubeconfigs"]) == 3


@pytest.mark.parametrize(("text", "words"), [("hello", "holds no kubeconfig"), ("kind: Config", "no current context")])
def test_a_secret_of_no_use_is_told(tmp_path: Path, world: World, text: str, words: str) -> None:
    child(world, "berlin", text=text)
    with pytest.raises(AnsibleError, match=words):
        run(tmp_path, names=["berlin"], dest=str(tmp_path))


@pytest.mark.parametrize("arguments", [{"names": []}, {"names": ["a", "b"]}, {"names": ["a"], "dest": "/x"}])
def test_a_file_is_for_one_child(tmp_path: Path, world: World, arguments: dict[str, Any]) -> None:
    with pytest.raises(AnsibleError, match="file is for the kubeconfig of one child"):
        run(tmp_path, file="/x", **arguments)


def test_a_place_that_cannot_be_written_is_told_before_anything_is(
    tmp_path: Path, world: World, monkeypatch: Any
) -> None:
    child(world, "berlin")
    (tmp_path / "d").write_text("")
    with pytest.raises(AnsibleError, match="is not a folder"):
        run(tmp_path, dest=str(tmp_path / "d"))

    def fail(_path: str, _text: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ansible_collections.mke4k.core.plugins.plugin_utils._child_files.write_private", fail)
    with pytest.raises(AnsibleError, match="No space left"):
        run(tmp_path, dest=str(tmp_path))


def test_children_of_k0rdent_elsewhere_are_found(tmp_path: Path, world: World) -> None:
    space = "/apis/k0rdent.mirantis.com/v1beta1/namespaces/kcm-system/clusterdeployments/rome"
    world.put(space, status={})
    world.put("/apis/helm.k0sproject.io/v1beta1/namespaces/kube-system/charts/kcm", spec={"namespace": "kcm-system"})
    value = base64.b64encode(admin().encode()).decode()
    world.put("/api/v1/namespaces/kcm-system/secrets/rome-kubeconfig", data={"value": value})
    assert run(tmp_path)["kubeconfigs"][0]["server"] == SERVER


def test_before_there_is_a_cluster_check_mode_has_nothing_to_say(tmp_path: Path, monkeypatch: Any) -> None:
    def no_cluster(_self: Any) -> Any:
        raise NoCluster("There is no cluster yet.")

    monkeypatch.setattr(ActionModule, "_open", no_cluster)
    assert run(tmp_path, names=["berlin"], check_mode=True)["kubeconfigs"] == []


def test_one_kubeconfig_can_be_had_as_text(world: World) -> None:
    child(world, "berlin")
    assert kubeconfig_of(api_of(world), "berlin", "k0rdent") == admin()
    with pytest.raises(ChildrenError, match="no child of that name"):
        kubeconfig_of(api_of(world), "paris", "k0rdent")


def test_a_child_that_answers_is_told_with_its_version(tmp_path: Path, world: World, monkeypatch: Any) -> None:
    child(world, "berlin")
    answer = {"gitVersion": "v1.32.6+k0s"}
    monkeypatch.setattr(_child_probe, "connect", lambda access, deadline: FakeApi(answer))
    found = run(tmp_path, probe=True)
    assert (found["kubeconfigs"][0]["reachable"], found["kubeconfigs"][0]["version"]) == (True, "v1.32.6+k0s")
    assert found["text"] == [f"berlin: {SERVER}, answers (v1.32.6+k0s)"]


class FakeApi:
    server = SERVER

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def version(self) -> Any:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_child_behind_a_private_address_may_be_well(tmp_path: Path, world: World, monkeypatch: Any) -> None:
    child(world, "berlin")
    monkeypatch.setattr(_child_probe, "connect", lambda access, deadline: FakeApi(NotReachable("no answer.")))
    found = run(tmp_path, probe=True)
    assert not found.get("failed")
    assert found["kubeconfigs"][0]["reachable"] is False
    assert "the child may be well" in found["kubeconfigs"][0]["message"]


@pytest.mark.parametrize(
    ("server", "private"),
    [
        ("https://10.0.0.1:6443", True),
        ("https://internal-berlin-apiserver-1.eu-west-1.elb.amazonaws.com:6443", True),
        ("https://berlin-apiserver-1.eu-west-1.elb.amazonaws.com:6443", False),
        ("https://8.8.8.8", False),
        ("", False),
    ],
)
def test_only_private_addresses_are_excused(server: str, private: bool) -> None:
    assert bool(_child_probe.private_hint(server)) == private


def test_the_documentation_has_the_options_of_the_action() -> None:
    documented = yaml.safe_load(module.DOCUMENTATION)["options"]
    for option in documented.values():
        assert option.pop("description")
    assert documented == ActionModule.options
    assert yaml.safe_load(module.RETURN)
    assert yaml.safe_load(module.EXAMPLES)
