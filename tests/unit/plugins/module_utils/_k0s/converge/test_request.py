# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any, Dict

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.request import (
    Request,
    secrets_of,
    without_texts,
)
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


SECRETS: Dict[str, Any] = {
    "token": "a-long-token",
    "config": "spec:\n  password: hunter2\n",
    "files": [
        {"path": "/etc/a", "content": "long content", "owner": "root", "secret": True},
        {"path": "/b", "content": "x", "secret": True},
        {"path": "/etc/d", "content": "innocent content", "secret": False},
    ],
    "shared": [{"path": "/etc/c", "content": "long shared"}],
    "environment": {
        "NO_PROXY": "10.0.0.0/8",
        "HTTPS_PROXY": "http://me:pw@proxy",
        "REGISTRY_PASSWORD": "hunter2hunter",
    },
}


def test_only_what_is_secret_is_masked() -> None:
    assert secrets_of(params(**SECRETS)) == {
        "a-long-token",
        "spec:\n  password: hunter2\n",
        "long content",
        "long shared",
        "http://me:pw@proxy",
        "hunter2hunter",
    }
    assert secrets_of(params(config="spec: {}\n")) == set()


def test_the_options_are_repeated_without_their_texts() -> None:
    shown = without_texts(params(**SECRETS))
    assert shown["files"][2] == {"path": "/etc/d", "content": "(hidden)", "secret": False}
    assert shown["environment"]["NO_PROXY"] == "10.0.0.0/8"
    for text in ("a-long-token", "hunter2", "long content", "innocent", "long shared", "pw@"):
        assert text not in str(shown)
    assert without_texts(params())["token"] is None
