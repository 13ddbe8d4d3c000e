# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Private registries: what variables say of them, and what hosts get so that they can pull."""

from __future__ import annotations

import base64
import json
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._config.load import load
from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster, Loaded, Registry
from ansible_collections.mke4k.core.plugins.module_utils._config.registries import (
    registries_of,
    registry_of,
    with_registries,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.render.platform.repositories import helm_repositories

from .support import document, host, names, rendered

PEM = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
OTHER_PEM = PEM.replace("AAAA", "BBBB")
IMAGES = {"url": "images.example.com:5000/mke", "caData": PEM}
CHARTS = {"url": "oci://charts.example.com/mke"}
HOSTS = [host("10.0.0.11"), host("10.0.0.12", "controller"), host("10.0.0.21", "worker")]


def loaded(**variables: Any) -> Loaded:
    file = document("v4.1.2", HOSTS, registries={"imageRegistry": IMAGES, "chartRegistry": CHARTS})
    return with_registries(load(file), variables.pop("listed", None), **variables)


def files_of(cluster: Cluster) -> Dict[str, Dict[str, Any]]:
    return {name: {item["path"]: item for item in spec["files"]} for name, spec in rendered(cluster).items()}


def test_one_login_serves_both_registries_of_the_file() -> None:
    found = registries_of(loaded(username="puller", password="s3cret-pull").require())
    assert [(item.host, item.username, item.password) for item in found] == [
        ("images.example.com:5000", "puller", "s3cret-pull"),
        ("charts.example.com", "puller", "s3cret-pull"),
    ]


def test_a_login_of_the_list_wins_over_the_common_one() -> None:
    listed = [{"host": "charts.example.com", "username": "charts", "password": "other"}]
    cluster = loaded(username="puller", password="s3cret-pull", listed=listed).require()
    assert registry_of(cluster, "oci://charts.example.com/mke").username == "charts"
    assert registry_of(cluster, "images.example.com:5000/mke/pause").username == "puller"


def test_authorities_of_file_and_list_are_both_trusted() -> None:
    listed = [{"host": "images.example.com:5000", "ca": OTHER_PEM}, {"host": "quay.example.com", "ca": PEM}]
    cluster = loaded(listed=listed).require()
    assert registry_of(cluster, "images.example.com:5000").ca == PEM + OTHER_PEM
    assert registry_of(cluster, "quay.example.com").ca == PEM
    assert registry_of(cluster, "docker.io/library/x") == Registry("docker.io")


def test_a_public_registry_puts_nothing_on_hosts() -> None:
    plain = rendered(load(document("v4.1.2", HOSTS)).require())
    assert all(not spec["environment"] for spec in plain.values())
    assert all("registr" not in item["path"] for spec in plain.values() for item in spec["files"])
    assert all("extensions" not in spec["config"]["spec"] for spec in plain.values() if spec["config"])


def test_containerd_gets_the_login_in_a_file_that_only_root_reads() -> None:
    files = files_of(loaded(username="puller", password="s3cret-pull").require())
    path = "/etc/containerd/certs.d/images.example.com:5000/hosts.toml"
    assert [name for name, found in files.items() if path in found] == ["10.0.0.11", "10.0.0.21"]
    item = files["10.0.0.21"][path]
    assert (item["mode"], item["secret"], item["restart"]) == ("0600", True, False)
    assert item["content"] == (
        'server = "https://images.example.com:5000"\n'
        'ca = "/etc/containerd/certs.d/images.example.com:5000/ca.crt"\n\n'
        "[header]\n"
        f'  Authorization = "Basic {base64.b64encode(b"puller:s3cret-pull").decode()}"\n\n'
        '[host."https://images.example.com:5000"]\n'
        '  capabilities = ["pull", "resolve"]\n'
        '  ca = "/etc/containerd/certs.d/images.example.com:5000/ca.crt"\n'
        '  [host."https://images.example.com:5000".header]\n'
        f'    Authorization = "Basic {base64.b64encode(b"puller:s3cret-pull").decode()}"\n'
    )


def test_a_login_is_never_in_the_drop_in_of_containerd() -> None:
    for files in files_of(loaded(username="puller", password="s3cret-pull").require()).values():
        for item in files.values():
            assert item["secret"] or base64.b64encode(b"puller:s3cret-pull").decode() not in item["content"]


def test_controllers_get_logins_for_charts_in_dockers_form() -> None:
    cluster = loaded(username="puller", password="s3cret-pull").require()
    specs = rendered(cluster)
    assert {name: spec["environment"] for name, spec in specs.items()} == {
        "10.0.0.11": {"DOCKER_CONFIG": "/etc/k0s/registry-auth"},
        "10.0.0.12": {"DOCKER_CONFIG": "/etc/k0s/registry-auth"},
        "10.0.0.21": {},
    }
    item = files_of(cluster)["10.0.0.12"]["/etc/k0s/registry-auth/config.json"]
    assert (item["mode"], item["secret"], item["restart"]) == ("0600", True, False)
    assert json.loads(item["content"])["auths"]["charts.example.com"] == {
        "auth": base64.b64encode(b"puller:s3cret-pull").decode()
    }


def test_controllers_share_one_list_of_chart_registries_with_private_authorities() -> None:
    cluster = loaded(username="puller", password="s3cret-pull").require()
    expected = [
        {
            "name": "images-example-com-5000",
            "url": "oci://images.example.com:5000",
            "caFile": "/etc/k0s/registry-auth/images.example.com:5000.crt",
        }
    ]
    assert helm_repositories(cluster) == expected
    for spec in rendered(cluster).values():
        if spec["config"]:
            assert spec["config"]["spec"]["extensions"] == {"helm": {"repositories": expected}}
            assert expected[0]["caFile"] in {item["path"] for item in spec["files"]}


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        ({"username": "puller"}, "has no password"),
        ({"password": "s3cret-pull"}, "has no username"),
        ({"username": "a:b", "password": "s3cret-pull"}, "a colon"),
        ({"listed": "charts.example.com"}, "is no list"),
        ({"listed": ["charts.example.com"]}, "is no mapping"),
        ({"listed": [{"host": "https://x.example.com"}]}, "https://x.example.com"),
        ({"listed": [{}]}, "mke4k_registries[0].host"),
        ({"listed": [{"host": "x.example.com", "ca": "AAAA"}]}, "is no PEM text"),
        ({"listed": [{"host": "x.example.com", "usrname": "puller"}]}, "Did you mean username?"),
        ({"listed": [{"host": "x.example.com", "username": "puller"}]}, "has no password"),
        ({"listed": [{"host": "x.example.com"}, {"host": "x.example.com"}]}, "is there twice"),
    ],
)
def test_a_mistake_in_the_variables_is_an_error_with_its_place(variables: Dict[str, Any], says: str) -> None:
    result = loaded(**variables)
    assert result.cluster is None
    texts: List[str] = [finding.text() for finding in result.errors]
    assert any(says in text for text in texts), texts
    assert names(result) == ["registry-variable"] * len(texts)
    assert not any("s3cret" in text for text in texts)


def test_a_wrong_file_is_still_reported_with_wrong_variables() -> None:
    result = with_registries(load(document("v4.1.2", [host("10.0.0.11", "boss")])), [], username="puller")
    assert result.cluster is None
    assert "registry-variable" in names(result)
    assert len(result.errors) > 1


def test_no_password_is_in_the_text_of_a_cluster() -> None:
    assert "s3cret-pull" not in repr(loaded(username="puller", password="s3cret-pull").cluster)
