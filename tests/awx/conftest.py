# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the jobs of a file are run on."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.scenarios.cloud import cloud_of
from tests.scenarios.lab import Lab, lab_k0s, lab_name, lab_of

from .ground import Ground, bearer_of, leading_to, secrets_of

# Whether those marked `thorough` are run too.
EVERY = os.environ.get("MKE4K_AWX", "") == "all"


def pytest_configure(config: pytest.Config) -> None:
    """Makes the mark known."""
    config.addinivalue_line("markers", "thorough: minutes with hosts; run where everything is (MKE4K_AWX=all)")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is thorough."""
    left_out = [item for item in items if not EVERY and item.get_closest_marker("thorough")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module")
def mothership(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A mothership without hosts and an AWS; jobs have the credentials that lead to both."""
    plan = {"mothership": {"version": "v4.1.2", "ready-after": 1, "delete-after": 1, "light": True}, "aws": {}}
    with cloud_of(lab_name("awx"), plan) as cloud:
        kubeconfig = Path(cloud.kubeconfig).read_text(encoding="utf-8")
        work = tmp_path_factory.mktemp("awx")
        yield Ground(
            work=work,
            environment=leading_to(cloud.aws),
            files={"K8S_AUTH_KUBECONFIG": kubeconfig},
            bearer=bearer_of(kubeconfig, work / "ca.pem"),
            secrets={**secrets_of(kubeconfig), "AWS key": cloud.aws["secret_key"]},
        )


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """Two hosts; files run side by side, each on its own ones."""
    with lab_of(lab_name(str(request.module.__name__).rpartition("_")[2]), "2") as lab:
        yield lab


@pytest.fixture(scope="module")
def hosts(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """The two hosts, and a machine credential for a user who needs a password for sudo."""
    k0s = lab_k0s(lab.name)
    return Ground(
        work=tmp_path_factory.mktemp("awx"),
        answers={
            "mke4k_layers": "k0s",
            "mke4k_k0s_version": k0s.version,
            "k0s_binary_src": k0s.path,
            "k0s_binary_sha256": k0s.sha256,
        },
        environment={"ANSIBLE_HOST_KEY_CHECKING": "False"},
        machine={
            "user": "opspw",
            "become_password": "labpw",
            "ssh_key": Path(lab.key).read_text(encoding="utf-8"),
            "key_file": lab.key,
        },
        secrets={"sudo password": "labpw"},
        prefix=lab.command,
    )
