# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What jobs are run on, the secrets that no job may show, and the book of what each job cost."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.tools.checkout import DEV

from .events import containing
from .job import ROOT, Job, Prefix, Ran, run_job
from .variables import unanswered

REPORT = ROOT / ".build" / "results" / "awx.jsonl"
# Per job: what AWX stores well (it cuts events above 700,000 bytes), far above what jobs here need.
MOST_EVENTS = 400
LARGEST_EVENT = 64 * 1024
LARGEST_STATS = 4 * 1024


def collections() -> str:
    """The folder of the collection under test: the installed archive, or the checkout."""
    return os.environ.get("MKE4K_AWX_COLLECTIONS") or str(ROOT / DEV)


@dataclass
class Ground:
    """Runs jobs on one thing, and holds each to what AWX needs of it."""

    work: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict)
    prefix: Prefix = lambda *command: command
    machine: Mapping[str, str] = field(default_factory=dict)
    # What the credential type "OpenShift or Kubernetes API Bearer Token" injects.
    bearer: Mapping[str, str] = field(default_factory=dict)

    def launch(self, verb: str, *, step: str = "run", **launch: Any) -> Ran:
        """Runs a playbook with all that it does not name left unanswered; asserts what holds for every job."""
        answers = {**unanswered(), **self.answers, **launch.pop("answers", {})}
        environment = {**self.environment, **launch.pop("environment", {})}
        files = launch.pop("files", self.files)
        machine: dict[str, Any] = {name: value for name, value in self.machine.items() if name != "key_file"}
        job = Job(f"playbooks/{verb}.yml", answers, environment=environment, files=files, **machine, **launch)
        ran = run_job(job, self.work, collections=collections(), prefix=self.prefix)
        note(step, ran)
        self._hold(ran)
        return ran

    def _hold(self, ran: Ran) -> None:
        events = ran.events
        assert ran.status != "timeout", ran.told()
        assert "Traceback (most recent call last)" not in ran.output, ran.told()
        assert "is undefined" not in ran.output, ran.told()
        assert "DEPRECATION WARNING" not in ran.output, ran.told()
        assert events.count <= MOST_EVENTS, f"{events.count} events\n{ran.told()}"
        assert events.largest <= LARGEST_EVENT, f"{events.largest} bytes: {events.largest_task()}"
        assert containing(self.secrets, ran.kept) == []
        stats = events.stats()
        assert len(json.dumps(stats)) <= LARGEST_STATS
        assert all(name.startswith("mke4k_") for name in stats), stats
        written = {path.relative_to(ran.folder / "project") for path in (ran.folder / "project").rglob("*")}
        assert not any(path.suffix in (".retry", ".kubeconf") for path in written), written


def good(ran: Ran) -> Ran:
    """A job that has to be green."""
    assert ran.code == 0, ran.told()
    return ran


def unchanged(ran: Ran) -> Ran:
    """A green job that changed nothing."""
    assert not any(good(ran).events.hosts("changed").values()), ran.events.changes()
    return ran


def refused(ran: Ran, *words: str) -> Ran:
    """A job that has to fail, and to say why in one of its failed tasks."""
    assert ran.code != 0, ran.told()
    said = "\n".join(ran.events.failures()) or ran.output
    assert all(word in said for word in words), ran.told()
    return ran


def note(step: str, ran: Ran) -> None:
    """Keeps what a job cost, a line each, for the summary of the tests."""
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    cost = {
        "playbook": ran.job.verb,
        "step": step,
        "code": ran.code,
        "seconds": round(ran.seconds, 1),
        "events": ran.events.count,
        "largest": ran.events.largest,
        "largest_task": ran.events.largest_task(),
        "stats": len(json.dumps(ran.events.stats())),
    }
    with REPORT.open("a", encoding="utf-8") as report:
        report.write(json.dumps(cost) + "\n")


def leading_to(aws: Mapping[str, str]) -> dict[str, str]:
    """The variables by which AWX leads to an AWS of the tests."""
    return {
        "AWS_ACCESS_KEY_ID": aws["access_key"],
        "AWS_SECRET_ACCESS_KEY": aws["secret_key"],
        "AWS_ENDPOINT_URL": aws["url"],
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def bearer_of(kubeconfig: str, ca_file: Path) -> dict[str, str]:
    """The variables by which AWX leads to a cluster, of an administrator who has a token."""
    document = yaml.safe_load(kubeconfig)
    cluster, user = document["clusters"][0]["cluster"], document["users"][0]["user"]
    ca_file.write_bytes(base64.b64decode(cluster["certificate-authority-data"]))
    return {
        "K8S_AUTH_HOST": cluster["server"],
        "K8S_AUTH_API_KEY": user["token"],
        "K8S_AUTH_VERIFY_SSL": "True",
        "K8S_AUTH_SSL_CA_CERT": str(ca_file),
    }


def secrets_of(kubeconfig: str) -> dict[str, str]:
    """What nobody may read of a kubeconfig."""
    users = yaml.safe_load(kubeconfig)["users"]
    found = {}
    for number, user in enumerate(users):
        for name in ("token", "client-key-data", "password"):
            found[f"{name} {number}"] = str(user["user"].get(name, ""))
    return {name: secret for name, secret in found.items() if secret}
