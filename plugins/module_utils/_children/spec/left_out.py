# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of an MkeConfig that a child cannot have, and what to do instead (MKE's documentation of child clusters).

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._children.spec.placement import is_at_least
from ansible_collections.mke4k.core.plugins.module_utils._children.spec.reading import at
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.api_server import AUDIT_LOG, AUDIT_POLICY
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.kubelet import DATA_DIR
from ansible_collections.mke4k.core.plugins.module_utils._config.schema.services import CHART_REGISTRY, IMAGE_REGISTRY

# What `mkectl init` writes, and what a child does by itself.
DEFAULT_ENCRYPTION = "/var/lib/k0s/encryption.cfg"
LOAD_BALANCER = "the load balancer that AWS makes for a child is its address"


def never(_value: Any) -> bool:
    return False


def off(section: Any) -> bool:
    """A switch, or a section with one, that is not on."""
    value = section.get("enabled") if isinstance(section, Mapping) else section
    return str(value).strip().lower() not in ("true", "yes", "on", "1")


def equal_to(*defaults: Any) -> Callable[[Any], bool]:
    return lambda value: value in defaults


def _only_disabled(section: Any) -> bool:
    return at(section, ("disabled",), True) is not False and not at(section, ("virtualIPs",))


def _upstream_registries(section: Any) -> bool:
    image, chart = (at(section, (name, "url"), "") for name in ("imageRegistry", "chartRegistry"))
    return image in ("", IMAGE_REGISTRY) and chart in ("", CHART_REGISTRY)


@dataclass(frozen=True)
class LeftOut:
    """One field. `is_quiet`: the value says nothing that is not so in a child anyway. `until`: children of that
    release and of later ones have the field.
    """

    path: str
    message: str
    remedy: str
    is_quiet: Callable[[Any], bool] = never
    until: Tuple[int, ...] = ()

    @property
    def steps(self) -> Tuple[str, ...]:
        return tuple(self.path.split("."))

    def applies(self, version: str) -> bool:
        return not (len(self.until) == 3 and is_at_least(version, (self.until[0], self.until[1], self.until[2])))


LEFT_OUT: Tuple[LeftOut, ...] = (
    LeftOut("version", "", "", lambda _value: True),
    LeftOut("hosts", "is not for children: AWS makes their machines",
            "say how many and which with control_plane_number, workers_number, control_plane and worker"),
    LeftOut("apiServer.externalAddress", "is not for children", f"leave it out: {LOAD_BALANCER}"),
    LeftOut("apiServer.encryptionProvider", "is a path, and children take the file from a Secret",
            "put it into a Secret of the children's namespace (key `value`), and name that in"
            " spec.apiServer.encryptionConfigSecret", equal_to(DEFAULT_ENCRYPTION)),
    LeftOut("apiServer.audit.webhookConfigPath", "is a path, and children take the file from a Secret",
            "put it into a Secret of the children's namespace (key `value`), and name that in"
            " spec.apiServer.audit.webhookConfigSecret"),
    LeftOut("apiServer.audit.policyFile", "is not for children", "write the policy into"
            " apiServer.audit.customPolicyYaml", equal_to(AUDIT_POLICY)),
    LeftOut("apiServer.audit.logPath", "is fixed for children", f"the log is at {AUDIT_LOG}", equal_to(AUDIT_LOG)),
    *(
        LeftOut(f"backup.storage_provider.external_options.{name}",
                "is about a file, and children take the keys of their backups from a Secret",
                "put aws_access_key_id and aws_secret_access_key into a Secret of the children's namespace, and name"
                " it in spec.backup.storage_provider.external_options.external_credentials_secret_name")
        for name in ("credentials_file_path", "credentials_file_profile")
    ),
    LeftOut("network.nodePortRange", "cannot be set for children", "theirs is 30000-32767, and MKE's ingress is at"
            " 30000 and 30001"),
    LeftOut("network.cplb", "is not for children", LOAD_BALANCER, _only_disabled),
    LeftOut("network.controlPlaneLoadBalancing", "is not for children", LOAD_BALANCER, off),
    LeftOut("cloudProvider", "is not for children", "leave it out: they always have the one of AWS", off),
    LeftOut("k8sProviderSpecs", "is not for children", f"their data is in {DATA_DIR}",
            lambda value: at(value, ("dataDir",), DATA_DIR) == DATA_DIR),
    LeftOut("metallb", "is not for children", "use services of type LoadBalancer: AWS makes load balancers for them",
            off),
    LeftOut("authentication.localUsers", "is not for children: nobody can log in with a password",
            "configure authentication.oidc, authentication.saml or authentication.ldap", off),
    LeftOut("airgap", "is not for children", "they need a way to the registries of MKE, or from v4.2.0 on to those in"
            " `registries`", off),
    LeftOut("registries", "is not for children before v4.2.0", "they need a way to the registries of MKE",
            _upstream_registries, until=(4, 2, 0)),
    LeftOut("certificates", "is for the address of the mothership", "a child's address is known when it is there: put"
            " certificates for that into spec.certificates then", off),
    LeftOut("k0rdent", "is not for children: they are no motherships", "leave it out",
            lambda value: at(value, ("providers",)) in (None, [])),
    LeftOut("license.token", "is secret and would be readable in the child's object and in rendered files",
            "put it into a Secret (type mke.mirantis.com/license, key `token`) of the children's namespace and name"
            " that in license_secret, which MKE knows since v4.2.0"),
)  # fmt: skip
