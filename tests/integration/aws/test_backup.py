# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Backups in S3: whole or not there, found again, and gone when their time is over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.mke4k.core.plugins.module_utils._aws.buckets import Bucket, split_url
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError
from ansible_collections.mke4k.core.plugins.module_utils._aws.session import AwsAccess
from ansible_collections.mke4k.core.plugins.plugin_utils._backup_store import S3, Store, store_of
from ansible_collections.mke4k.core.tests.unit.plugins.action.backups import CONTENT, backup, restore
from tests.aws.bed import Aws

REGION = "eu-central-1"
PART = 5 * 1024 * 1024
LARGE = b"0123456789abcdef" * (PART // 8)


@pytest.fixture
def client(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Any:
    for name, value in aws.admin.environment.items():
        monkeypatch.setenv(name, value)
    found = AwsAccess.of({"endpoint_url": aws.url, "region": REGION}, aws.admin.environment).client("s3")
    found.create_bucket(Bucket="vault", CreateBucketConfiguration={"LocationConstraint": REGION})
    return found


@pytest.fixture
def store(aws: Aws, client: Any) -> Store:
    return store_of("s3://vault/mke/", {"endpoint_url": aws.url, "region": REGION}, aws.admin.environment)


def test_a_large_file_comes_back_from_its_parts(client: Any, tmp_path: Path) -> None:
    bucket = Bucket(client, "vault", part=PART)
    (tmp_path / "a").write_bytes(LARGE + b"end")
    bucket.put_file("a", str(tmp_path / "a"))
    assert client.head_object(Bucket="vault", Key="a")["ETag"].strip('"').endswith("-3")
    bucket.get_file("a", str(tmp_path / "b"))
    assert (tmp_path / "b").read_bytes() == LARGE + b"end"


def test_nothing_stays_of_a_file_that_did_not_get_there(
    client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = Bucket(client, "vault", part=PART)
    (tmp_path / "a").write_bytes(LARGE)

    def broken(*_all: Any) -> Any:
        raise AwsError("the connection is gone")

    monkeypatch.setattr(Bucket, "_put_parts", broken)
    with pytest.raises(AwsError, match="the connection is gone"):
        bucket.put_file("a", str(tmp_path / "a"))
    assert bucket.names("") == []
    assert not client.list_multipart_uploads(Bucket="vault").get("Uploads")


@pytest.mark.parametrize(
    ("s3", "sse", "key"), [({"sse": "AES256"}, "AES256", ""), ({"sse": "aws:kms", "kms_key": "k1"}, "aws:kms", "k1")]
)
def test_s3_encrypts_what_it_keeps_when_asked(
    aws: Aws, client: Any, tmp_path: Path, s3: dict[str, str], sse: str, key: str
) -> None:
    where = {"endpoint_url": aws.url, "region": REGION, **s3}
    found = store_of("s3://vault/mke", where, aws.admin.environment)
    draft = found.draft("a.tar", str(tmp_path))
    Path(draft).write_bytes(b"backup")
    found.keep(draft, "a.tar")
    found.write("a.json", "{}")
    for name in ("a.tar", "a.json"):
        head = client.head_object(Bucket="vault", Key=f"mke/{name}")
        assert (head["ServerSideEncryption"], head.get("SSEKMSKeyId", "")) == (sse, key)


def test_a_bucket_that_is_not_there_is_told_before_the_backup(aws: Aws, client: Any, tmp_path: Path) -> None:
    s3 = {"endpoint_url": aws.url, "region": REGION}
    host, result = backup(tmp_path, dest="s3://nowhere/mke", s3=s3)
    assert result["failed"]
    assert host.modules == []


def test_only_backups_below_the_prefix_are_seen(client: Any, store: Store) -> None:
    assert isinstance(store, S3)
    manifest = {"format": 1, "name": "a", "cluster": "mke", "created": "2026-01-01", "archive": {"file": "a.tar"}}
    store.write("a.json", json.dumps(manifest))
    store.write("deeper/b.json", json.dumps(manifest))
    client.put_object(Bucket="vault", Key="c.json", Body=b"{}")
    assert store.manifests() == [manifest]


def test_a_cluster_goes_to_s3_and_comes_back(
    aws: Aws, client: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MKE4K_BACKUP_PASSPHRASE", "open sesame")
    s3 = {"endpoint_url": aws.url, "region": REGION}
    for name in ("one", "two", "three"):
        _host, made = backup(tmp_path, dest="s3://vault/mke", name=name, encryption="openssl", keep=2, s3=s3)
    assert made["archive"] == "s3://vault/mke/three.tar.enc"
    keys = {item["Key"] for item in client.list_objects_v2(Bucket="vault")["Contents"]}
    assert {key for key in keys if key.endswith(".enc")} < {"mke/one.tar.enc", "mke/two.tar.enc", "mke/three.tar.enc"}
    assert len(keys) == 4
    assert CONTENT not in client.get_object(Bucket="vault", Key="mke/three.tar.enc")["Body"].read()
    host, _result = restore(tmp_path, src="s3://vault/mke/three.tar.enc", s3=s3)
    assert host.uploaded == [CONTENT]
    _host, found = restore(tmp_path, src="s3://vault/mke", s3=s3, state="checked")
    assert found["archive"].startswith("s3://vault/mke/")


def test_an_answer_that_ends_too_early_is_told(client: Any) -> None:
    class Torn:
        def read(self) -> bytes:
            from botocore.exceptions import ReadTimeoutError  # type: ignore[import-untyped]  # noqa: PLC0415

            raise ReadTimeoutError(endpoint_url="x")

    class Client:
        def get_object(self, **_all: Any) -> Any:
            return {"Body": Torn()}

    with pytest.raises(AwsError, match="s3://vault/a could not be read to its end"):
        Bucket(Client(), "vault").get("a")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "found"),
    [("s3://b", ("b", "")), ("s3://b/", ("b", "")), ("s3://b/p", ("b", "p/")), ("s3://b/p/q/", ("b", "p/q/"))],
)
def test_urls(url: str, found: tuple[str, str]) -> None:
    assert split_url(url) == found
