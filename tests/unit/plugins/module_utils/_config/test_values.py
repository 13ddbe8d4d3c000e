# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Single values: types, ranges, choices, unknown fields, text instead of other kinds."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import release
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.tables import FIELDS
from ansible_collections.mke4k.core.plugins.module_utils._config.values.kinds import CONVERSIONS, WALKED

from .support import cluster, document, host, merged, names, nested

WRONG = [
    ("apiServer.audit.maxAge", "many", "'many'", "a whole number", ""),
    ("apiServer.audit.maxAge", -1, "-1", "0 or more", ""),
    ("apiServer.audit.maxAge", True, "true", "a whole number", ""),
    ("apiServer.audit.maxAge", 1.5, "1.5", "a whole number", ""),
    ("apiServer.audit.enabled", "maybe", "'maybe'", "true or false", ""),
    ("apiServer.audit.enabled", 2, "2", "true or false", ""),
    ("apiServer.audit.level", "Metdata", "'Metdata'", "None, Metadata, Request", "did you mean Metadata?"),
    ("apiServer.audit", "on", "'on'", "a mapping with fields such as enabled", ""),
    ("apiServer.requestTimeout", 60, "60 without a unit", "a duration", "write 60s"),
    ("apiServer.requestTimeout", "90", "'90' without a unit", "a duration", "write 90s"),
    ("apiServer.requestTimeout", "soon", "'soon'", "a duration", ""),
    ("apiServer.requestTimeout", [1], "a list of 1", "a duration", ""),
    ("apiServer.encryptionProvider", "encryption.cfg", "'encryption.cfg'", "an absolute path", ""),
    ("apiServer.encryptionProvider", "/a/../b", "'/a/../b'", "an absolute path", ""),
    ("apiServer.externalAddress", "https://mke.example.com/", "which is a URL", "host name", "write mke.example.com"),
    ("apiServer.externalAddress", "mke.example.com:0", "'0'", "a port from 1 to 65535", ""),
    ("apiServer.externalAddress", "fd00::1", "'fd00::1'", "an IPv4 address", "IPv4 only"),
    ("apiServer.externalAddress", "10.0.0.256", "'10.0.0.256'", "an IPv4 address", ""),
    ("apiServer.externalAddress", "under score!", "'under score!'", "an IPv4 address or a host name", ""),
    ("apiServer.sans", {"a": 1}, "a mapping with the keys a", "a list", ""),
    ("apiServer.sans", ["ok.example.com", "*.example.com"], "'*.example.com'", "a host name", ""),
    ("apiServer.extraArgs", ["a=b"], "a list of 1", "a map of arguments", ""),
    ("apiServer.extraArgs", {"a b": 1}, "'a b'", "names such as event-ttl", ""),
    ("apiServer.extraArgs", {"a": {"b": 1}}, "argument a", "text, numbers and booleans", ""),
    ("apiServer.extraArgs", {"a": "x\ny"}, "'x\\ny'", "text on one line", ""),
    ("apiServer.eventRateLimit.limits", "Server", "'Server'", "a list", ""),
    ("apiServer.eventRateLimit.limits", [None, 1], "null", "a mapping with fields such as limit", ""),
    ("etcd.storageQuota", "lots", "'lots'", "a size such as 2GB", ""),
    ("etcd.storageQuota", True, "true", "a size such as 2GB", ""),
    ("kubelet.maxPods", "0", "0", "a whole number from 1 to 1000", ""),
    ("kubelet.managerKubeReserved.memory", "2GB", "'2GB'", "a quantity", ""),
    ("kubelet.managerKubeReserved.memory", "2MiB", "'2MiB'", "a quantity", "write 2Mi"),
    ("kubelet.managerKubeReserved.cpu", "a lot", "'a lot'", "a quantity", ""),
    ("kubelet.customProfiles", [{"name": "a", "values": "x"}], "'x'", "a mapping", ""),
    ("network.serviceCIDR", "10.96.0.1/16", "an address within a range", "an IPv4 range", "write 10.96.0.0/16"),
    ("network.serviceCIDR", "10.96.0.0", "'10.96.0.0'", "an IPv4 range", ""),
    ("network.serviceCIDR", "10.96.0.0/33", "'10.96.0.0/33'", "an IPv4 range", ""),
    ("network.serviceCIDR", "fd00::/108", "'fd00::/108'", "an IPv4 range", "IPv4 only"),
    ("network.nodePortRange", "33000", "'33000'", "a range of ports", ""),
    ("network.nodePortRange", "40000-30000", "'40000-30000'", "from the lower to the higher", ""),
    ("network.kubeProxy.mode", "ipvs", "'ipvs'", "iptables", ""),
    ("network.kubeProxy.metricsBindAddress", "10249", "'10249'", "with a port", ""),
    ("network.kubeProxy.metricsBindAddress", "[::]:10249", "'[::]'", "an IPv4 address", ""),
    ("network.cplb.virtualIPs", ["10.0.0.100"], "no prefix length", "such as 10.0.0.100/24", ""),
    ("network.cplb.virtualIPs", ["fd00::1/64", "10.0.0.1/99"], "'fd00::1/64'", "such as 10.0.0.100/24", ""),
    (
        "registries.imageRegistry.url",
        "https://r.example.com/mke/",
        "'https://",
        "without a scheme",
        "write r.example.com/mke",
    ),
    ("registries.imageRegistry.url", "r example", "'r example'", "without a scheme", ""),
    (
        "registries.chartRegistry.url",
        "r.example.com/mke/",
        "'r.example.com/mke/'",
        "oci://",
        "write oci://r.example.com/mke",
    ),
    ("registries.chartRegistry.url", "oci://r.example.com/", "/'", "oci://", "write oci://r.example.com"),
    ("registries.chartRegistry.url", "oci://", "'oci://'", "oci://", ""),
    ("registries.imageRegistry.caData", "AAAA", "no PEM text", "-----BEGIN", "paste the file"),
    ("authentication.oidc.credentialsSecretName", "Big Name", "'Big Name'", "small letters", ""),
    ("authentication.clients", [{"name": "x"}], "is not set", "", "set it"),
    ("network.providers", [{"provider": "calcio"}], "'calcio'", "calico", "did you mean calico?"),
]


