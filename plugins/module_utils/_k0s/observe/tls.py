# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests over TLS with a client certificate.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
import socket
import ssl
from dataclasses import dataclass
from typing import Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NoAnswer, NotReadable
from ansible_collections.mke4k.core.plugins.module_utils._k0s.observe.http import (
    Answer,
    Request,
    deadline,
    exchange,
    reason_of,
)

TIMEOUT = 3.0


@dataclass(frozen=True)
class Credentials:
    """Whom to trust and who we are. `ca_data` is PEM text, used where there is no file."""

    certificate: str
    key: str
    ca: str = ""
    ca_data: str = ""

    def context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cafile=self.ca or None, cadata=self.ca_data or None)
            context.load_cert_chain(self.certificate, self.key)
        except PermissionError as error:
            raise NotReadable(str(error.filename or self.key)) from error
        except OSError as error:  # ssl.SSLError is one
            raise NoAnswer(f"the client certificate {self.certificate} cannot be used: {reason_of(error)}") from error
        return context

    @property
    def there(self) -> bool:
        return all(os.path.exists(path) for path in (self.certificate, self.key, self.ca) if path)


@dataclass(frozen=True)
class Server:
    """A server that speaks TLS. `check_name` is off where its certificate names no address we can know."""

    host: str
    port: int
    credentials: Credentials
    check_name: bool = True

    @property
    def url(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return f"https://{name}:{self.port}"

    def ask(self, path: str, body: Optional[bytes] = None, timeout: float = TIMEOUT, method: str = "") -> Answer:
        end = deadline(timeout)
        context = self.credentials.context()
        context.check_hostname = self.check_name
        request = Request(where=self.url, path=path, host=self.host, body=body, method=method)
        try:
            plain = socket.create_connection((self.host, self.port), timeout)
        except OSError as error:
            raise NoAnswer(f"{self.url} gave no answer: {reason_of(error)}") from error
        with plain:
            try:
                secured = context.wrap_socket(plain, server_hostname=self.host)
            except OSError as error:
                raise NoAnswer(f"{self.url} gave no answer: {reason_of(error)}") from error
            with secured:
                return exchange(secured, request, end)
