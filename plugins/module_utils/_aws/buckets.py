# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files in a bucket of S3: written in parts, read in parts, so that none has to fit into memory.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._aws.client import FAILURES, Client
from ansible_collections.mke4k.core.plugins.module_utils._aws.errors import AwsError

PART = 16 * 1024 * 1024
SCHEME = "s3://"
_REASONS = {"404": "is not there", "403": "is not for these keys"}


def split_url(url: str) -> Tuple[str, str]:
    """The bucket and the prefix of s3://bucket/prefix; the prefix ends with a slash or is empty."""
    bucket, _slash, prefix = url[len(SCHEME) :].partition("/")
    prefix = prefix.strip("/")
    return bucket, f"{prefix}/" if prefix else ""


@dataclass(frozen=True)
class Bucket:
    """`encryption` are the arguments that ask S3 to encrypt what is written."""

    client: Client
    name: str
    encryption: Dict[str, str] = field(default_factory=dict)
    part: int = PART

    def check(self) -> None:
        """Raises where the bucket cannot be used at all. AWS answers that question with a number alone."""
        try:
            self.client.head_bucket(Bucket=self.name)
        except AwsError as error:
            why = _REASONS.get(error.code, "cannot be used")
            raise AwsError(
                f"The bucket {self.name} {why}: {error} Make it, or name another one (mke4k_backup_dest,"
                " mke4k_restore_from), or give other keys.",
                error.code,
            ) from error

    def names(self, prefix: str) -> List[str]:
        found = self.client.pages("list_objects_v2", "Contents", Bucket=self.name, Prefix=prefix)
        return [str(item["Key"]) for item in found]

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.name, Key=key, Body=content, **self.encryption)

    def put_file(self, key: str, path: str) -> None:
        """Nobody sees the file before all of it is there, and nothing stays of one that did not get there."""
        started = self.client.create_multipart_upload(Bucket=self.name, Key=key, **self.encryption)
        upload = {"Bucket": self.name, "Key": key, "UploadId": started["UploadId"]}
        try:
            parts = self._put_parts(path, upload)
            self.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        except BaseException:
            self.client.abort_multipart_upload(**upload)
            raise

    def _put_parts(self, path: str, upload: Dict[str, Any]) -> List[Dict[str, Any]]:
        parts: List[Dict[str, Any]] = []
        with open(path, "rb") as stream:
            for block in iter(lambda: stream.read(self.part), b""):
                number = len(parts) + 1
                done = self.client.upload_part(**upload, PartNumber=number, Body=block)
                parts.append({"PartNumber": number, "ETag": done["ETag"]})
        return parts

    def get(self, key: str) -> bytes:
        return self._read(Bucket=self.name, Key=key)[0]

    def get_file(self, key: str, path: str) -> None:
        """The first part tells how large the whole is."""
        with open(path, "wb") as stream:
            start, size = 0, 1
            while start < size:
                asked = f"bytes={start}-{start + self.part - 1}"
                content, size = self._read(Bucket=self.name, Key=key, Range=asked)
                stream.write(content)
                start += self.part

    def remove(self, key: str) -> None:
        self.client.delete_object(Bucket=self.name, Key=key)

    def _read(self, **arguments: Any) -> Tuple[bytes, int]:
        """The content that was asked for, and the size of the whole file."""
        answer = self.client.get_object(**arguments)
        whole = str(answer.get("ContentRange") or "").rpartition("/")[2]
        try:
            content = bytes(answer["Body"].read())
        except FAILURES as error:
            raise AwsError(
                f"{SCHEME}{self.name}/{arguments['Key']} could not be read to its end: {error}. Run again"
            ) from error
        return content, int(whole) if whole.isdigit() else len(content)
