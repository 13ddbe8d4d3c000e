# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates of k0s and when they end, read with the little of ASN.1 that takes.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from datetime import datetime, timezone
from typing import Any, Dict, Iterator, List, Optional, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.kubeconfig import read_kubeconfig
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.root import HOST, Root

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)
_SEQUENCE, _VERSION = 0x30, 0xA0
_UTC_TIME, _GENERALIZED_TIME = 0x17, 0x18
_COMMON_NAME = b"\x55\x04\x03"
TIME = "%Y-%m-%dT%H:%M:%SZ"
FOLDERS = ("pki", "pki/etcd")
_KUBELET = ("kubelet-client-current.pem", "kubelet-server-current.pem", "kubelet.crt")
# Who renews a certificate: k0s when a controller starts, the kubelet by itself, nobody but a person.
BY_K0S, BY_KUBELET, BY_HAND = "k0s", "kubelet", "hand"


class NoCertificate(Exception):
    """Bytes that are no certificate."""


def read_certificates(data_dir: str, root: Root = HOST) -> Tuple[Dict[str, Any], ...]:
    """Each certificate of k0s, the one that ends first at the front.

    `written` is when its file was: k0s and Kubernetes date their certificates back by some minutes, so the time from
    which one is valid says only roughly when it was issued.
    """
    folders = [f"{data_dir}/{folder}" for folder in FOLDERS]
    paths = [f"{folder}/{name}" for folder in folders for name in root.names(folder) if name.endswith(".crt")]
    # The kubelet's folder can be anywhere; its kubeconfig knows.
    own = read_kubeconfig(f"{data_dir}/kubelet.conf", root).certificate
    paths += [f"{os.path.dirname(own)}/{name}" for name in _KUBELET if own]
    found = []
    for path in paths:
        told = certificate(root.data(path) or b"")
        if told is not None:
            now = root.stat(path)
            written = round(now.st_mtime, 2) if now is not None else 0.0
            found.append({"path": path, **told, "written": written, "renewed_by": _renewer(path, own)})
    return tuple(sorted(found, key=lambda item: str(item["not_after"])))


def _renewer(path: str, kubelets: str) -> str:
    if kubelets and os.path.dirname(path) == os.path.dirname(kubelets):
        return BY_KUBELET
    return BY_HAND if path.endswith("ca.crt") else BY_K0S


def ca_sha256(data_dir: str, root: Root = HOST) -> str:
    """Names the cluster: the digest of its certificate authority's file. Empty before there is one.

    A worker has no such file, but the same text in its kubelet's kubeconfig.
    """
    content = root.data(f"{data_dir}/pki/ca.crt")
    content = content or read_kubeconfig(f"{data_dir}/kubelet.conf", root).ca_data.encode("ascii")
    return hashlib.sha256(content).hexdigest() if content else ""


def certificate(pem: bytes) -> Optional[Dict[str, Any]]:
    """Subject and time of the first certificate in a PEM file; None where there is none that can be read."""
    match = _PEM.search(pem)
    if match is None:
        return None
    try:
        subject, not_before, not_after = _parse(base64.b64decode(match.group(1)))
    except (NoCertificate, binascii.Error, IndexError, ValueError):
        return None
    return {"subject": subject, "not_before": not_before.strftime(TIME), "not_after": not_after.strftime(TIME)}


def _parse(der: bytes) -> Tuple[str, datetime, datetime]:
    """RFC 5280, 4.1: Certificate > TBSCertificate > [version], serial, algorithm, issuer, validity, subject."""
    fields = [item for item in _children(_inside(_inside(der))) if item[0] != _VERSION]
    not_before, not_after = _children(fields[3][1])
    return _common_name(fields[4][1]), _time(*not_before), _time(*not_after)


def _inside(der: bytes) -> bytes:
    tag, content = next(_children(der), (0, b""))
    if tag != _SEQUENCE:
        raise NoCertificate
    return content


def _children(der: bytes) -> Iterator[Tuple[int, bytes]]:
    """The values one after another in DER bytes, as tag and content."""
    place = 0
    while place < len(der):
        tag, length, place = der[place], der[place + 1], place + 2
        if length & 0x80:
            size = length & 0x7F
            length, place = int.from_bytes(der[place : place + size], "big"), place + size
        if place + length > len(der):
            raise NoCertificate
        yield tag, der[place : place + length]
        place += length


def _common_name(subject: bytes) -> str:
    names: List[str] = []
    for _set, attributes in _children(subject):
        for _sequence, pair in _children(attributes):
            (_tag, oid), (_kind, value) = list(_children(pair))[:2]
            if oid == _COMMON_NAME:
                names.append(value.decode("utf-8", "replace"))
    return ", ".join(names)


def _time(tag: int, content: bytes) -> datetime:
    text = content.decode("ascii")
    if tag == _UTC_TIME:
        century = "20" if int(text[:2]) < 50 else "19"
        text = century + text
    elif tag != _GENERALIZED_TIME:
        raise NoCertificate
    return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=timezone.utc)