@pytest.mark.parametrize(("path", "value", "words", "allowed", "remedy"), WRONG, ids=str)
def test_a_wrong_value_is_told_with_what_is_right(path: str, value: Any, words: str, allowed: str, remedy: str) -> None:
    version = "v4.2.0" if "credentials" in path else "v4.1.2"
    written = document(version)
    written["spec"] = merged(written["spec"], nested(path, value))
    found = [finding for finding in load(written).errors if finding.path.startswith(f"spec.{path}")]
    assert found
    finding = found[0]
    assert words in finding.message
    assert allowed in finding.allowed
    assert remedy in finding.remedy


RIGHT = [
    ("apiServer.audit.enabled", "Yes", True),
    ("apiServer.audit.enabled", "off", False),
    ("apiServer.audit.enabled", 1, True),
    ("apiServer.audit.maxAge", " 7 ", 7),
    ("apiServer.audit.maxAge", 7.0, 7),
    ("apiServer.audit.level", "none", "None"),
    ("apiServer.audit.maxAge", "", 30),
    ("apiServer.audit.maxAge", None, 30),
    ("apiServer.requestTimeout", "1h30m", "1h30m"),
    ("apiServer.requestTimeout", "1.5h", "1.5h"),
    ("apiServer.sans", "a.example.com, 10.0.0.1\nb.example.com,", ["a.example.com", "10.0.0.1", "b.example.com"]),
    ("apiServer.sans", ["a.example.com", None, ""], ["a.example.com"]),
    ("apiServer.externalAddress", "mke.example.com.", "mke.example.com."),
    (
        "apiServer.extraArgs",
        {"--event-ttl": "2h", "n": 1, "b": False, "l": ["a", "b"], "none": None, "e": ""},
        {"event-ttl": "2h", "n": "1", "b": "false", "l": "a,b", "e": ""},
    ),
    ("apiServer.encryptionProvider", "/etc//mke/./x.cfg/", "/etc/mke/x.cfg"),
    ("etcd.storageQuota", "4 gb", "4 gb"),
    ("etcd.storageQuota", 4294967296, "4294967296"),
    ("kubelet.managerKubeReserved.cpu", 1, "1"),
    ("kubelet.managerKubeReserved.cpu", 0.5, "0.5"),
    ("network.nodePortRange", "32000 - 34000", "32000-34000"),
    (
        "registries.imageRegistry.caData",
        "-----BEGIN C-----\\nAA\\n-----END C-----",
        "-----BEGIN C-----\nAA\n-----END C-----\n",
    ),
    ("authentication.expiry.idTokens", "1h", "1h"),
    ("license.token", 12345, "12345"),
    ("tracking.clusterLabel", "test", "test"),
]


