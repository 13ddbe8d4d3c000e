# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of k0rdent as its controller leaves them."""

from __future__ import annotations

from typing import Any

RELEASE_NAME = "k0rdent-enterprise-1-1-0"


def ready(status: str = "True", reason: str = "AllComponentsHealthy", message: str = "fine") -> dict[str, Any]:
    return {"type": "Ready", "status": status, "reason": reason, "message": message}


def management(
    *,
    failing: dict[str, str] | None = None,
    providers: list[dict[str, Any]] | None = None,
    condition: dict[str, Any] | None = None,
    **status: Any,
) -> dict[str, Any]:
    """A Management whose components are all up, save those that fail with a text."""
    names = ["projectsveltos", "cluster-api-provider-aws", "capi", "kcm"]
    entries: dict[str, Any] = {name: {"success": True, "template": f"{name}-1-0-0"} for name in names}
    for name, error in (failing or {}).items():
        entries[name] = {"success": False, "error": error, "template": f"{name}-1-0-0"}
    known = providers if providers is not None else [{"name": "projectsveltos"}, {"name": "cluster-api-provider-aws"}]
    return {
        "apiVersion": "k0rdent.mirantis.com/v1beta1",
        "kind": "Management",
        "metadata": {"name": "kcm", "generation": 3},
        "spec": {"release": RELEASE_NAME, "providers": known},
        "status": {
            "observedGeneration": 3,
            "release": RELEASE_NAME,
            "components": entries,
            "availableProviders": ["infrastructure-aws", "bootstrap-k0sproject-k0smotron"],
            "conditions": [condition or ready()],
            **status,
        },
    }


def release(*providers: str, version: str = "1.1.0") -> dict[str, Any]:
    return {
        "metadata": {"name": RELEASE_NAME},
        "spec": {"version": version, "providers": [{"name": name, "template": f"{name}-1"} for name in providers]},
    }
