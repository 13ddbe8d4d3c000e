# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""k0s_plan, k0s_render and preflight_report: from mke4.yaml and what was read to a plan that can be carried out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleError
from ansible.utils.display import Display

from ansible_collections.mke4k.core.plugins.action import k0s_plan, k0s_render, preflight_report
from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import sha256_of
from ansible_collections.mke4k.core.tests.unit.plugins.action.running import action
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.configs import config, host
from ansible_collections.mke4k.core.tests.unit.plugins.plugin_utils.variables import task_vars

THREE = config(*[host(f"10.0.0.{number}") for number in (1, 2, 3)], host("10.0.0.4", "worker"))
BINARY = {"src": "k0s", "sha256": "a" * 64}


@pytest.fixture(autouse=True)
def warnings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shown: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, *_rest, **_more: shown.append(text))
    return shown


def bare(address: str) -> dict[str, Any]:
    """What k0s_node_info tells of a host without k0s."""
    return {
        "changed": False,
        "host": {
            "hostname": "node-" + address.rpartition(".")[2],
            "architecture": "x86_64",
            "addresses": [{"interface": "eth0", "address": address, "prefix": 24}],
            "default_address": address,
        },
        "node": {"hostname": "node-" + address.rpartition(".")[2]},
    }


def nodes(*addresses: str) -> dict[str, Any]:
    return {address: bare(address) for address in addresses}


ALL = nodes("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")


def converged(rendered: dict[str, Any], address: str) -> dict[str, Any]:
    """What k0s_node_info tells of a host that runs as it was rendered."""
    found = bare(address)
    spec = rendered["nodes"][address]
    controller = spec["role"] != "worker"
    arguments = [*spec["arguments"], "--data-dir=/var/lib/k0s"] + (["--config=/etc/k0s/k0s.yaml"] if controller else [])
    service = {"name": "k0scontroller" if controller else "k0sworker", "enabled": True, "active": True}
    found["node"].update(
        binary={"path": "/usr/local/bin/k0s", "sha256": "a" * 64, "version": spec["version"]},
        service={**service, "arguments": arguments},
        running={
            "version": spec["version"],
            "role": "controller" if controller else "worker",
            "pid": 1,
            "arguments": arguments,
        },
        files={
            item["path"]: {
                "path": item["path"],
                "sha256": sha256_of(item.get("content", "")),
                "mode": item["mode"],
                "owner": item["owner"],
                "group": item["group"],
            }
            for item in [*spec["files"], *spec["shared_files"]]
        },
        joined=True,
        ready=True,
        ca_sha256="c" * 64,
    )
    if controller:
        found["node"]["config"] = {"path": "/etc/k0s/k0s.yaml", "sha256": sha256_of(spec["config"])}
    return found


