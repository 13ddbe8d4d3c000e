# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the stand-in operators that need no API server."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lab.standin import calico, helm, hosts, objects
from tests.lab.standin.faults import Fault, parse_faults
from tests.lab.standin.kcm import components
from tests.lab.standin.mke_services import services
from tests.lab.standin.progress import Progress, State
from tests.lab.standin.runtime import Queue
from tests.lab.standin.source import from_file, from_hosts


class Clock:
    """Time as a test sets it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("error: manifest unknown", Fault(error="manifest unknown")),
        ("never: true", Fault(never=True)),
        ("{slow: 3, flap: 1.5}", Fault(slow=3, flap=1.5)),
        ("missing: true", Fault(missing=True)),
        ("nevr: true", Fault(error="nevr: true")),
        ("just text", Fault(error="just text")),
        ("a: [", Fault(error="a: [")),
    ],
)
def test_a_fault_that_is_misspelt_shows_itself_as_an_error(text: str, fault: Fault) -> None:
    faults = parse_faults({"k0rdent.capi": text})
    assert faults.of("k0rdent.capi") == fault
    assert faults.of("k0rdent.kcm") == Fault()


def test_a_component_takes_its_time_and_what_a_fault_adds() -> None:
    clock = Clock()
    progress = Progress(pace=1, clock=clock)
    assert not progress.state("a", Fault(slow=2)).ready
    assert progress.next_look() == 3
    clock.now = 3
    assert progress.state("a", Fault(slow=2)) == State(ready=True)


def test_a_component_that_was_ready_before_is_ready_at_once() -> None:
    assert Progress(pace=9, clock=Clock()).state("a", Fault(), was_ready=True).ready


def test_a_component_with_a_flap_fails_once() -> None:
    clock = Clock()
    progress = Progress(pace=1, clock=clock)
    seen = []
    for now in (0, 1, 2, 3, 4, 6, 7):
        clock.now = now
        seen.append(progress.state("a", Fault(flap=3)).ready)
    assert seen == [False, True, True, False, False, True, True]


def test_a_fault_counts_as_long_as_it_is_there() -> None:
    progress = Progress(pace=0, clock=Clock())
    assert progress.state("a", Fault(error="broken")) == State(ready=False, message="broken")
    assert not progress.state("a", Fault(never=True)).ready
    assert progress.state("a", Fault()).ready


def test_a_key_is_in_the_queue_once_with_its_earliest_time() -> None:
    clock = Clock()
    queue = Queue(clock)
    queue.add("late", 5)
    queue.add("late", 0)
    queue.add("later", 9)
    assert queue.get() == "late"
    clock.now = 9
    assert queue.get() == "later"
    queue.close()
    assert queue.get() is None


def test_calico_gets_the_pool_that_the_installation_means() -> None:
    spec = calico.defaulted(
        {"calicoNetwork": {"ipPools": [{"cidr": "10.0.0.0/16", "encapsulation": "VXLANCrossSubnet"}]}}
    )
    pool = calico.pool_spec(spec["calicoNetwork"]["ipPools"][0])
    assert (pool["cidr"], pool["vxlanMode"], pool["ipipMode"], pool["natOutgoing"]) == (
        "10.0.0.0/16",
        "CrossSubnet",
        "Never",
        True,
    )
    assert calico.defaulted({})["calicoNetwork"]["ipPools"][0]["cidr"] == "192.168.0.0/16"


def test_conditions_keep_the_time_of_their_last_change() -> None:
    old = {"type": "Ready", "status": "True", "lastTransitionTime": "then"}
    item = {"metadata": {"generation": 1}, "status": {"conditions": [old]}}
    same, changed = (objects.conditions(item, [objects.condition("Ready", ok, "R")])[0] for ok in (True, False))
    assert same["lastTransitionTime"] == "then"
    assert changed["lastTransitionTime"] != "then"


def test_components_come_up_in_the_order_of_their_dependencies() -> None:
    release = {
        "kcm": {"template": "kcm-1"},
        "capi": {"template": "capi-1"},
        "providers": [{"name": "a", "template": "a-1"}],
    }
    chain = components.chain({"providers": [{"name": "a"}, {"name": "b"}]}, release)
    assert [(part.name, part.template, part.depends_on) for part in chain] == [
        ("kcm", "kcm-1", ()),
        ("capi", "capi-1", ("kcm",)),
        ("a", "a-1", ("capi",)),
        ("b", "", ("capi",)),
    ]


def test_services_are_those_that_the_file_asks_for() -> None:
    found = services(
        {"ingressController": {"enabled": False}, "services": [{"name": "mine", "template": "mine-1.0.0"}]}
    )
    names = [service.name for service in found]
    assert "nginx" not in names
    assert (names[-1], found[-1].version) == ("mine", "1.0.0")


def test_a_release_is_recorded_as_helm_does_it() -> None:
    secret = helm.record("kcm", "k0rdent", "k0rdent-enterprise", "1.1.0", helm.DEPLOYED)
    packed = base64.b64decode(base64.b64decode(secret["data"]["release"]))
    record = json.loads(gzip.decompress(packed))
    assert record["chart"]["metadata"] == {"name": "k0rdent-enterprise", "version": "1.1.0", "appVersion": "1.1.0"}
    assert secret["metadata"]["name"] == "sh.helm.release.v1.kcm.v1"


def lab(folder: Path, *names: str) -> Path:
    """A run folder with hosts, of which each is a controller."""
    entries = []
    for place, name in enumerate(names, 11):
        home = folder / "hosts" / name
        (home / "root" / "etc").mkdir(parents=True)
        pki = home / "plain" / "var-lib" / "k0s" / "pki"
        pki.mkdir(parents=True)
        config: dict[str, Any] = {"clusters": [{"cluster": {"server": "https://localhost:6443"}}]}
        (pki / "admin.conf").write_text(yaml.safe_dump(config))
        entries.append({"name": name, "address": f"10.77.0.{place}"})
    (folder / "hosts.json").write_text(json.dumps({"hosts": entries}))
    return folder


def test_the_kubeconfig_of_the_next_controller_is_tried_after_the_last(tmp_path: Path) -> None:
    run = lab(tmp_path, "n1", "n2")
    source = from_hosts(lambda: hosts.lab_hosts(run))
    servers = [(source() or {})["clusters"][0]["cluster"]["server"] for _try in range(3)]
    assert servers == ["https://10.77.0.11:6443", "https://10.77.0.12:6443", "https://10.77.0.11:6443"]


def test_there_may_be_no_cluster_yet(tmp_path: Path) -> None:
    assert from_hosts(lambda: hosts.lab_hosts(tmp_path))() is None
    assert from_file(tmp_path / "kubeconfig")() is None


def test_a_host_gets_its_network_once(tmp_path: Path) -> None:
    (host,) = hosts.lab_hosts(lab(tmp_path, "n1"))
    assert host.write_cni("10.9.0.0/24")
    assert not host.write_cni("10.9.0.0/24")
    written = json.loads((host.root / hosts.CNI_FILE).read_text())
    assert written["plugins"][0]["ipam"]["ranges"] == [[{"subnet": "10.244.1.0/24"}]]


def test_a_node_is_a_host_by_its_name_or_its_address(tmp_path: Path) -> None:
    found = hosts.lab_hosts(lab(tmp_path, "n1", "n2"))
    node = {"metadata": {"name": "other"}, "status": {"addresses": [{"address": "10.77.0.12"}]}}
    assert hosts.host_of(node, found) == found[1]
    assert hosts.host_of({"metadata": {"name": "n1"}}, found) == found[0]
    assert hosts.host_of({"metadata": {"name": "n9"}}, found) is None
