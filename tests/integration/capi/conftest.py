# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests here see the real Cluster API with its provider for AWS at work: see tests/capi."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.capi.bed import CapiBed, capi_bed
from tests.capi.programs import Pair, wanted_pairs

from .watching import Watching


@pytest.fixture(scope="session", params=wanted_pairs(), ids=lambda pair: pair.name)
def capi(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CapiBed]:
    """One for all tests of this process: each child has a name and mostly a region of its own."""
    pair: Pair = request.param
    with capi_bed(pair, tmp_path_factory.mktemp("capi")) as found:
        found.identity("aws-cluster-identity", found.aws.admin)
        yield found


@pytest.fixture(scope="session")
def watching(capi: CapiBed) -> Watching:
    """The collection's own eyes."""
    return Watching(capi)


@pytest.fixture(autouse=True)
def without_keys_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may have keys for a real account."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
