# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the mothership has to have for a child. Pure.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Iterator, List, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._children.engines.templates import is_valid, wanted_template
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, Finding

# What mke-operator's admission webhook asks for (its message names them).
PROVIDERS = ("cluster-api-provider-aws", "cluster-api-provider-k0sproject-k0smotron")
AWS_IDENTITIES = ("AWSClusterStaticIdentity", "AWSClusterRoleIdentity", "AWSClusterControllerIdentity", "Secret")


def check_all(children: Sequence[Child], facts: Mothership, engine_name: str) -> Iterator[Finding]:
    """What is wrong once, however many children there are."""
    if not facts.asked:
        return
    if engine_name == "mke-operator" and not facts.has_child_configs:
        yield Finding(
            ERROR, "no-child-configs", "mothership", "does not know the kind MkeChildConfig",
            "upgrade it to MKE v4.1.1 or later, or use the engine k0rdent",
        )  # fmt: skip
    missing = [name for name in PROVIDERS if not _is_deployed(facts, name)]
    if missing and any(child.infrastructure.get("provider") == "aws" for child in children):
        yield Finding(
            ERROR, "providers-not-deployed", "mothership",
            f"has not deployed the k0rdent providers {', '.join(missing)} that children in AWS need",
            "add them with the role mke4k.core.k0rdent (k0rdent_providers), or wait until they are ready",
        )  # fmt: skip


def check(child: Child, facts: Mothership, engine_name: str) -> Iterator[Finding]:
    if child.namespace != facts.namespace:
        yield _error(
            child, "child-namespace", "namespace",
            f"is {child.namespace}, and children are only seen in {facts.namespace}", "leave it out",
        )  # fmt: skip
    if engine_name == "k0rdent":
        yield from _template(child, facts)
    if not facts.asked:
        return
    if engine_name == "mke-operator" and facts.version and child.version != facts.version:
        yield _error(
            child, "child-version-differs", "version",
            f"is {child.version}, and the mothership runs MKE {facts.version}",
            "leave it out; to upgrade children upgrade the mothership first",
        )  # fmt: skip
    yield from _credential(child, facts)


def _template(child: Child, facts: Mothership) -> Iterator[Finding]:
    wanted = wanted_template(child, facts)
    if not wanted:
        yield _error(
            child, "template-missing", "template",
            f"is missing, and no valid aws-standalone-cp-* is known in the namespace {facts.namespace}"
            if facts.asked else "is missing, and nobody is asked for the newest where files are rendered",
            "name a ClusterTemplate, and make sure that the provider cluster-api-provider-aws is deployed",
        )  # fmt: skip
    elif facts.asked and not is_valid(facts.templates.get(wanted) or {}):
        said = at(facts.templates.get(wanted) or {}, ("status", "validationError"), "")
        yield _error(
            child, "template-not-valid", "template",
            f"{wanted} is not valid{f': {said}' if said else ''}" if wanted in facts.templates
            else f"{wanted} is no ClusterTemplate of the namespace {facts.namespace}",
            allowed=", ".join(sorted(name for name, item in facts.templates.items() if is_valid(item))),
        )  # fmt: skip


def _credential(child: Child, facts: Mothership) -> Iterator[Finding]:
    found = facts.credentials.get(child.credential)
    if found is None:
        yield _error(
            child, "credential-missing", "credential",
            f"{child.credential} is no Credential of the namespace {facts.namespace}",
            "make it with mke4k.core.aws_credential (the role aws_credentials)",
            allowed=", ".join(sorted(facts.credentials)),
        )  # fmt: skip
        return
    status = found.get("status") or {}
    kind = str(((found.get("spec") or {}).get("identityRef") or {}).get("kind") or "")
    if not status.get("ready"):
        yield _error(
            child, "credential-not-ready", "credential", f"{child.credential} is not ready{_why(found)}",
            "make it anew with mke4k.core.aws_credential",
        )  # fmt: skip
    if kind not in AWS_IDENTITIES and child.infrastructure.get("provider") == "aws":
        yield _error(
            child, "credential-not-for-aws", "credential", f"{child.credential} has an identity of the kind {kind}",
            allowed=", ".join(AWS_IDENTITIES[:3]),
        )  # fmt: skip


def _why(credential: object) -> str:
    status = credential.get("status") if isinstance(credential, dict) else None
    said: List[str] = [
        str(item.get("message")) for item in (status or {}).get("conditions") or () if item.get("status") != "True"
    ]
    return f": {'; '.join(said)}" if said else ""


def _is_deployed(facts: Mothership, name: str) -> bool:
    """Releases append their version to the name of a component."""
    return any(ready and (found == name or found.startswith(f"{name}-")) for found, ready in facts.providers.items())


def _error(child: Child, name: str, option: str, message: str, remedy: str = "", allowed: str = "") -> Finding:
    return Finding(ERROR, name, f"child {child.name}: {option}", message, remedy, allowed)
