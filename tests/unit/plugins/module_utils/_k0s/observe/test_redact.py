# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
import yaml

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.redact import (
    MASK,
    mask_environment,
    redact,
    redact_data,
)

CONFIG = """\
apiVersion: k0s.k0sproject.io/v1beta1
spec:
  api:
    extraArgs:
      service-account-issuer: https://issuer.example
      token-auth-file: /etc/k0s/tokens.csv
      oidc-client-secret: s3cret-1
      encryption-provider-config: /var/lib/k0s/encryption.yaml
  extensions:
    helm:
      repositories:
      - {name: r, url: https://charts.example, username: me, password: s3cret-2}
      - name: other
        url: https://user:s3cret-3@charts.example
        password: "s3cret-4"
        certFile: /etc/x.crt
      charts:
      - name: c
        values: |
          adminPassword: s3cret-5
          replicas: 2
  network:
    controlPlaneLoadBalancing:
      keepalived:
        vrrpInstances:
        - authPass: s3cret-6
          virtualIPs: [10.0.0.5/16]
  storage:
    kine:
      dataSource: postgres://k0s:s3cret-7@db.example:5432/k0s?sslmode=disable
  keys:
  - name: key1
    secret: s3cret-8
  clientSecret: |
    s3cret-9
    s3cret-10
  tokens:
  - s3cret-11
  secrets:
    a: s3cret-12
  imagePullSecretName: regcred
  podSubnet: 10.244.0.0/16
"""


def test_no_secret_is_left_and_everything_else_is() -> None:
    text = redact(CONFIG)
    assert "s3cret" not in text
    for kept in (
        "https://issuer.example",
        "/etc/k0s/tokens.csv",
        "10.0.0.5/16",
        "replicas: 2",
        "name: key1",
        "regcred",
    ):
        assert kept in text
    assert text.splitlines()[-1] == "  podSubnet: 10.244.0.0/16"


def test_what_is_masked_is_still_yaml() -> None:
    document = yaml.safe_load(redact(CONFIG))
    assert document["spec"]["storage"]["kine"]["dataSource"].startswith(f"postgres://k0s:{MASK}@db.example")
    assert document["spec"]["clientSecret"] == MASK
    assert document["spec"]["extensions"]["helm"]["repositories"][0]["password"] == MASK


def test_a_parsed_document_keeps_no_secret_and_its_shape() -> None:
    document = redact_data(yaml.safe_load(CONFIG))
    assert "s3cret" not in str(document)
    assert document["spec"]["extensions"]["helm"]["repositories"][0] == {
        "name": "r", "url": "https://charts.example", "username": "me", "password": MASK,
    }  # fmt: skip
    assert document["spec"]["podSubnet"] == "10.244.0.0/16"
    assert redact_data({"password": "", "token": None, "n": 3}) == {"password": "", "token": None, "n": 3}


def test_private_keys_are_masked_even_when_they_are_cut_off() -> None:
    text = "a: |\n  -----BEGIN EC PRIVATE KEY-----\n  MHcCAQ\n"
    assert "MHcCAQ" not in redact(text)
    assert "MHcCAQ" not in redact(text + "  -----END EC PRIVATE KEY-----\nb: 1\n")
    assert redact(text + "  -----END EC PRIVATE KEY-----\nb: 1\n").endswith("\nb: 1\n")


def test_secret_flags_in_arguments_are_masked() -> None:
    assert (
        redact('args: ["--password=abc", "--token-file=/etc/t"]')
        == f'args: ["--password={MASK}", "--token-file=/etc/t"]'
    )


@pytest.mark.parametrize(
    ("name", "value", "masked"),
    [
        ("DB_PASSWORD", "x", True),
        ("AWS_SECRET_ACCESS_KEY", "x", True),
        ("HTTPS_PROXY", "http://me:pw@proxy:3128", True),
        ("HTTPS_PROXY", "http://proxy:3128", False),
        ("NO_PROXY", "10.0.0.0/8", False),
    ],
)
def test_secret_variables_become_digests_that_can_be_compared(name: str, value: str, masked: bool) -> None:
    once = mask_environment({name: value})
    assert (once[name] != value) is masked
    assert mask_environment(once) == once
    assert mask_environment({name: value + "2"}) != once
