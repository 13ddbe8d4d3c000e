# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tools that are compared: each makes the same cluster with the same binary and the same flags."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.scenarios.lab import ROOT, K0s, Lab

# Parts of k0s that need images, which hosts without a way out can't get.
CONTROLLER_FLAGS = ["--disable-components=konnectivity-server,kube-proxy,coredns,metrics-server,network-provider"]
CALLBACKS = ROOT / "extensions" / "molecule" / "resources" / "callback_plugins"


@dataclass(frozen=True)
class Installer(ABC):
    lab: Lab
    k0s: K0s

    @property
    @abstractmethod
    def name(self) -> str: ...

    @abstractmethod
    def command(self, user: str) -> list[str]:
        """What a user with this account on the hosts runs, the first time and every other time."""

    def environment(self) -> Mapping[str, str]:
        return self.lab.environment()

    def role(self, number: int) -> str:
        return "controller" if number < CONTROLLERS else "worker"

    def file(self, name: str, document: object) -> str:
        path = self.lab.work / name
        path.write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
        return str(path)


CONTROLLERS = 3


@dataclass(frozen=True)
class Collection(Installer):
    @property
    def name(self) -> str:
        return "mke4k.core"

    def command(self, user: str) -> list[str]:
        variables = {
            **self.k0s.variables(),
            "mke4k_layers": ["k0s"],
            "mke4k_kubeconfig": str(self.lab.work / "mke.kubeconf"),
        }
        return [
            "ansible-playbook",
            "mke4k.core.install",
            "-e",
            f"@{self.file(f'mke4-{user}.yaml', self.mke_config(user))}",
            "-e",
            json.dumps(variables),
        ]

    def environment(self) -> Mapping[str, str]:
        return {
            **super().environment(),
            "ANSIBLE_PIPELINING": "true",
            "ANSIBLE_FORKS": "10",
            "ANSIBLE_CALLBACK_PLUGINS": str(CALLBACKS),
            "MKE4K_RECORDS": str(self.records),
        }

    @property
    def records(self) -> Path:
        """One line of JSON for each run, with the seconds of every task."""
        return self.lab.work / "records.jsonl"

    def mke_config(self, user: str) -> dict[str, object]:
        hosts = [
            {
                "role": self.role(number),
                "ssh": {"address": host["address"], "user": user, "keyPath": self.lab.key},
                **({"installFlags": CONTROLLER_FLAGS} if number < CONTROLLERS else {}),
            }
            for number, host in enumerate(self.lab.hosts)
        ]
        return {
            "apiVersion": "mke.mirantis.com/v1alpha1",
            "kind": "MkeConfig",
            "metadata": {"name": "mke", "namespace": "mke"},
            "spec": {"hosts": hosts, "tracking": {"enabled": False}, "version": "v4.1.2"},
        }


@dataclass(frozen=True)
class K0sctl(Installer):
    binary: str

    @property
    def name(self) -> str:
        return "k0sctl"

    def command(self, user: str) -> list[str]:
        config = self.file(f"k0sctl-{user}.yaml", self.k0sctl_config(user))
        return [self.binary, "apply", "--config", config]

    def environment(self) -> Mapping[str, str]:
        # Hosts come back under their addresses with other keys; its cache and log belong to this lab.
        return {**super().environment(), "SSH_KNOWN_HOSTS": "", "XDG_CACHE_HOME": str(self.lab.work / "cache")}

    def k0sctl_config(self, user: str) -> dict[str, object]:
        hosts = [
            {
                "role": self.role(number),
                "ssh": {"address": host["address"], "user": user, "keyPath": self.lab.key},
                "k0sBinaryPath": self.k0s.path,
                "uploadBinary": True,
                **({"installFlags": CONTROLLER_FLAGS} if number < CONTROLLERS else {}),
            }
            for number, host in enumerate(self.lab.hosts)
        ]
        config = {
            "apiVersion": "k0s.k0sproject.io/v1beta1",
            "kind": "ClusterConfig",
            "metadata": {"name": "k0s"},
            "spec": {
                "network": {"provider": "custom", "podCIDR": "192.168.0.0/16", "serviceCIDR": "10.96.0.0/16"},
                "telemetry": {"enabled": False},
            },
        }
        return {
            "apiVersion": "k0sctl.k0sproject.io/v1beta1",
            "kind": "Cluster",
            "metadata": {"name": "bench"},
            "spec": {"hosts": hosts, "k0s": {"version": self.k0s.version, "config": config}},
        }
