# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetches files by HTTP on the host, through the host's proxies.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import ssl
from typing import Any, BinaryIO, Callable, Optional
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit, urlunsplit

from ansible.module_utils.urls import ConnectionError as UrlsError, open_url

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge.files import BLOCK
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

ATTEMPTS = 3
STALL = 30.0
SPARE = 64 * 1024 * 1024
SMALL = 1024 * 1024


class _Passing(Exception):
    """A failure that another attempt may not meet."""


def shown(url: str) -> str:
    """A URL without the user name, password and query that may give access to it."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _open(url: str, stall: float) -> Any:
    try:
        return open_url(url, timeout=stall, http_agent="mke4k.core", use_proxy=True)
    except HTTPError as error:
        text = f"the server answered {error.code} {error.reason}"
        if error.code >= 500 or error.code in (408, 425, 429):
            raise _Passing(text) from error
        raise K0sError(
            f"{shown(url)} could not be downloaded: {text}. Check the URL and the version, or give a mirror"
        ) from error
    except URLError as error:
        raise _Passing(str(error.reason)) from error
    except (UrlsError, OSError, ssl.SSLError, http.client.HTTPException, ValueError) as error:
        raise _Passing(str(error) or type(error).__name__) from error


def _copy(response: Any, target: BinaryIO, expected: Optional[int]) -> str:
    digest = hashlib.sha256()
    size = 0
    while True:
        try:
            block = response.read(BLOCK)
        except (OSError, http.client.HTTPException) as error:
            raise _Passing(f"it ended after {size} bytes: {error or type(error).__name__}") from error
        if not block:
            break
        target.write(block)
        digest.update(block)
        size += len(block)
    if expected is not None and size != expected:
        raise _Passing(f"it ended after {size} of {expected} bytes")
    return digest.hexdigest()


def _length(response: Any) -> Optional[int]:
    value = response.headers.get("Content-Length", "")
    return int(value) if value.isdigit() else None


def check_space(folder: str, needed: int, what: str) -> None:
    space = os.statvfs(folder)
    free = space.f_bavail * space.f_frsize
    if free < needed + SPARE:
        raise K0sError(
            f"{what} needs {(needed + SPARE) // 1024 // 1024} MiB in {folder}, only {free // 1024 // 1024} MiB are free"
        )


def download(url: str, target: BinaryIO, folder: str, sleep: Callable[[float], None], stall: float = STALL) -> str:
    """Downloads to an open file and returns the sha256 of what came. `stall` is the longest silence in seconds."""
    reason = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(float(attempt))
        target.seek(0)
        target.truncate()
        try:
            with _open(url, stall) as response:
                length = _length(response)
                check_space(folder, length or 0, f"downloading {shown(url)}")
                return _copy(response, target, length)
        except _Passing as error:
            reason = str(error)
    raise K0sError(
        f"{shown(url)} could not be downloaded in {ATTEMPTS} attempts: {reason}. "
        "Check that the host reaches the server (proxy, DNS, firewall), or give the binary from the control node"
    )


def fetch_text(url: str, sleep: Callable[[float], None], stall: float = STALL) -> str:
    """Downloads a small text such as a checksum file or a signature."""
    reason = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            sleep(float(attempt))
        try:
            with _open(url, stall) as response:
                return str(response.read(SMALL).decode("utf-8", "replace"))
        except _Passing as error:
            reason = str(error)
        except (OSError, http.client.HTTPException) as error:
            reason = str(error) or type(error).__name__
    raise K0sError(f"{shown(url)} could not be downloaded in {ATTEMPTS} attempts: {reason}")
