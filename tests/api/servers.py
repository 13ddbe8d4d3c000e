# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real etcd and a real kube-apiserver on loopback, built by the lab, ended by their process ids."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.api.client import AdminClient, Unanswered
from tests.api.pki import LOOPBACK, Pki, make_pki
from tests.lab.mke4k_lab.k0s import DEFAULT_VERSION
from tests.lab.mke4k_lab.paths import cache_root
from tests.lab.mke4k_lab.tools import ensure_programs, kubernetes_for, pinned_version

# Two cores that are busy with other tests make a start slow, never wrong.
START_SECONDS = 180
END_SECONDS = 20
PROGRAMS = ("etcd", "kube-apiserver")
MEMORY_DISK = Path("/dev/shm")
PREFIX = "mke4k-bed-"


@dataclass(frozen=True)
class User:
    """Somebody who may knock, with a token. Only system:masters may do everything."""

    name: str
    token: str
    groups: tuple[str, ...] = ()


ADMIN = User("admin", "bed-admin-token", ("system:masters",))
RESTRICTED = User("restricted", "bed-restricted-token", ("readers",))
OPERATOR = User("operator", "bed-operator-token", ("system:masters",))
USERS = {user.name: user for user in (ADMIN, RESTRICTED, OPERATOR)}


class BedError(Exception):
    """The bed could not be made; the message holds the end of the log."""


def kubernetes_version() -> str:
    """The version of the API server that the bed runs."""
    return pinned_version(kubernetes_for(DEFAULT_VERSION))


@dataclass
class Servers:
    """The two running programs."""

    folder: Path
    pki: Pki
    port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    api_arguments: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"https://{LOOPBACK}:{self.port}"

    def client(self, user: User = ADMIN) -> AdminClient:
        return AdminClient(LOOPBACK, self.port, self.pki.ca, user.token)

    def restart_api_server(self) -> None:
        """Let the API server die and start it again. Call it in the main thread: the new one ends with its thread."""
        old = self.processes.pop("kube-apiserver")
        old.kill()
        old.wait()
        _spawn(self, "kube-apiserver", self.api_arguments)
        _wait_ready(self)

    def stop(self) -> None:
        """End both, the API server first, and remove their files."""
        for process in reversed(list(self.processes.values())):
            process.terminate()
            try:
                process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()
        shutil.rmtree(self.folder)


def start_servers() -> Servers:
    """Start them and wait until the API server calls itself ready."""
    programs = ensure_programs(cache_root(), PROGRAMS, DEFAULT_VERSION)
    base = MEMORY_DISK if os.access(MEMORY_DISK, os.W_OK) else None
    remove_leftovers(Path(base or tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=base))
    etcd, peer, api = free_ports(3)
    servers = Servers(folder, make_pki(folder / "pki"), api)
    try:
        _write_tokens(folder / "tokens.csv")
        _spawn(servers, "etcd", [str(programs["etcd"]), *_etcd_arguments(folder, etcd, peer)])
        servers.api_arguments = [str(programs["kube-apiserver"]), *_api_arguments(servers, etcd)]
        _spawn(servers, "kube-apiserver", servers.api_arguments)
        _wait_ready(servers)
    except BaseException:
        servers.stop()
        raise
    return servers


def remove_leftovers(base: Path) -> None:
    """Remove what test runs left that were killed."""
    for folder in base.glob(f"{PREFIX}*-*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if owner.isdigit() and not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports of loopback that nobody listens on, all different."""
    sockets = [socket.socket() for _number in range(count)]
    try:
        for each in sockets:
            each.bind((LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


def _etcd_arguments(folder: Path, port: int, peer: int) -> list[str]:
    client, between = f"http://{LOOPBACK}:{port}", f"http://{LOOPBACK}:{peer}"
    return [
        *("--name", "bed", "--data-dir", str(folder / "etcd"), "--unsafe-no-fsync", "--log-level", "warn"),
        *("--listen-client-urls", client, "--advertise-client-urls", client),
        *("--listen-peer-urls", between, "--initial-advertise-peer-urls", between),
        *("--initial-cluster", f"bed={between}"),
    ]


def _api_arguments(servers: Servers, etcd: int) -> list[str]:
    pki = servers.pki
    return [
        f"--etcd-servers=http://{LOOPBACK}:{etcd}",
        f"--bind-address={LOOPBACK}",
        f"--advertise-address={LOOPBACK}",
        f"--secure-port={servers.port}",
        f"--tls-cert-file={pki.certificate}",
        f"--tls-private-key-file={pki.key}",
        f"--client-ca-file={pki.ca}",
        f"--token-auth-file={servers.folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        f"--service-account-key-file={pki.service_account_key}",
        f"--service-account-signing-key-file={pki.service_account_key}",
        "--service-account-issuer=https://bed",
        "--service-cluster-ip-range=10.96.0.0/24",
        # Nobody makes service accounts here: without a controller manager no Pod would be admitted.
        "--disable-admission-plugins=ServiceAccount",
        "--endpoint-reconciler-type=none",
        # A watch that was cut has to be resumable although nobody else changes anything.
        "--watch-cache=true",
    ]


def _write_tokens(path: Path) -> None:
    lines = [f'{user.token},{user.name},{user.name},"{",".join(user.groups)}"' for user in USERS.values()]
    path.write_text("\n".join([*lines, ""]))
    path.chmod(0o600)


def _spawn(servers: Servers, name: str, argv: list[str]) -> None:
    log = servers.folder / f"{name}.log"
    # A test run that is killed takes the servers with it.
    guard = shutil.which("setpriv")
    command = [guard, "--pdeathsig", "TERM", *argv] if guard else argv
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT)
    servers.processes[name] = process


def _wait_ready(servers: Servers) -> None:
    client = servers.client()
    end = time.monotonic() + START_SECONDS
    last = "nothing was asked yet"
    while time.monotonic() < end:
        for name, process in servers.processes.items():
            if process.poll() is not None:
                raise BedError(f"{name} ended with {process.returncode}:\n{_tail(servers.folder / f'{name}.log')}")
        try:
            answer = client.request("GET", "/readyz")
            if answer.status == 200:
                return
            last = f"{answer.status} {answer.text[:500]}"
        except Unanswered as error:
            last = str(error)
        time.sleep(0.1)
    log = _tail(servers.folder / "kube-apiserver.log")
    raise BedError(f"The API server was not ready after {START_SECONDS} s: {last}\n{log}")


def _tail(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-20:]) if path.exists() else ""