def run(module: Any, folder: Path, variables: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    found = action(module.ActionModule, folder, arguments).run(task_vars={**task_vars(folder), **(variables or {})})
    return dict(json.loads(json.dumps(found)))


def plan(folder: Path, variables: dict[str, Any] | None = None, **arguments: Any) -> dict[str, Any]:
    return run(k0s_plan, folder, variables, **{"config": THREE, "nodes": ALL, "binary": BINARY, **arguments})


def test_a_new_cluster_is_planned_from_bare_hosts(tmp_path: Path) -> None:
    result = plan(tmp_path)
    assert not result["changed"]
    found = result["plan"]
    assert (found["leader"], found["new_cluster"], found["bootstrap"]) == ("10.0.0.1", True, ["10.0.0.1"])
    assert found["prepare"] == found["stage"] == found["changing"] == list(ALL)
    assert found["token_roles"] == ["controller", "worker"]
    assert found["shared_files"] == ["/var/lib/k0s/encryption.cfg"]
    assert [wave["hosts"] for wave in found["waves"]["join"]] == [["10.0.0.4"], ["10.0.0.2"], ["10.0.0.3"]]
    assert found["hosts"]["10.0.0.4"]["binary"]["src"] == "k0s"
    assert found["server"] == "https://api.example.com:6443"


def test_a_kubeconfig_may_name_every_controller_that_serves_but_for_an_external_address(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    nodes = {address: converged(rendered, address) for address in ALL}
    nodes["10.0.0.1"]["node"]["ready"] = False
    spec = {key: value for key, value in THREE["spec"].items() if key != "apiServer"}
    found = plan(tmp_path, config={**THREE, "spec": spec}, nodes=nodes)["plan"]
    assert found["server"] == "https://10.0.0.2:6443"
    assert found["servers"] == ["https://10.0.0.2:6443", "https://10.0.0.3:6443"]
    assert plan(tmp_path, nodes=nodes)["plan"]["servers"] == []


def test_the_plan_holds_no_content(tmp_path: Path) -> None:
    assert "ClusterConfig" not in json.dumps(plan(tmp_path))


def test_calico_comes_after_k0s_so_the_hosts_need_not_be_ready_before_it(tmp_path: Path) -> None:
    assert plan(tmp_path)["plan"]["goal"] == "connected"


def test_who_brings_a_network_plugin_is_waited_for_by_the_layer_after_k0s_where_the_run_has_it(tmp_path: Path) -> None:
    spec = {**THREE["spec"], "network": {"providers": [{"provider": "custom", "enabled": True}]}}
    config = {**THREE, "spec": spec}
    assert plan(tmp_path, config=config)["plan"]["goal"] == "connected"
    assert plan(tmp_path, {"mke4k_layers": "k0s"}, config=config)["plan"]["goal"] == "serving"


def test_a_host_that_runs_as_rendered_has_nothing_to_change(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    found = plan(tmp_path, nodes={address: converged(rendered, address) for address in ALL})
    assert found["text"] == ["Nothing to change on 4 hosts."]
    assert found["plan"]["changing"] == []
    assert found["plan"]["ca_sha256"] == "c" * 64


def test_what_cannot_be_changed_any_more_stops_the_run(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    live = {address: converged(rendered, address) for address in ALL}
    live["10.0.0.1"]["node"]["running"]["cluster_config"] = {"spec": {"network": {"podCIDR": "10.99.0.0/16"}}}
    found = plan(tmp_path, nodes=live)
    assert found["stopped"]
    assert any("10.99.0.0/16" in item["message"] for item in found["findings"])


@pytest.mark.parametrize(("argument", "stops"), [("--kubelet-root-dir=/var/lib/kubelet", False), ("--debug", True)])
def test_a_kubelet_that_keeps_its_data_elsewhere_stops_the_run(tmp_path: Path, argument: str, stops: bool) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    live = {address: converged(rendered, address) for address in ALL}
    live["10.0.0.1"]["node"]["running"]["arguments"] = [argument]
    assert any("kubelet" in item["path"] for item in plan(tmp_path, nodes=live)["findings"]) == stops


def test_a_controller_that_would_keep_another_configuration_than_the_rest_stops_the_run(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    live = {address: converged(rendered, address) for address in ALL}
    other = {**THREE, "spec": {**THREE["spec"], "tracking": {"enabled": False}}}

    def left_behind(*in_play: str, config: Any = None) -> list[str]:
        found = plan(tmp_path, nodes=live, in_play=list(in_play), config=config or other)
        return [item["path"] for item in found["findings"] if item["name"] == "controller-left-behind"]

    assert left_behind("10.0.0.1", "10.0.0.4") == ["host 10.0.0.2", "host 10.0.0.3"]
    assert left_behind(*ALL) == []
    assert left_behind("10.0.0.4", config=THREE) == []


def unread(result: dict[str, Any]) -> list[str]:
    return [item["severity"] for item in result["findings"] if item["name"] == "host-not-read"]


def test_a_worker_outside_of_the_run_is_left_alone(tmp_path: Path) -> None:
    assert unread(plan(tmp_path, nodes=nodes("10.0.0.1", "10.0.0.2", "10.0.0.3"))) == ["warning"]


def test_a_host_of_the_run_that_was_not_read_stops_it(tmp_path: Path) -> None:
    without_worker = {**ALL, "10.0.0.4": {"unreachable": True, "msg": "no route"}}
    assert unread(plan(tmp_path, nodes=without_worker, in_play=list(ALL))) == ["error"]


def test_a_controller_that_was_not_read_stops_any_run(tmp_path: Path) -> None:
    found = plan(tmp_path, nodes=nodes("10.0.0.1", "10.0.0.3", "10.0.0.4"), in_play=["10.0.0.4"])
    assert unread(found) == ["error"]
    assert found["stopped"]


def test_a_waived_error_does_not_stop_the_run(tmp_path: Path) -> None:
    found = plan(tmp_path, nodes=nodes("10.0.0.1"))
    names = [item["name"] for item in found["findings"] if item["severity"] == "error"]
    assert found["stopped"]
    assert not plan(tmp_path, nodes=nodes("10.0.0.1"), waive=names)["stopped"]


def test_without_any_controller_there_is_no_plan(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="is not among the hosts of this run"):
        plan(tmp_path, nodes=nodes("10.0.0.4"))


def test_a_window_that_is_no_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="'some' is not a number of workers"):
        plan(tmp_path, disruption="some")


def test_an_address_that_cannot_be_told_is_a_finding(tmp_path: Path) -> None:
    lost = bare("10.0.0.4")
    lost["host"].update(addresses=[], default_address=None)
    found = plan(tmp_path, nodes={**ALL, "10.0.0.4": lost})
    assert "node-address-unknown" in [item["name"] for item in found["findings"]]


def test_mistakes_of_the_file_come_all_at_once(tmp_path: Path) -> None:
    broken = config(host("10.0.0.1"), host("10.0.0.1", "boss"))
    with pytest.raises(AnsibleError) as failure:
        plan(tmp_path, config=broken)
    assert "boss" in str(failure.value)
    assert "2." in str(failure.value)


def test_render_gives_the_options_of_k0s_node(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY, hosts=["10.0.0.2", "10.0.0.4"])
    assert list(rendered["nodes"]) == ["10.0.0.2", "10.0.0.4"]
    controller, worker = rendered["nodes"].values()
    assert yaml.safe_load(controller["config"])["spec"]["api"]["address"] == "10.0.0.2"
    assert (controller["token_role"], worker["token_role"]) == ("controller", "worker")
    assert worker["config"] == ""
    assert rendered == run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY, hosts=list(rendered["nodes"]))


def finding(severity: str, name: str) -> dict[str, Any]:
    text = {"path": "host n1", "message": "has it", "remedy": "mend it", "allowed": ""}
    return {"severity": severity, "name": name, **text}


def test_a_report_fails_with_all_errors_and_shows_all_warnings(tmp_path: Path, warnings: list[str]) -> None:
    found = [finding("error", "one"), finding("warning", "two"), finding("error", "three"), finding("error", "one")]
    result = run(preflight_report, tmp_path, findings=found)
    assert result["failed"]
    assert "found 2 errors; nothing was changed" in result["msg"]
    assert "1. host n1: has it. Mend it. [one]" in result["msg"]
    assert warnings == ["host n1: has it. Mend it. [two]"]


def test_what_is_the_same_on_several_hosts_is_told_once(tmp_path: Path, warnings: list[str]) -> None:
    run(preflight_report, tmp_path, findings=[{**finding("warning", "swap"), "path": f"host n{n}"} for n in (1, 2, 2)])
    assert warnings == ["hosts n1, n2: has it. Mend it. [swap]"]


def test_a_waived_error_is_shown_and_does_not_fail(tmp_path: Path, warnings: list[str]) -> None:
    result = run(preflight_report, tmp_path, findings=[finding("error", "one")], waive=["one"])
    assert not result.get("failed")
    assert [item["name"] for item in result["warnings_found"]] == ["one"]
    assert len(warnings) == 1


def test_options_are_checked(tmp_path: Path) -> None:
    with pytest.raises(AnsibleError, match="missing required arguments: findings"):
        run(preflight_report, tmp_path)


def older(rendered: dict[str, Any], *addresses: str) -> dict[str, Any]:
    """All hosts as they were rendered, but with an older k0s on some of them."""
    found = {address: converged(rendered, address) for address in ALL}
    for address in addresses:
        node = found[address]["node"]
        node["running"]["version"] = node["binary"]["version"] = "v1.32.5+k0s.0"
    return found


def test_an_upgrade_is_planned_by_step_and_restarts_nobody_else(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    live = older(rendered, "10.0.0.2", "10.0.0.4")
    found = plan(tmp_path, nodes=live, purpose="upgrade", backup=True, canary="1")
    upgrade = found["plan"]["upgrade"]
    assert (upgrade["controllers"], upgrade["canary"], upgrade["workers"]) == (["10.0.0.2"], ["10.0.0.4"], [])
    assert upgrade["hosts"] == found["plan"]["changing"] == ["10.0.0.2", "10.0.0.4"]
    assert found["plan"]["hosts"]["10.0.0.2"]["node"] == "node-2"
    assert found["plan"]["waves"] == {"before": [], "join": [], "after": []}
    assert "  2. Back up the cluster on 10.0.0.1" in found["text"]


def test_an_installation_leaves_the_version_to_an_upgrade(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    found = plan(tmp_path, nodes=older(rendered, "10.0.0.4"))
    assert [item["path"] for item in found["findings"] if item["name"] == "version-changes"] == ["host 10.0.0.4"]
    assert found["stopped"]
    upgrade = plan(tmp_path, nodes=older(rendered, "10.0.0.4"), purpose="upgrade")
    assert "version-changes" not in [item["name"] for item in upgrade["findings"]]


def test_an_upgrade_asks_nothing_of_workers_that_it_leaves_alone(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    live = older(rendered, "10.0.0.2", "10.0.0.4")
    del live["10.0.0.4"]
    everybody = plan(tmp_path, nodes=live, purpose="upgrade", in_play=list(ALL))
    assert "host-not-read" in [item["name"] for item in everybody["findings"]]
    some = plan(tmp_path, nodes=live, purpose="upgrade", in_play=list(ALL), only=["10.0.0.1", "10.0.0.2", "10.0.0.3"])
    assert "host 10.0.0.4" not in [item["path"] for item in some["findings"]]
    unread = {name: item for name, item in live.items() if name != "10.0.0.3"}
    without = plan(tmp_path, nodes=unread, purpose="upgrade", in_play=list(ALL), only=["10.0.0.2"])
    assert ("host-not-read", "host 10.0.0.3") in [(item["name"], item["path"]) for item in without["findings"]]


def test_an_upgrade_of_hosts_that_nobody_knows_is_stopped(tmp_path: Path) -> None:
    rendered = run(k0s_render, tmp_path, config=THREE, nodes=ALL, binary=BINARY)
    found = plan(tmp_path, nodes=older(rendered, "10.0.0.4"), purpose="upgrade", only=["10.0.0.44"])
    (unknown,) = [item for item in found["findings"] if item["name"] == "node-unknown"]
    assert "did you mean 10.0.0.4?" in unknown["message"]
    assert found["plan"]["upgrade"]["hosts"] == []


@pytest.mark.parametrize(
    ("wanted", "read"),
    [(0, 0), ("", 0), (None, 0), ("2", 2), (3, 3), ("a, b", ("a", "b")), (["a"], ("a",)), ("a", ("a",))],
)
def test_a_canary_is_a_number_or_names(wanted: Any, read: Any) -> None:
    assert k0s_plan.canary(wanted) == read
