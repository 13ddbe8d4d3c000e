# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`spec.network` and what belongs to it.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field, section

PROVIDERS = ("calico", "custom", "kuberouter", "cilium")
NODE_PORT_RANGE = "32768-35535"

# Calico by k0s itself. Until rc.1 these were fields of the provider, then of its extraConfig with text as values.
_K0S_CALICO = (
    Field("CALICO_DISABLE_FILE_LOGGING", "bool"),
    Field("CALICO_STARTUP_LOGLEVEL", "word"),
    Field("FELIX_LOGSEVERITYSCREEN", "word"),
    Field("clusterCIDRIPv4", "cidr", immutable=True),
    Field("deployWithOperator", "bool"),
    Field("enableWireguard", "bool"),
    Field("ipAutodetectionMethod", "word"),
    Field("mode", "word", choices=("vxlan", "ipip", "bird")),
    Field("overlay", "word", choices=("Always", "CrossSubnet", "Never")),
    Field("vxlanPort", "port"),
    Field("vxlanVNI", "whole", least=1, most=16777215),
    Field("windowsNodes", "bool"),
)

_TIGERA_CALICO = (
    Field("cidrV4", "cidr", immutable=True),
    Field("linuxDataplane", "word", choices=("Iptables",)),
    Field("loglevel", "word", choices=("Info", "Debug", "Warning", "Error", "Fatal", "Trace")),
    Field('["values.yaml"]', "text"),
    Field("v", "word"),
)

_CILIUM = (
    Field('["ipam.operator.clusterPoolIPv4PodCIDRList"]', "word"),
    Field("routingMode", "word"),
    Field("tunnelProtocol", "word"),
)

_PERIODS = ("minSyncPeriod", "syncPeriod")
_IPVS_PERIODS = (*_PERIODS, "tcpFinTimeout", "tcpTimeout", "udpTimeout")

_KUBE_PROXY = (
    Field("mode", "word", "iptables", choices=("iptables",)),
    Field("metricsBindAddress", "bind", "0.0.0.0:10249", since="v4.0.0"),
    *(Field(f"iptables.{name}", "duration", "0s", since="v4.0.0") for name in _PERIODS),
    *(Field(f"ipvs.{name}", "duration", "0s", since="v4.0.0") for name in _IPVS_PERIODS),
    *(Field(f"nftables.{name}", "duration", "0s", since="v4.1.0") for name in _PERIODS),
    Field("disabled", "bool", until="rc.1"),
    Field("metricsbindaddress", "bind", "0.0.0.0:10249", until="rc.1"),
    Field("nodeportaddresses", "items", until="rc.1"),
    Field("iptables.masqueradebit", "whole", until="rc.1"),
    Field("iptables.masqueradeall", "bool", until="rc.1"),
    Field("iptables.localhostnodeports", "bool", until="rc.1"),
    Field("ipvs.scheduler", "word", until="rc.1"),
    Field("ipvs.excludecidrs", "items", until="rc.1"),
    Field("ipvs.strictarp", "bool", until="rc.1"),
    *(Field(f"iptables.{name.lower()}", "duration", until="rc.1") for name in _PERIODS),
    *(Field(f"ipvs.{name.lower()}", "duration", until="rc.1") for name in _IPVS_PERIODS),
)

_ALPHA = (
    "the network of Alpha.1 cannot be changed, it is Calico with pod CIDR 10.244.0.0/16, and VXLAN on port 4789 with"
    " VNI 4096"
)

NETWORK = (
    *section(
        "network",
        Field("", "object", binding=True, absent=_ALPHA),
        Field("serviceCIDR", "cidr", "10.96.0.0/16", immutable=True),
        Field("nodePortRange", "port range", NODE_PORT_RANGE),
        *section("kubeProxy", *_KUBE_PROXY),
        Field("nllb.disabled", "bool", True),
        Field("cplb.disabled", "bool", True),
        Field("cplb.virtualIPs", "list", of="cidr address"),
        Field("cplb.virtualRouterID", "whole", least=1, most=255),
        Field("controlPlaneLoadBalancing.enabled", "bool", False, since="v4.2.0", binding=True),
        Field("controlPlaneLoadBalancing.virtualIPs", "list", of="cidr address", since="v4.2.0"),
        Field("controlPlaneLoadBalancing.virtualRouterID", "whole", least=1, most=255, since="v4.2.0"),
        Field("multus.enabled", "bool", False, since="v4.1.0"),
        Field("providers", "objects", since="rc.1"),
        Field("providers[].provider", "word", choices=PROVIDERS, required=True),
        Field("providers[].enabled", "bool", False),
        *section("providers[]", *_K0S_CALICO, until="rc.1"),
        *section("providers[].extraConfig", *_K0S_CALICO, since="v4.0.0", until="v4.0.0"),
        *section("providers[].extraConfig", *_TIGERA_CALICO, since="v4.1.0"),
        *section("providers[].extraConfig", *_CILIUM, since="v4.1.0", until="v4.1.0"),
        since="rc.1",
    ),
    *section(
        "nodeLocalDNS",
        Field("enabled", "bool", False),
        Field("nodeLocalConfigPersist", "bool"),
        Field("resources", "map"),
        since="v4.1.3",
    ),
    Field("dns.lameduck.enabled", "bool", since="v4.0.0"),
    Field("dns.lameduck.duration", "duration", since="v4.0.0"),
    Field("metallb.enabled", "bool", since="v4.2.0"),
)
