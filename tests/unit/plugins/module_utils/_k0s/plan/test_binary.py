# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a host gets the k0s binary from."""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._k0s.plan.binary import BinarySource, binary_for

VERSION = "v1.33.13+k0s.0"


def test_without_a_wish_the_release_and_its_checksum_file_are_used() -> None:
    binary = binary_for(BinarySource(), VERSION, "x86_64")
    base = "https://github.com/k0sproject/k0s/releases/download/v1.33.13%2Bk0s.0"
    assert binary.url == f"{base}/k0s-v1.33.13%2Bk0s.0-amd64"
    assert binary.checksum_url == f"{base}/sha256sums.txt"
    assert binary.signature_url == ""


def test_a_mirror_is_laid_out_like_the_releases() -> None:
    binary = binary_for(BinarySource(mirror="https://mirror.example.org/k0s/"), VERSION, "aarch64")
    assert binary.url == "https://mirror.example.org/k0s/v1.33.13%2Bk0s.0/k0s-v1.33.13%2Bk0s.0-arm64"


def test_a_given_digest_is_trusted_over_the_checksum_file() -> None:
    source = BinarySource(url="https://x.example.org/k0s-{version}-{arch}", sha256="A" * 64)
    binary = binary_for(source, VERSION, "x86_64")
    assert (binary.url, binary.sha256, binary.checksum_url) == (
        "https://x.example.org/k0s-v1.33.13+k0s.0-amd64",
        "a" * 64,
        "",
    )


def test_the_digest_may_differ_by_architecture() -> None:
    source = BinarySource(src="files/k0s-{arch}", sha256={"amd64": "a" * 64, "arm64": "b" * 64})
    assert binary_for(source, VERSION, "x86_64").sha256 == "a" * 64
    assert binary_for(source, VERSION, "aarch64").sha256 == "b" * 64
    assert binary_for(source, VERSION, "aarch64").src == "files/k0s-arm64"


def test_a_binary_on_the_host_is_taken_from_its_path() -> None:
    assert binary_for(BinarySource(path="/opt/k0s-{version}"), VERSION, "x86_64").staged == f"/opt/k0s-{VERSION}"


def test_a_key_asks_for_the_signature_beside_the_binary() -> None:
    assert binary_for(BinarySource(public_key="PEM"), VERSION, "x86_64").signature_url.endswith("-amd64.sig")
