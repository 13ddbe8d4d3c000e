# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Real certificates and kubeconfigs for tests, made as k0s makes them."""

from __future__ import annotations

import base64
import datetime
import hashlib
from dataclasses import dataclass
from functools import lru_cache

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.timezone.utc)
SERVER = "https://10.0.0.11:6443"


@dataclass(frozen=True)
class Authority:
    certificate: bytes
    key: ec.EllipticCurvePrivateKey

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.certificate).hexdigest()


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _signed(subject: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, days: int) -> bytes:
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(subject))
        .issuer_name(_name("kubernetes-ca"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - datetime.timedelta(days=400))
        .not_valid_after(NOW + datetime.timedelta(days=days))
        .sign(signer, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM)


def authority(name: str = "one") -> Authority:
    """A CA of its own for each name."""
    return _authority(name)


@lru_cache(maxsize=None)
def _authority(name: str) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(_signed(f"kubernetes-ca-{name}", key, key, 3650), key)


def admin(name: str = "one", days: int = 365) -> str:
    """The text that `k0s kubeconfig admin` prints."""
    return _admin(name, days)


@lru_cache(maxsize=None)
def _admin(name: str, days: int) -> str:
    ca = authority(name)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed("kubernetes-admin", key, ca.key, days)
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return yaml.safe_dump(
        {
            "apiVersion": "v1",
            "clusters": [
                {"cluster": {"certificate-authority-data": encoded(ca.certificate), "server": SERVER}, "name": "local"}
            ],
            "contexts": [{"context": {"cluster": "local", "namespace": "default", "user": "user"}, "name": "Default"}],
            "current-context": "Default",
            "kind": "Config",
            "users": [
                {
                    "name": "user",
                    "user": {"client-certificate-data": encoded(certificate), "client-key-data": encoded(pem)},
                }
            ],
        }
    )


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def secrets_of(text: str) -> list[str]:
    """The private keys in a kubeconfig, encoded and not."""
    keys = [item["user"]["client-key-data"] for item in yaml.safe_load(text)["users"]]
    return keys + [line for key in keys for line in base64.b64decode(key).decode().splitlines() if "-----" not in line]