@pytest.mark.parametrize(("path", "value", "stored"), RIGHT, ids=str)
def test_text_from_surveys_becomes_what_the_field_holds(path: str, value: Any, stored: Any) -> None:
    assert cluster(**nested(path, value)).value(path) == stored


def test_booleans_and_numbers_of_hosts_may_be_text() -> None:
    written = document(
        hosts=[
            {
                "role": "Controller+Worker",
                "ssh": {"address": "10.0.0.11", "port": "2222"},
                "noTaints": "true",
                "installFlags": "--debug --labels zone=a",
                "hostname": "",
                "privateInterface": None,
            }
        ]
    )
    (found,) = load(written).require().hosts
    assert found.role == "controller+worker"
    assert found.no_taints is True
    assert found.install_flags == ("--debug", "--labels=zone=a")
    assert (found.hostname, found.private_interface) == ("", "")
    assert found.connection["ansible_port"] == 2222


def test_secrets_are_never_shown() -> None:
    for path, value in (
        ("certificates.key", "hunter2"),
        ("license.token", {"hunter2": 1}),
        ("authentication.ldap.bindPW", ["hunter2"]),
        ("authentication.oidc.clientSecret", {"hunter2": "hunter2"}),
    ):
        found = load(document(**nested(path, value)))
        assert found.errors
        assert "hunter2" not in " ".join(finding.text() for finding in found.findings)


def test_an_unknown_field_is_passed_on_with_the_nearest_known_name() -> None:
    loaded = load(document(network={"nodePortRang": "x", "zzz": {"a": [1]}}, kublet={"maxPods": 3}, maxPods=5))
    remedies = {finding.path: finding.remedy for finding in loaded.warnings if finding.name == "field-unknown"}
    assert remedies == {
        "spec.network.nodePortRang": "did you mean nodePortRange?",
        "spec.network.zzz": "check its name",
        "spec.kublet": "did you mean kubelet?",
        "spec.maxPods": "did you mean spec.kubelet.maxPods?",
    }
    spec = loaded.require().spec
    assert spec["network"]["zzz"] == {"a": [1]}
    assert spec["network"]["serviceCIDR"] == "10.96.0.0/16"
    assert spec["kublet"] == {"maxPods": 3}


ODD_NAMES: Any = {"a.b": 1, "x" * 200: 2, "tab\there": 3}


def test_odd_names_are_written_so_that_they_can_be_read() -> None:
    loaded = load(document(**ODD_NAMES))
    paths = [finding.path for finding in loaded.warnings]
    assert 'spec["a.b"]' in paths
    assert all(len(path) < 80 for path in paths)
    assert 'spec["tab\\there"]' in paths


def test_a_field_of_k0sctl_is_told_with_what_to_use() -> None:
    loaded = load(document(hosts=[{**host("10.0.0.11"), "hooks": {"apply": {"before": ["date"]}}}]))
    (finding,) = loaded.warnings
    assert finding.name == "field-foreign"
    assert finding.path == "spec.hosts[0].hooks"
    assert "tasks before and after the role k0s" in finding.remedy


