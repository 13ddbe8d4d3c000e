# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the new k0s itself says of the host and of its configuration, before it is put in its place.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from typing import Any, Dict, Iterator, List

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._k0s.converge import command
from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.probe.request import Request

TIMEOUT = 30.0
_ERROR_MARK = "Error:"
_REFUSED = ("rejected", "error")


def binary_findings(request: Request) -> Iterator[Finding]:
    """The findings of `k0s sysinfo` and `k0s config validate`; none where no binary is staged."""
    if not request.staged:
        return
    if not os.path.exists(request.staged):
        yield Finding(
            WARNING,
            "sysinfo-not-run",
            request.place,
            f"k0s' own checks were not run, the new binary is not on the host yet ({request.staged})",
            "nothing; they are run before anything is changed",
        )
        return
    try:
        yield from _sysinfo(request)
        if request.config:
            yield from _validate(request)
    except K0sError as error:
        yield _error(
            request, "k0s-binary-unusable", f"the new k0s binary does not work: {error}",
            "check that it is meant for this machine and that its file system allows programs",
        )  # fmt: skip


def _sysinfo(request: Request) -> Iterator[Finding]:
    flags = [
        f"--controller={_flag(request.role != 'worker')}",
        f"--worker={_flag(request.role != 'controller')}",
        f"--data-dir={request.data_dir}",
    ]
    result = command.run([request.staged, "sysinfo", "--output=json", *flags], TIMEOUT)
    probes = parse_sysinfo(result.out)
    if probes is None:
        raise K0sError(f"`{result.line}` failed with {result.rc}: {result.complaint}")
    doubts: List[str] = []
    for probe in probes:
        if probe.get("category") in _REFUSED:
            yield _error(
                request, f"sysinfo-{_slug(probe)}", f"k0s refuses the host: {_words(probe)}",
                "see https://docs.k0sproject.io/stable/external-runtime-deps/ for what k0s needs",
            )  # fmt: skip
        elif probe.get("category") == "warning" and probe.get("prop") != "unknown":
            doubts.append(_words(probe))
    if doubts:
        yield Finding(
            WARNING, "sysinfo-warning", request.place, f"k0s has doubts about the host: {'; '.join(doubts)}",
            "see https://docs.k0sproject.io/stable/external-runtime-deps/ for what k0s needs",
        )  # fmt: skip


def parse_sysinfo(text: str) -> Any:
    """The probes, None where the text is no report. k0s reports too when it rejects a host and ends with an error."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, list):
        return None
    return [probe for probe in found if isinstance(probe, dict)]


def _words(probe: Dict[str, Any]) -> str:
    detail = ", ".join(str(probe[key]) for key in ("prop", "message", "error") if probe.get(key))
    return f"{probe.get('displayName') or '?'}: {detail or 'not there'}"


def _slug(probe: Dict[str, Any]) -> str:
    last = str((probe.get("path") or ["probe"])[-1])
    return re.sub(r"[^a-z0-9]+", "-", last.lower()).strip("-")


def _validate(request: Request) -> Iterator[Finding]:
    """The configuration is secret: its file is made for root alone, and its path is all that a command line shows."""
    with tempfile.NamedTemporaryFile("w", prefix="mke4k-", suffix=".yaml", encoding="utf-8") as stream:
        stream.write(request.config)
        stream.flush()
        result = command.run([request.staged, "config", "validate", f"--config={stream.name}"], TIMEOUT)
    if result.rc == 0:
        return
    for line in result.complaint.splitlines():
        said = line[len(_ERROR_MARK) :] if line.startswith(_ERROR_MARK) else line
        message = f"k0s refuses its configuration: {said.strip()}"
        yield _error(request, "k0s-config-invalid", message, "correct the field in mke4.yaml that leads to it")


def _flag(value: bool) -> str:
    return "true" if value else "false"


def _error(request: Request, name: str, message: str, remedy: str) -> Finding:
    return Finding(ERROR, name, request.place, message, remedy)
