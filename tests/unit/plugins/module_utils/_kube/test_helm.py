# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._kube.helm import PENDING, Release, current, releases


def secret(name: str, revision: int, status: str = "deployed", *, data: str | None = None) -> dict[str, Any]:
    record = {
        "name": name,
        "namespace": "mke",
        "version": revision,
        "info": {"status": status, "description": "Install complete"},
        "chart": {"metadata": {"name": f"{name}-chart", "version": "1.2.3", "appVersion": "v9"}},
    }
    packed = base64.b64encode(gzip.compress(json.dumps(record).encode()))
    return {
        "type": "helm.sh/release.v1",
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v{revision}",
            "namespace": "mke",
            "labels": {"owner": "helm", "name": name, "status": status, "version": str(revision)},
        },
        "data": {"release": base64.b64encode(packed).decode() if data is None else data},
    }


def test_a_release_is_read_from_helms_secret() -> None:
    assert releases([secret("ui", 2)]) == [
        Release("ui", "mke", 2, "deployed", "sh.helm.release.v1.ui.v2", "ui-chart", "1.2.3", "v9", "Install complete")
    ]


def test_a_record_without_compression_is_read_too() -> None:
    plain = base64.b64encode(base64.b64encode(b'{"chart": {"metadata": {"version": "0.1.0"}}}')).decode()
    assert releases([secret("ui", 1, data=plain)])[0].version == "0.1.0"


def twice(record: bytes) -> str:
    return base64.b64encode(base64.b64encode(record)).decode()


@pytest.mark.parametrize(
    "data",
    ["", "no base64!", base64.b64encode(b"H4sI").decode(), twice(b"[1]"), twice(b"\x1f\x8bbroken")],
)
def test_a_record_that_cannot_be_read_leaves_what_the_labels_say(data: str) -> None:
    (found,) = releases([secret("ui", 3, "failed", data=data)])
    assert (found.name, found.revision, found.status, found.version) == ("ui", 3, "failed", "")


def test_other_secrets_are_no_releases() -> None:
    assert releases([{"type": "Opaque", "metadata": {"name": "x"}}]) == []


def test_the_youngest_revision_counts_and_ten_is_younger_than_nine() -> None:
    found = releases([secret("ui", 10), secret("ui", 9), secret("dex", 1)])
    assert [item.revision for item in found] == [1, 9, 10]
    assert {name: item.revision for (_namespace, name), item in current(found).items()} == {"dex": 1, "ui": 10}


@pytest.mark.parametrize("status", PENDING)
def test_a_pending_record_locks_the_release(status: str) -> None:
    assert releases([secret("ui", 1, status)])[0].is_locked
    assert not releases([secret("ui", 1, "failed")])[0].is_locked
