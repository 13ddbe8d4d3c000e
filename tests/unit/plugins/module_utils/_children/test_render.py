# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest
import yaml
from hypothesis import given, strategies as st

from ansible_collections.mke4k.core.plugins.module_utils._children.engines import ENGINES, engine
from ansible_collections.mke4k.core.plugins.module_utils._children.errors import BadChildren
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child
from ansible_collections.mke4k.core.plugins.module_utils._children.render import HEADER, file_name, rendered
from ansible_collections.mke4k.core.tests.unit.plugins.module_utils._children.wishes import built, mothership

MKE = engine("mke-operator")


@pytest.mark.parametrize("name", ENGINES)
def test_each_child_has_one_file_with_its_objects(name: str) -> None:
    children = [built(name="b"), built(name="a", services=[{"name": "x"}])]
    files = rendered(children, engine(name), mothership())
    assert sorted(files) == ["a.yaml", "b.yaml"]
    assert all(text.startswith(f"{HEADER}---\n") for text in files.values())
    objects = [item for item in yaml.safe_load_all(files["a.yaml"]) if item]
    assert objects == engine(name).manifests(children[1], mothership())
    assert len(objects) == (2 if name == "k0rdent" else 1)


def test_one_child_reads_like_this() -> None:
    assert rendered([built(workers_number=3)], MKE, mothership())["a.yaml"] == HEADER + (
        "---\n"
        "apiVersion: mke.mirantis.com/v1alpha1\n"
        "kind: MkeChildConfig\n"
        "metadata:\n"
        "  name: a\n"
        "  namespace: k0rdent\n"
        "spec:\n"
        "  infrastructure:\n"
        "    configuration:\n"
        "      workersNumber: 3\n"
        "    credential: aws-cluster-identity-cred\n"
        "    provider: aws\n"
        "    region: eu-west-3\n"
        "  version: v4.1.2\n"
    )


def test_what_is_said_twice_is_written_twice() -> None:
    machine = {"instanceType": "m5.large", "nonRootVolumes": [{"size": 20}]}
    spec = {"infrastructure": {"configuration": {"controlPlane": machine, "worker": machine}}}
    text = rendered([built(spec=spec)], MKE, mothership())["a.yaml"]
    assert "&id" not in text
    assert text.count("size: 20") == 2


SPECS = st.dictionaries(
    st.sampled_from(["network", "dns", "tracking", "etcd"]),
    st.dictionaries(st.text("abc", max_size=3), st.integers() | st.text(max_size=4), max_size=3),
)


@given(SPECS)
def test_the_order_in_which_things_were_said_does_not_matter(spec: Dict[str, Any]) -> None:
    turned = {key: dict(reversed(list(value.items()))) for key, value in reversed(list(spec.items()))}
    assert rendered([Child("a", spec)], MKE, mothership()) == rendered([Child("a", turned)], MKE, mothership())


@pytest.mark.parametrize(
    ("spec", "path"),
    [
        ({"authentication": {"oidc": {"clientSecret": "s3cret"}}}, "authentication.oidc.clientSecret"),
        ({"authentication": {"ldap": {"bindPW": "s3cret"}}}, "authentication.ldap.bindPW"),
        ({"authentication": {"clients": [{"id": "x", "secret": "s3cret"}]}}, "authentication.clients[0].secret"),
        ({"certificates": {"cert": "x", "key": "s3cret"}}, "certificates.key"),
        ({"license": {"token": "s3cret"}}, "license.token"),
    ],
)
def test_files_with_a_secret_are_refused_with_its_place_and_without_it(spec: Dict[str, Any], path: str) -> None:
    with pytest.raises(BadChildren) as caught:
        rendered([built(spec=spec)], MKE, mothership())
    (finding,) = caught.value.findings
    assert finding.path == f"child a: spec.{path}"
    assert "s3cret" not in str(caught.value)


def test_names_of_secrets_and_settings_are_no_secrets() -> None:
    spec = {
        "apiServer": {
            "encryptionConfigSecret": "enc",
            "audit": {"webhookConfigSecret": "hook"},
            "extraArgs": {"authentication-token-webhook": "true"},
        },
        "authentication": {"expiry": {"idTokens": "1h"}, "ldap": {"credentialsSecretName": "ldap", "bindPW": ""}},
        "license": {"secretRef": {"name": "mke-license"}},
        "backup": {
            "storage_provider": {
                "in_cluster_options": {"admin_credentials_secret": "minio-credentials"},
                "external_options": {"external_credentials_secret_name": "s3"},
            }
        },
    }
    assert list(rendered([built(spec=spec)], MKE, mothership())) == [file_name("a")]
