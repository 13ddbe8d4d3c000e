# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Archives of images: where they come from, and which hosts give them to the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._k0s.changes import changes_for
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import (
    BinarySpec,
    ImagesSpec,
    ImagesState,
    NodeSpec,
    NodeState,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.fanout import Fanout, binary_fanout, images_fanout
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.images import images_for, images_from
from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.model import Member

from .nodes import VERSION, bare, converged, member, spec

PATH = "/var/lib/k0s/images/k0s-images.tar"
ARCHIVE = ImagesSpec(PATH, "a" * 64, "bundle.tar", src="bundle.tar")
UPLOADED = BinarySpec(src="k0s", sha256="b" * 64)


def archive_of(version: str = VERSION, machine: str = "x86_64", **source: Any) -> ImagesSpec:
    (found,) = images_for(images_from([{"name": "k0s-images.tar", **source}]), version, machine, "/var/lib/k0s")
    return found


def test_empty_wishes_are_none() -> None:
    assert images_from([{"name": "k0s-images.tar", "src": "", "url": "", "path": "", "mirror": "", "sha256": ""}]) == ()


def test_a_file_of_the_control_node_is_found_by_version_and_architecture() -> None:
    found = archive_of(src="bundles/k0s-{version}-{arch}.tar", sha256={"amd64": "A" * 64, "arm64": "b" * 64})
    assert found == ImagesSpec(
        PATH, "a" * 64, f"bundles/k0s-{VERSION}-amd64.tar", src=f"bundles/k0s-{VERSION}-amd64.tar"
    )
    assert archive_of(machine="aarch64", src="x", sha256={"arm64": "b" * 64}).sha256 == "b" * 64


@pytest.mark.parametrize(
    ("version", "name"),
    [
        ("v1.33.13+k0s.0", "k0s-airgap-bundle-v1.33.13%2Bk0s.0-amd64"),
        ("v1.36.3+k0s.2", "k0s-airgap-bundle-v1.36.3%2Bk0s.2-linux-amd64.tar"),
    ],
)
def test_a_mirror_is_laid_out_like_the_releases(version: str, name: str) -> None:
    found = archive_of(version, mirror="https://mirror.example.com/k0s/")
    folder = f"https://mirror.example.com/k0s/{version.replace('+', '%2B')}"
    assert (found.url, found.checksum_url) == (f"{folder}/{name}", f"{folder}/sha256sums.txt")


def test_a_given_sha256_makes_the_checksum_file_needless() -> None:
    assert archive_of(url="https://example.com/a.tar", sha256="A" * 64).checksum_url == ""


def test_the_name_of_the_source_serves_where_none_is_given() -> None:
    listed: List[Dict[str, Any]] = [
        {"src": "/srv/app.tar"}, {"url": "https://example.com/x/web%20app.tar?key=1"}, {"path": "/opt/{version}.tar"},
        {"mirror": "https://mirror.example.com"},
    ]  # fmt: skip
    found = images_for(images_from(listed), VERSION, "x86_64", "/data/k0s")
    assert [item.path.rpartition("/")[2] for item in found] == [
        "app.tar", "web app.tar", f"{VERSION}.tar", "k0s-images.tar",
    ]  # fmt: skip
    assert found[2].staged == f"/opt/{VERSION}.tar"


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        ([{"source": "x"}], "has source; known are mirror, name, path, sha256, src, url"),
        ([{"src": "x", "url": "y"}], "has src and url; give one"),
        ([{"src": "/a/x.tar"}, {"src": "/b/x.tar"}], "would both be the file x.tar"),
        ([{"src": "x", "name": "../x"}], "no usable file name"),
        ([{"url": "https://example.com/"}], "no usable file name"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused(listed: List[Dict[str, Any]], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        images_from(listed)


def state_with(wanted: NodeSpec, **present: Any) -> NodeState:
    found = {PATH: ImagesState(PATH, **present)} if present else {}
    return replace(converged("n1", wanted), images=found)


@pytest.mark.parametrize(
    ("present", "detail"),
    [
        ({}, ["is brought and imported"]),
        ({"sha256": "b" * 64, "imported": True}, ["is replaced and imported"]),
        ({"sha256": "a" * 64}, ["is imported"]),
        ({"sha256": "a" * 64, "imported": True}, []),
    ],
)
def test_an_archive_changes_no_more_than_itself(present: Dict[str, Any], detail: List[str]) -> None:
    wanted = spec("worker", images=(ARCHIVE,))
    changes = changes_for(wanted, state_with(wanted, **present))
    assert [(change.kind, change.detail) for change in changes] == [("images", text) for text in detail]


def test_an_archive_without_a_sha256_is_known_by_its_source() -> None:
    wanted = spec("worker", images=(replace(ARCHIVE, sha256=""),))
    same = state_with(wanted, sha256="f" * 64, origin="bundle.tar", imported=True)
    other = state_with(wanted, sha256="f" * 64, origin="older.tar", imported=True)
    assert changes_for(wanted, same) == []
    assert [change.detail for change in changes_for(wanted, other)] == ["is replaced and imported"]


def test_a_controller_without_workloads_needs_no_images() -> None:
    wanted = spec("controller", images=(ARCHIVE,))
    assert changes_for(wanted, converged("n1", wanted)) == []


def workers(count: int, **values: Any) -> List[Member]:
    wanted = spec("worker", images=(ARCHIVE,), binary=UPLOADED, **values)
    return [member(f"n{number}", wanted, bare(f"n{number}")) for number in range(1, count + 1)]


def test_few_hosts_get_a_file_from_its_source() -> None:
    found = images_fanout(workers(4), above=4)
    assert (found.first, found.rest) == (("n1", "n2", "n3", "n4"), ())
    assert found.files["n1"] == [{**ARCHIVE.to_dict(), "images": True}]
    assert binary_fanout(workers(4), above=4) == Fanout()


def test_of_many_hosts_two_get_it_from_its_source_and_give_it_to_the_others() -> None:
    found = images_fanout(workers(5), above=4)
    assert (found.first, found.rest) == (("n1", "n2"), ("n3", "n4", "n5"))
    found = binary_fanout(workers(5), above=4)
    assert (found.first, found.rest) == (("n1", "n2"), ("n3", "n4", "n5"))
    assert found.files["n5"] == [
        {"path": f"/usr/local/bin/k0s.{'b' * 12}.staged", "sha256": "b" * 64, "mode": "0700", "src": "k0s"}
    ]


def test_each_architecture_has_first_hosts_of_its_own() -> None:
    members = workers(4)
    other = spec("worker", images=(replace(ARCHIVE, sha256="c" * 64),))
    members += [member(f"n{number}", other, bare(f"n{number}")) for number in (5, 6, 7)]
    found = images_fanout(members, above=4)
    assert (found.first, found.rest) == (("n1", "n2", "n5", "n6"), ("n3", "n4", "n7"))


def test_hosts_that_have_the_archive_are_left_out() -> None:
    wanted = spec("worker", images=(ARCHIVE,))
    there = state_with(wanted, sha256="a" * 64)
    found = images_fanout([member("n1", wanted, there), *workers(3)[1:]], above=4)
    assert set(found.files) == {"n2", "n3"}


@pytest.mark.parametrize(
    "binary",
    [
        BinarySpec(url="https://example.com/k0s", sha256="b" * 64),
        BinarySpec(src="k0s"),
        replace(UPLOADED, public_key="PEM"),
    ],
)
def test_a_binary_that_hosts_load_or_that_has_more_to_check_is_left_to_staging(binary: BinarySpec) -> None:
    members = [member(f"n{number}", spec("worker", binary=binary), bare(f"n{number}")) for number in range(1, 8)]
    assert binary_fanout(members, above=4) == Fanout()
