# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names that are nearly right, flags in parts, and rendering where golden files would hide the point."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, List, Optional, Tuple

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.flags import (
    FlagError,
    argument_map,
    argument_text,
    last_value,
    split_flags,
    split_words,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import split_host_port
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import distance, nearest, nearest_path
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import path_text, pattern
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import registry_host
from ansible_collections.mke4k.core.plugins.module_utils._config.render.node import render_node
from ansible_collections.mke4k.core.plugins.module_utils._config.render.paths import managed_paths
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import Invalid
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import bytes_of, seconds_of

from .support import cluster, document, host, rendered

KNOWN = ["nodePortRange", "serviceCIDR", "providers", "kubeProxy", "admin_credentials_secret"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("nodeportrange", "nodePortRange"),
        ("node_port_range", "nodePortRange"),
        ("ndoePortRange", "nodePortRange"),
        ("serviceCidrs", "serviceCIDR"),
        ("adminCredentialsSecret", "admin_credentials_secret"),
        ("provider", "providers"),
        ("entirelyElse", None),
        ("", None),
        ("-_-", None),
        ("x" * 5000, None),
    ],
)
def test_the_nearest_name_is_the_one_that_was_meant(name: str, found: Optional[str]) -> None:
    assert nearest(name, KNOWN) == found


@pytest.mark.parametrize(
    ("left", "right", "steps"), [("", "abc", 3), ("abc", "acb", 1), ("abc", "abd", 1), ("a", "a", 0)]
)
def test_swapped_letters_count_once(left: str, right: str, steps: int) -> None:
    assert distance(left, right) == steps


def test_a_name_that_stands_in_one_other_place_is_found_there() -> None:
    paths = [("kubelet", "maxPods"), ("a", "enabled"), ("b", "enabled")]
    assert nearest_path("maxpods", paths) == ("kubelet", "maxPods")
    assert nearest_path("enabled", paths) is None


@pytest.mark.parametrize(
    ("items", "flags"),
    [
        (["--a=b", " --c "], [("--a", "b"), ("--c", None)]),
        (["--a b"], [("--a", "b")]),
        (["--a", "b"], [("--a", "b")]),
        (['--a="b c"', "--d 'e'"], [("--a", "b c"), ("--d", "e")]),
        (["--a=b=c,d"], [("--a", "b=c,d")]),
        (["--kubelet-extra-args=--v=4 --x"], [("--kubelet-extra-args", "--v=4 --x")]),
        (["-d", "-l", "etcd=debug"], [("--debug", None), ("--logging", "etcd=debug")]),
        (["", "--a="], [("--a", "")]),
    ],
)
def test_flags_are_told_apart(items: List[str], flags: List[Tuple[str, Optional[str]]]) -> None:
    assert split_flags(items) == flags


@pytest.mark.parametrize("items", [["a"], ["--a=b", "c"], ["--a='b"], ['--a=b"'], ["--"], ["-"]])
def test_what_is_no_flag_is_told(items: List[str]) -> None:
    with pytest.raises(FlagError):
        split_flags(items)


def test_a_text_with_several_flags_is_read_as_a_shell_does() -> None:
    assert split_words("--a --b='c d'") == ["--a", "--b=c d"]
    with pytest.raises(FlagError):
        split_words("--a='b")


def test_arguments_of_kubelet_keep_their_names() -> None:
    assert argument_map(" -v=4   --x ") == {"-v": "4", "--x": None}
    assert argument_text({"--b": "1", "--a": None}) == "--a --b=1"


def test_the_last_value_of_a_flag_counts() -> None:
    assert last_value([("--a", "1"), ("--b", None), ("--a", "2")], "--a") == "2"
    assert last_value([("--b", None)], "--b") == "true"
    assert last_value([], "--a") is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mke.example.com", ("mke.example.com", "")),
        ("10.0.0.1:443", ("10.0.0.1", "443")),
        ("[fd00::1]:443", ("fd00::1", "443")),
        ("[fd00::1]", ("fd00::1", "")),
        ("fd00::1", ("fd00::1", "")),
        ("", ("", "")),
    ],
)
def test_host_and_port_are_told_apart(text: str, parts: Tuple[str, str]) -> None:
    assert split_host_port(text) == parts


def test_paths_are_written_as_they_are_read() -> None:
    assert pattern('network.providers[].extraConfig["values.yaml"]') == (
        "network",
        "providers",
        "[]",
        "extraConfig",
        "values.yaml",
    )
    assert path_text(("a", 0, "b", "c.d")) == 'a[0].b["c.d"]'
    assert path_text(()) == ""


@pytest.mark.parametrize(("size", "amount"), [("2GB", 2**31), ("2 GiB", 2**31), ("1k", 1024), ("5", 5), ("1TB", 2**40)])
def test_sizes_are_powers_of_1024(size: str, amount: int) -> None:
    assert bytes_of(size) == amount


