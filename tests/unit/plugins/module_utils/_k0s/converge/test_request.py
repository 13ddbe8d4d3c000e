# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import Request, secrets_of
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError


def params(**values: Any) -> Dict[str, Any]:
    return {"state": "running", "role": "worker", "version": "v1.33.13+k0s.0", "config": None, **values}


@pytest.mark.parametrize(
    ("values", "joins"),
    [
        ({"role": "worker"}, True),
        ({"role": "controller", "config": "{}"}, False),
        ({"role": "controller", "config": "{}", "token": "t"}, True),
        ({"role": "controller", "config": "{}", "joins": True}, True),
        ({"role": "controller", "config": "{}", "joins": False, "token": "t"}, False),
    ],
)
def test_who_joins_is_told_or_guessed(values: Dict[str, Any], joins: bool) -> None:
    assert Request.from_params(params(**values)).joins is joins


def test_a_controller_without_a_config_is_refused() -> None:
    with pytest.raises(K0sError, match="a controller needs `config`"):
        Request.from_params(params(role="controller"))
    Request.from_params(params(role="controller", state="staged"))


def test_an_environment_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(K0sError, match="the value of A has a line break"):
        Request.from_params(params(environment={"A": "b\nc"}))


def test_all_options_arrive() -> None:
    made = Request.from_params(
        params(
            shared=[{"path": "/a", "content": "b"}], peers=["10.0.0.2"], wait_for="etcd", wait_timeout=7, token="secret"
        )
    )
    assert (made.shared, made.peers, made.wait_for, made.wait_timeout) == ({"/a": "b"}, ("10.0.0.2",), "etcd", 7.0)
    assert "secret" not in repr(made)


def test_only_what_is_secret_is_masked() -> None:
    given = params(
        token="a-long-token",
        config="a-long-config",
        files=[{"path": "/etc/a", "content": "long content", "owner": "root"}, {"path": "/b", "content": "x"}],
        shared=[{"path": "/etc/c", "content": "long shared"}],
        environment={
            "NO_PROXY": "10.0.0.0/8",
            "HTTPS_PROXY": "http://me:pw@proxy",
            "REGISTRY_PASSWORD": "hunter2hunter",
        },
    )
    assert secrets_of(given) == {
        "a-long-token",
        "a-long-config",
        "long content",
        "long shared",
        "http://me:pw@proxy",
        "hunter2hunter",
    }
    assert secrets_of(params()) == set()
