# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""MkeConfigs for tests: one cluster in every form."""

from __future__ import annotations

from typing import Any


def host(address: str, role: str = "controller+worker", **fields: Any) -> dict[str, Any]:
    return {"role": role, "ssh": {"address": address, "user": "ubuntu", "port": 22}, **fields}


def config(*hosts: dict[str, Any], **spec: Any) -> dict[str, Any]:
    """An MkeConfig with these hosts, else with three, and these settings."""
    listed = list(hosts) or [host("10.0.0.1"), host("10.0.0.2", "worker"), host("10.0.0.3", "worker")]
    return {
        "apiVersion": "mke.mirantis.com/v1alpha1",
        "kind": "MkeConfig",
        "metadata": {"name": "mke", "namespace": "mke"},
        "spec": {
            "version": "v4.1.2",
            "apiServer": {"externalAddress": "api.example.com"},
            "hosts": listed,
            **spec,
        },
    }


def without_hosts(**spec: Any) -> dict[str, Any]:
    document = config(**spec)
    del document["spec"]["hosts"]
    return document
