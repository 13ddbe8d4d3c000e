# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers that AWS gives and moto cannot be made to give: pure, from a request to an answer."""

from __future__ import annotations

import json
import re
import urllib.parse
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Dict, List, Mapping, Optional, Tuple
from xml.sax.saxutils import escape

CBOR, JSON, QUERY, EC2 = "cbor", "json", "query", "ec2"
_JSON_SERVICES = ("tag", "secretsmanager", "ssm", "servicequotas", "pricing", "eks", "events", "sqs")
_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


@dataclass(frozen=True)
class Asked:
    """A request, as AWS understands it."""

    service: str
    operation: str
    region: str
    key: str
    form: str
    arguments: Mapping[str, str] = field(default_factory=dict)

    @property
    def action(self) -> str:
        return f"{self.service}:{self.operation}"

    @classmethod
    def of(cls, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Asked:
        """`headers` have lower-case names."""
        found = _SCOPE.search(headers.get("authorization", ""))
        key, region, service = found.groups() if found else ("", "", "")
        service = "tag" if service == "tagging" else service
        form = EC2 if service == "ec2" else QUERY
        arguments: Dict[str, str] = {}
        if headers.get("smithy-protocol") == "rpc-v2-cbor":
            operation, form = path.rsplit("/", 1)[-1], CBOR
        elif headers.get("x-amz-target"):
            operation, form = headers["x-amz-target"].rsplit(".", 1)[-1], JSON
        elif b"Action=" in body:
            arguments = dict(urllib.parse.parse_qsl(body.decode("latin1"), keep_blank_values=True))
            operation = arguments.pop("Action", "")
        else:
            operation, form = f"{method} {path.partition('?')[0]}", JSON if service in _JSON_SERVICES else form
        return cls(service, operation, region, key, form, arguments)


@dataclass
class Fault:
    """What happens to the next `times` (-1: all) requests of this kind, after `after` that are let through.

    `action` may have wildcards (`ec2:Describe*`). Without a code the request is only delayed by `delay` seconds.
    """

    action: str
    code: str = ""
    message: str = ""
    status: int = 400
    times: int = -1
    after: int = 0
    region: str = ""
    key: str = ""
    contains: str = ""
    delay: float = 0.0

    def meets(self, asked: Asked) -> bool:
        wanted = (
            fnmatchcase(asked.action.lower(), self.action.lower()),
            self.region in ("", asked.region),
            self.key in ("", asked.key),
            self.contains in " ".join(asked.arguments.values()),
            self.times != 0,
        )
        if not all(wanted):
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times > 0:
            self.times -= 1
        return True


def first(faults: List[Fault], asked: Asked) -> Optional[Fault]:
    return next((fault for fault in faults if fault.meets(asked)), None)


def denial(asked: Asked, user: str) -> Tuple[str, str]:
    """The code and the message of a missing permission, which EC2 names its own way."""
    if asked.service == "ec2":
        return "UnauthorizedOperation", (
            f"You are not authorized to perform this operation. User: {user} is not authorized to perform:"
            f" {asked.action} because no identity-based policy allows the {asked.action} action."
        )
    code = "AccessDeniedException" if asked.form in (JSON, CBOR) else "AccessDenied"
    return code, (
        f"User: {user} is not authorized to perform: {asked.action} because no identity-based policy allows the"
        f" {asked.action} action"
    )


def body_of(asked: Asked, code: str, message: str) -> Tuple[bytes, str]:
    """The error as the service would write it, and its content type."""
    if asked.form == CBOR:
        return _cbor({"__type": code, "message": message}), "application/cbor"
    if asked.form == JSON:
        return json.dumps({"__type": code, "message": message}).encode(), "application/x-amz-json-1.1"
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if asked.form == EC2:
        text = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>{REQUEST}</RequestID></Response>"
    else:
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>{REQUEST}</RequestId></ErrorResponse>"
        )
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode(), "text/xml"


REQUEST = "7a62c49f-347e-4fc4-9331-6e8eEXAMPLE"


def _cbor(value: Mapping[str, str]) -> bytes:
    """A map of texts."""
    found = bytearray([0xA0 + len(value)])
    for text in [each for pair in value.items() for each in pair]:
        data = text.encode()
        found += b"\x79" + len(data).to_bytes(2, "big") + data
    return bytes(found)


def repaired(asked: Asked, status: int, body: bytes) -> Tuple[bytes, str]:
    """moto's answer as AWS would have written it, and its content type where that is another one."""
    if asked.service == "ec2" and b"<association" in body:
        # An interface without a public address has none at AWS.
        body = re.sub(rb"<association>\s*</association>|<association\s*/>", b"", body)
    if status in (400, 401, 403) and b"<ErrorResponse" in body and b"<Errors>" in body:
        return body_of(asked, *_denied(asked, body))
    return body, ""


def _denied(asked: Asked, body: bytes) -> Tuple[str, str]:
    code, message = (_inside(tag, body) for tag in ("Code", "Message"))
    if code == "AccessDenied":
        user = re.search(r"User: (\S+)", message)
        return denial(asked, user.group(1) if user else "unknown")
    if code == "InvalidClientTokenId" and asked.form in (JSON, CBOR):
        return "UnrecognizedClientException", message
    return code, message


def _inside(tag: str, body: bytes) -> str:
    found = re.search(rf"<{tag}>(.*?)</{tag}>".encode(), body, re.DOTALL)
    return found.group(1).decode() if found else ""


def code_of(body: bytes) -> str:
    """The code in an answer that is an error, for the record."""
    found = re.search(rb"<Code>([^<]+)", body) or re.search(rb'__type"\s*:\s*"([^"]+)', body)
    return found.group(1).decode("latin1") if found else body[:80].decode("latin1")


def fault_of(given: Mapping[str, Any]) -> Fault:
    return Fault(**given)
