# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the signature that the k0s release has for each binary (base64 of ECDSA or RSA over SHA-256).

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import binascii
import os
import shutil
import tempfile

from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError

VERIFY_TIMEOUT = 60.0


def decode(text: str, source: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise K0sError(f"{source} is no signature: it is not base64 ({error})") from error


def verify(path: str, signature: bytes, public_key: str, source: str, folder: str) -> None:
    """Returns when the file's signature is good. `folder` takes the two small files that openssl reads."""
    openssl = command.find("openssl")
    if openssl is None:
        raise K0sError(
            f"the signature of {source} could not be checked: the host has no openssl. "
            "Install the package openssl on the host, or leave out the public key (the sha256 is checked always)"
        )
    scratch = tempfile.mkdtemp(prefix=f".{os.path.basename(path).strip('.')}.mke4k-", dir=folder)
    try:
        key_path, signature_path = os.path.join(scratch, "key.pem"), os.path.join(scratch, "signature")
        with open(key_path, "w", encoding="ascii", errors="replace") as key_stream:
            key_stream.write(public_key)
        with open(signature_path, "wb") as signature_stream:
            signature_stream.write(signature)
        argv = [openssl, "dgst", "-sha256", "-verify", key_path, "-signature", signature_path, path]
        result = command.run(argv, VERIFY_TIMEOUT)
    finally:
        shutil.rmtree(scratch)
    if result.rc != 0 or "Verified OK" not in result.out:
        raise K0sError(
            f"the signature of {source} does not fit the public key ({result.complaint}). "
            "The binary was not installed; check where it and the key come from"
        )
