# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes and reads through the Kubernetes API until a file tells it to stop, then says what went wrong.

A write that fails is tried on the next controller, as a client behind a load balancer does. Beside that every
controller is asked for its readiness, and the ready pods of the Deployment `web` are counted, all of it twenty times a
second. A file RESULT.mark closes the first part: who is away after it is restarted by hand, and seen in the same way.
"""

from __future__ import annotations

import argparse
import base64
import http.client
import json
import ssl
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

PAUSE = 0.05
TIMEOUT = 2.0
# A write that nobody took in this time has failed.
PATIENCE = 20.0
PER_MAP = 100
MERGE = "application/merge-patch+json"
MAPS = "/api/v1/namespaces/default/configmaps"


@dataclass
class Seen:
    """`moments`: when each controller answered. `mark`: the moment that parts upgrade and restart."""

    acknowledged: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    switches: int = 0
    slowest: float = 0.0
    pods_min: int | None = None
    moments: dict[str, list[float]] = field(default_factory=dict)
    mark: float = 0.0


class Server:
    """One controller; a connection is kept until it breaks."""

    def __init__(self, address: str, context: ssl.SSLContext) -> None:
        self.address, self.context = address, context
        self.connection: http.client.HTTPSConnection | None = None

    def ask(self, method: str, path: str, body: Any = None, kind: str = "application/json") -> Any:
        """The answer's object; raises OSError for everything but success."""
        try:
            if self.connection is None:
                self.connection = http.client.HTTPSConnection(self.address, 6443, context=self.context, timeout=TIMEOUT)
            self.connection.request(
                method, path, json.dumps(body) if body is not None else None, {"Content-Type": kind}
            )
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise OSError(f"{self.address}: {error!r}") from error
        if answer.status == 409 and method == "POST":
            return {}
        if answer.status >= 300:
            self.close()
            raise OSError(f"{self.address}: {answer.status} {text[:200]!r}")
        return json.loads(text) if text.startswith(b"{") else text

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
        self.connection = None


class Client:
    """Goes to the next controller when one fails."""

    def __init__(self, addresses: list[str], context: ssl.SSLContext, seen: Seen) -> None:
        self.servers = [Server(address, context) for address in addresses]
        self.current, self.seen = 0, seen

    def ask(self, *request: Any) -> Any:
        begin = time.monotonic()
        while True:
            answer = self._tried(request, in_vain=time.monotonic() - begin > PATIENCE)
            if answer is not None:
                self.seen.slowest = max(self.seen.slowest, time.monotonic() - begin)
                return answer

    def _tried(self, request: Sequence[Any], *, in_vain: bool) -> Any:
        """None where another controller should be asked, unless it was tried long enough."""
        try:
            return self.servers[self.current].ask(*request)
        except OSError:
            if in_vain:
                raise
        self.current = (self.current + 1) % len(self.servers)
        self.seen.switches += 1
        time.sleep(PAUSE)
        return None


def write(client: Client, seen: Seen, stop: threading.Event) -> None:
    number = 0
    while not stop.wait(PAUSE):
        name = f"ha-{number // PER_MAP}"
        try:
            if number % PER_MAP == 0:
                client.ask("POST", MAPS, {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}})
            client.ask("PATCH", f"{MAPS}/{name}", {"data": {f"w{number}": "x"}}, MERGE)
            read = client.ask("GET", f"{MAPS}/{name}")
            if f"w{number}" not in read.get("data", {}):
                seen.failed.append(f"write {number} could not be read back")
            seen.acknowledged.append(number)
        except OSError as error:
            seen.failed.append(f"write {number}: {error}")
        number += 1


def count_pods(client: Client, seen: Seen, stop: threading.Event) -> None:
    while not stop.wait(PAUSE):
        try:
            found = client.ask("GET", "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb")
        except OSError:
            continue
        ready = sum(1 for pod in found["items"] if serves(pod))
        seen.pods_min = ready if seen.pods_min is None else min(seen.pods_min, ready)


def serves(pod: dict[str, Any]) -> bool:
    conditions = pod.get("status", {}).get("conditions") or []
    ready = any(item["type"] == "Ready" and item["status"] == "True" for item in conditions)
    return ready and "deletionTimestamp" not in pod["metadata"]


def follow(server: Server, moments: list[float], stop: threading.Event) -> None:
    while not stop.wait(PAUSE):
        try:
            server.ask("GET", "/readyz")
        except OSError:
            continue
        moments.append(time.monotonic())


def longest(moments: list[float], since: float, until: float) -> float:
    """The longest time without an answer."""
    marks = [since, *(moment for moment in moments if since <= moment <= until), until]
    return round(max(after - before for before, after in zip(marks, marks[1:])), 2)


def lost(client: Client, seen: Seen) -> list[int]:
    """Acknowledged writes that are not there in the end."""
    there: set[int] = set()
    for number in range(max(seen.acknowledged, default=0) // PER_MAP + 1):
        there |= {int(key[1:]) for key in client.ask("GET", f"{MAPS}/ha-{number}").get("data", {})}
    return sorted(set(seen.acknowledged) - there)


def context_of(kubeconfig: Path) -> ssl.SSLContext:
    document = yaml.safe_load(kubeconfig.read_text(encoding="utf-8"))
    cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
    context = ssl.create_default_context(cadata=decoded(cluster["certificate-authority-data"]))
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(decoded(user["client-certificate-data"]) + "\n" + decoded(user["client-key-data"]))
        file.flush()
        context.load_cert_chain(file.name)
    return context


def decoded(text: str) -> str:
    return base64.b64decode(text).decode("ascii")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kubeconfig", type=Path, required=True)
    parser.add_argument("--stop", type=Path, required=True)
    parser.add_argument("--result", type=Path, required=True)
    parser.add_argument("addresses", nargs="+")
    options = parser.parse_args()
    context, seen, stop = context_of(options.kubeconfig), Seen(), threading.Event()
    client = Client(options.addresses, context, seen)
    seen.moments = {address: [] for address in options.addresses}
    threads = [
        threading.Thread(target=write, args=(client, seen, stop)),
        threading.Thread(target=count_pods, args=(Client(options.addresses, context, Seen()), seen, stop)),
        *(
            threading.Thread(target=follow, args=(Server(address, context), moments, stop))
            for address, moments in seen.moments.items()
        ),
    ]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    mark = options.result.with_name(options.result.name + ".mark")
    options.result.with_name(options.result.name + ".begun").touch()
    while not options.stop.exists():
        time.sleep(PAUSE)
        if not seen.mark and mark.exists():
            seen.mark = time.monotonic()
            mark.unlink()
    stop.set()
    for thread in threads:
        thread.join()
    end = time.monotonic()
    part = seen.mark or end
    outages = {address: longest(moments, begin, part) for address, moments in seen.moments.items()}
    restarts = {address: longest(moments, part, end) for address, moments in seen.moments.items()}
    found = {
        "writes": len(seen.acknowledged),
        "failed": seen.failed,
        "lost": lost(client, seen),
        "switches": seen.switches,
        "slowest_write": round(seen.slowest, 2),
        "pods_min": seen.pods_min,
        "outages": outages,
        "restarts": restarts,
        "together": longest(sorted(moment for moments in seen.moments.values() for moment in moments), begin, part),
        "seconds": round(part - begin, 1),
    }
    temporary = options.result.with_name(options.result.name + ".part")
    temporary.write_text(json.dumps(found), encoding="utf-8")
    temporary.rename(options.result)


if __name__ == "__main__":
    main()
