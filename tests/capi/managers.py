# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both managers as processes on loopback, ended by their process ids."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path

from tests.api.pki import LOOPBACK
from tests.capi.definitions import Ports
from tests.capi.programs import Pair
from tests.lab.mke4k_lab.errors import LabError

START_SECONDS = 120
END_SECONDS = 20
SERVICES = (
    *("ec2", "elasticloadbalancing", "tagging", "sts", "secretsmanager", "s3", "ssm", "iam", "autoscaling", "eks"),
    *("events", "sqs"),
)
# Nothing that the provider says to AWS may leave this machine, whatever it forgets about its endpoints.
NOWHERE = f"http://{LOOPBACK}:9"


class Managers:
    """Cluster API and its provider. `aws` is the address of the AWS that the provider shall know."""

    def __init__(self, pair: Pair, folder: Path, kubeconfig: Path, ports: Ports, aws: str) -> None:
        self.pair = pair
        self.folder = folder
        self._kubeconfig = kubeconfig
        self._ports = ports
        self._aws = aws
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def memory(self) -> int:
        """MiB of both."""
        return sum(_resident(process.pid) for process in self._processes.values()) // 1024

    def start(self) -> None:
        """Start both and wait until they are ready."""
        self._spawn("capi", [str(self.pair.capi.build()), *self._capi_arguments()])
        self._spawn("capa", [str(self.pair.capa.build()), *self._capa_arguments()])
        self._wait("capi", self._ports.capi_health)
        self._wait("capa", self._ports.capa_health)

    def restart_provider(self) -> None:
        """What replacing its Pod does: it forgets every key and session."""
        self._end("capa")
        self._spawn("capa", [str(self.pair.capa.build()), *self._capa_arguments()])
        self._wait("capa", self._ports.capa_health)

    def stop(self) -> None:
        for name in list(self._processes):
            self._end(name)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def _common(self, webhooks: int, health: int, metrics: int) -> list[str]:
        return [
            f"--webhook-port={webhooks}",
            f"--webhook-cert-dir={self.folder / 'webhooks'}",
            f"--health-addr={LOOPBACK}:{health}",
            f"--diagnostics-address={LOOPBACK}:{metrics}",
            "--insecure-diagnostics",
            "--v=2",
        ]

    def _capi_arguments(self) -> list[str]:
        ports = self._ports
        # There is nothing of older versions to be migrated.
        phases = "--skip-crd-migration-phases=StorageVersionMigration,CleanupManagedFields"
        return [*self._common(ports.capi, ports.capi_health, ports.capi_metrics), phases]

    def _capa_arguments(self) -> list[str]:
        ports = self._ports
        gates = "EKS=false,MachinePool=false,ExternalResourceGC=true,AutoControllerIdentityCreator=false"
        found = [*self._common(ports.capa, ports.capa_health, ports.capa_metrics), f"--feature-gates={gates}"]
        if not self.pair.finds_aws_by_environment:
            # Without a region before the colon each cluster signs for its own.
            found.append("--service-endpoints=:" + ",".join(f"{service}={self._aws}" for service in SERVICES))
        return found

    def _environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(("AWS_", "NO_PROXY"))}
        return {
            **kept,
            "KUBECONFIG": str(self._kubeconfig),
            "POD_NAMESPACE": "k0rdent",
            "AWS_ENDPOINT_URL": self._aws,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"), NOWHERE),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), f"{LOOPBACK},localhost"),
        }

    def _spawn(self, name: str, argv: list[str]) -> None:
        guard = shutil.which("setpriv")
        # A test run that is killed takes the managers with it.
        command = [guard, "--pdeathsig", "TERM", *argv] if guard else argv
        with self.log(name).open("ab") as stream:
            self._processes[name] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=stream, stderr=subprocess.STDOUT, env=self._environment()
            )

    def _end(self, name: str) -> None:
        process = self._processes.pop(name)
        process.terminate()
        try:
            process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _wait(self, name: str, port: int) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self._processes[name].poll() is None:
            if _answers(f"http://{LOOPBACK}:{port}/readyz"):
                return
            time.sleep(0.1)
        tail = "\n".join(self.log(name).read_text(errors="replace").splitlines()[-20:])
        ended = self._processes[name].poll()
        state = f"was not ready after {START_SECONDS} s" if ended is None else f"ended with {ended}"
        raise LabError(f"The manager {name} of {self.pair} {state}:\n{tail}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _resident(pid: int) -> int:
    for line in Path("/proc", str(pid), "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