def test_what_is_no_size_is_told() -> None:
    with pytest.raises(Invalid):
        bytes_of("much")


def test_durations_add_up() -> None:
    assert seconds_of("1h1m1.5s") == pytest.approx(3661.5)


@pytest.mark.parametrize(
    ("url", "found"),
    [("r.io/mke", "r.io"), ("oci://r.io:5000/mke", "r.io:5000"), ("r.io", "r.io"), ("oci://r.io", "r.io")],
)
def test_a_registry_is_known_by_host_and_port(url: str, found: str) -> None:
    assert registry_host(url) == found


def test_a_worker_has_no_configuration_and_no_file_of_a_controller() -> None:
    hosts = [host("10.0.0.11"), host("10.0.0.21", "worker")]
    found = cluster(hosts=hosts, apiServer={"audit": {"enabled": True}})
    worker = rendered(found)["10.0.0.21"]
    assert worker["config"] is None
    assert (worker["files"], worker["shared_files"], worker["directories"]) == ([], [], [])


def test_a_controller_without_workloads_has_no_arguments_of_a_worker() -> None:
    found = cluster(hosts=[host("10.0.0.11", "controller")], kubelet={"extraArgs": {"v": 4}})
    (spec,) = rendered(found).values()
    assert spec["arguments"] == [
        "--disable-components=konnectivity-server,endpoint-reconciler",
        "--enable-metrics-scraper",
    ]


def test_managed_paths_are_those_of_what_is_rendered() -> None:
    found = cluster(apiServer={"audit": {"enabled": True}})
    (spec,) = rendered(found).values()
    paths = managed_paths(found, found.hosts[0])
    assert paths == ["/var/lib/k0s/encryption.cfg", "/var/lib/k0s/mke4_audit_policy.yaml", "/var/log/k0s/audit"]
    assert {item["path"] for kind in ("files", "shared_files", "directories") for item in spec[kind]} == set(paths)


def test_the_order_of_a_file_does_not_matter() -> None:
    spec: Any = {
        "kubelet": {"maxPods": 50, "extraArgs": {"b": 1, "a": 2}},
        "apiServer": {"extraArgs": {"z": 1, "y": 2}, "requestTimeout": "2m"},
    }
    turned = {key: dict(reversed(list(value.items()))) for key, value in reversed(list(spec.items()))}
    one, other = (rendered(load(document(**item)).require()) for item in (spec, turned))
    assert repr(one) == repr(other)


def test_a_host_is_found_by_its_name() -> None:
    found = cluster(hosts=[host("10.0.0.11"), host("10.0.0.21", "worker")])
    assert found.host("10.0.0.21").role == "worker"
    assert [item.name for item in found.workers] == ["10.0.0.21"]
    with pytest.raises(KeyError):
        found.host("n9")


def test_a_name_that_is_no_host_does_not_get_into_the_certificate() -> None:
    loaded = load(document(hosts=[]), inventory_hosts=[{"name": "my host [1]", "role": "controller"}])
    found = loaded.require()
    spec = render_node(found, found.hosts[0], {"my host [1]": "10.0.0.11"})
    assert spec["config"]["spec"]["api"]["sans"] == ["10.0.0.11"]


def test_labels_and_taints_of_a_host_become_flags() -> None:
    found = cluster()
    labelled = replace(found.hosts[0], labels={"zone": "a"}, taints=("dedicated=gpu:NoSchedule",))
    arguments = render_node(found, labelled, {labelled.name: "10.0.0.11"})["arguments"]
    assert "--labels=mke/version=v4.1.2,zone=a" in arguments
    assert "--taints=dedicated=gpu:NoSchedule" in arguments


def test_kubelets_arguments_given_twice_add_up() -> None:
    flags = ["--kubelet-extra-args=--v=4", "--kubelet-extra-args", "--kubelet-extra-args=--x=1"]
    (spec,) = rendered(cluster(hosts=[host("10.0.0.11", installFlags=flags)])).values()
    assert "--kubelet-extra-args=--node-ip=10.0.0.11 --v=4 --x=1" in spec["arguments"]


def test_kube_proxy_can_be_left_out_where_the_release_has_that() -> None:
    written = {"hosts": [host("10.0.0.11")], "network": {"kubeProxy": {"disabled": "true"}}}
    (spec,) = rendered(load(written).require()).values()
    assert spec["config"]["spec"]["network"]["kubeProxy"]["disabled"] is True


def test_a_cluster_with_many_hosts_is_read_at_once() -> None:
    hosts = [host(f"10.1.{place // 250}.{place % 250 + 1}", "worker") for place in range(1000)]
    started = time.monotonic()
    loaded = load(document(hosts=[host("10.0.0.11"), *hosts], network=WIDE))
    assert loaded.errors == ()
    assert time.monotonic() - started < 5


WIDE: Any = {"providers": [{"provider": "calico", "enabled": True, "extraConfig": {"cidrV4": "172.16.0.0/12"}}]}
