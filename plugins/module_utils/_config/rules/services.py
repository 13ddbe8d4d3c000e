# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules on registries, certificates, the cloud provider and what else runs on the cluster.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.rules.draft import Draft, Rule, error, warning
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import CHART_REGISTRY, IMAGE_REGISTRY

_LOGINS = (
    ("ldap", ("host",)),
    ("oidc", ("issuer", "clientID")),
    ("saml", ()),
)


def airgap_has_registries(draft: Draft) -> Iterator[Finding]:
    if not draft.value("airgap.enabled"):
        return
    for path, default in (
        ("registries.imageRegistry.url", IMAGE_REGISTRY),
        ("registries.chartRegistry.url", CHART_REGISTRY),
    ):
        if draft.value(path) == default:
            yield error(
                "airgap-registry",
                draft.where(path),
                f"is Mirantis' own registry {default}, but airgap.enabled is true",
                "set it to your registry, into which the bundle of the release was copied; it cannot be changed later",
            )
    if draft.value("cloudProvider.enabled"):
        yield error(
            "airgap-cloud-provider",
            draft.where("cloudProvider.enabled"),
            "is true, but a cloud provider needs its API and airgap.enabled is true",
            "set one of the two to false",
        )


def certificates_are_whole(draft: Draft) -> Iterator[Finding]:
    if not draft.value("certificates.enabled"):
        return
    no_cert, no_key = draft.unset("certificates.cert"), draft.unset("certificates.key")
    if no_cert != no_key:
        missing = "cert" if no_cert else "key"
        yield error(
            "certificates-incomplete",
            draft.where(f"certificates.{missing}"),
            "is not set, but the other one of cert and key is",
            "give both, or neither once they were applied",
        )
    if draft.unset("certificates.ca"):
        yield error(
            "certificates-incomplete",
            draft.where("certificates.ca"),
            "is not set, but certificates.enabled is true",
            "give the PEM text of the authority; it must stay in the file, cert and key may be removed once applied",
        )


def ingress_is_served(draft: Draft) -> Iterator[Finding]:
    release = draft.release
    if release.between(since="v4.0.0", until="v4.1.2") and draft.value("ingressController.enabled") is False:
        yield error(
            "ingress-disabled",
            draft.where("ingressController.enabled"),
            f"is false, but the dashboard and logins of {release.name} are reached through it",
            "set it to true; from v4.1.3 on the gateway takes its place",
        )


def logins_are_complete(draft: Draft) -> Iterator[Finding]:
    enabled: List[str] = []
    for name, needed in _LOGINS:
        if not draft.value(f"authentication.{name}.enabled"):
            continue
        enabled.append(name)
        for field in needed:
            if draft.unset(f"authentication.{name}.{field}"):
                yield error(
                    "login-incomplete",
                    draft.where(f"authentication.{name}.{field}"),
                    f"is not set, but authentication.{name}.enabled is true",
                    "set it, or disable the section",
                )
    if draft.value("authentication.localUsers") is False and not enabled:
        yield warning(
            "login-nobody",
            draft.where("authentication.localUsers"),
            "is false, and neither ldap, oidc nor saml is enabled: nobody can log in to the dashboard",
            "enable one of them, or set localUsers to true",
        )


def external_backup_is_complete(draft: Draft) -> Iterator[Finding]:
    prefix = "backup.storage_provider"
    if not draft.value("backup.enabled") or draft.value(f"{prefix}.type") != "External":
        return
    for field in ("provider", "bucket", "region"):
        if draft.unset(f"{prefix}.external_options.{field}"):
            yield error(
                "backup-incomplete",
                draft.where(f"{prefix}.external_options.{field}"),
                "is not set, but storage_provider.type is External",
                "set it, or use the type InCluster",
            )


SERVICE_RULES: Tuple[Rule, ...] = (
    airgap_has_registries,
    certificates_are_whole,
    ingress_is_served,
    logins_are_complete,
    external_backup_is_complete,
)
