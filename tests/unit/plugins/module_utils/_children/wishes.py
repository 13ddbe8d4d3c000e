# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Children in few words, for tests of what is said about them."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._children.errors import BadChildren
from ansible_collections.mke4k.core.plugins.module_utils._children.model import Child, Mothership
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.build import build_children
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import Finding

PROVIDERS = ("cluster-api-provider-aws-1-0-3", "cluster-api-provider-k0sproject-k0smotron-1-0-6")


def template(valid: bool = True, **config: Any) -> Dict[str, Any]:
    return {"status": {"valid": valid, "config": config}}


def credential(kind: str = "AWSClusterStaticIdentity", ready: bool = True, message: str = "") -> Dict[str, Any]:
    conditions = [{"type": "CredentialReady", "status": str(ready), "message": message}]
    return {"spec": {"identityRef": {"kind": kind}}, "status": {"ready": ready, "conditions": conditions}}


def mothership(version: str = "v4.1.2", **more: Any) -> Mothership:
    given: Dict[str, Any] = {
        "providers": dict.fromkeys(PROVIDERS, True),
        "credentials": {"aws-cluster-identity-cred": credential()},
        "templates": {"aws-standalone-cp-1-0-12": template()},
        **more,
    }
    return Mothership(version=version, **given)


def built(facts: Optional[Mothership] = None, defaults: Optional[Dict[str, Any]] = None, **options: Any) -> Child:
    """One child, `a` in eu-west-3 unless said otherwise."""
    given: Dict[str, Any] = {"name": "a", "region": "eu-west-3", **options}
    (child,) = build_children([given], defaults or {}, facts or mothership())
    return child


def refused(*given: Any, defaults: Optional[Dict[str, Any]] = None) -> List[Finding]:
    """What is wrong with children that cannot be made."""
    try:
        build_children(list(given), defaults or {}, mothership())
    except BadChildren as error:
        return list(error.findings)
    return []