@pytest.mark.parametrize(
    ("version", "path", "value", "severity", "words"),
    [
        ("v4.1.5", "backup.enabled", True, "warning", "of Alpha.1 to v4.1.2 and v4.2.0; it has no effect"),
        ("v4.1.0", "nodeLocalDNS.enabled", True, "warning", "of v4.1.3 to v4.2.0"),
        ("v4.1.0", "k8sProviderSpecs.dataDir", "/data/k0s", "error", "of v4.1.1 to v4.2.0"),
        ("v4.1.0", "apiServer.audit.level", "None", "error", "of v4.1.1 to v4.2.0"),
        ("v4.1.2", "hardening.enabled", True, "warning", "of Alpha.1 to rc.1"),
        ("v4.2.0", "addons", [{"name": "x"}], "warning", "services and metallb took its place"),
        ("v4.1.3", "monitoring.enableGrafana", True, "warning", "of Alpha.1 to v4.1.2"),
        ("v4.1.5", "backup.storage_provider.type", "External", "warning", "Alpha.1 to v4.1.2"),
    ],
)
def test_a_field_that_came_or_went_is_told(version: str, path: str, value: Any, severity: str, words: str) -> None:
    loaded = load(document(version, **nested(path, value)))
    found = [finding for finding in loaded.findings if finding.name == "field-other-release"]
    assert [finding.severity for finding in found] == [severity]
    assert words in found[0].message
    assert version in found[0].message


def test_an_empty_section_of_another_release_is_not_worth_a_word() -> None:
    assert load(document("v4.1.5", backup={})).findings == ()


def test_defaults_follow_the_release() -> None:
    assert cluster("v4.1.0").kubelet_root_dir == "/var/lib/k0s/kubelet"
    assert cluster("v4.1.1").kubelet_root_dir == "/var/lib/kubelet"
    assert cluster("v4.1.2").value("ingressController.enabled") is True
    assert cluster("v4.1.3").value("ingressController.enabled") is False
    assert cluster("v4.0.0").value("apiServer.audit.logPath") == "/var/lib/k0s/audit.log"


def test_every_line_of_the_schema_names_a_kind_and_holds_a_default_of_it() -> None:
    for line in FIELDS:
        kind = line.of if line.kind == "list" else line.kind
        assert kind in CONVERSIONS or kind in WALKED, line.path
        if line.default is not None:
            assert CONVERSIONS[kind](line.default) == line.default, line.path


def test_no_field_has_two_lines_for_one_release() -> None:
    seen = set()
    for line in FIELDS:
        for version in (
            name for name in ("Alpha.1", "rc.1", "v4.0.0", "v4.1.0", "v4.1.1", "v4.1.2", "v4.1.5", "v4.2.0")
        ):
            if line.in_release(release(version)):
                assert (line.steps, version) not in seen, line.path
                seen.add((line.steps, version))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"k0s_version": "1.33"}, "override-value"),
        ({"k0s_version": ["v1.33.1+k0s.0"]}, "override-value"),
        ({"release": "v9"}, "release-unknown"),
    ],
)
def test_a_wrong_override_is_told(given: Any, name: str) -> None:
    assert name in names(load(document(), overrides=given))


def test_an_unknown_override_is_told() -> None:
    (finding,) = load(document(), overrides={"k0s_versoin": "x", "calico_version": ""}).warnings
    assert finding.remedy == "did you mean k0s_version?"


def test_overrides_reach_the_cluster() -> None:
    found = load(document(), overrides={"k0s_version": "v1.32.13+k0s.0", "operator_chart": "9.9.9"}).require()
    assert found.k0s_version == "v1.32.13+k0s.0"
    assert found.release.operator_chart == "9.9.9"


def test_dates_and_the_like_are_told() -> None:
    loaded = load(document(kubelet={"extraArgs": {"since": datetime.date(2026, 1, 1)}}))
    (finding,) = loaded.errors
    assert finding.path == "spec.kubelet.extraArgs.since"
    assert "put quotes around it" in finding.remedy


def test_keys_that_yaml_turns_into_something_else_are_text_again() -> None:
    loaded = load(document(ingressController={"tcpServices": {8080: "ns/svc:80", True: "x"}}))
    assert loaded.require().value("ingressController.tcpServices") == {"8080": "ns/svc:80", "true": "x"}
    assert names(load(document(x={1: "a", "1": "b"}))) == ["value-not-plain"]
    assert names(load(document(x={(1, 2): "a"}))) == ["value-not-plain"]
