# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ways into the cluster: ingress controller, Envoy gateway, their certificates and load balancers.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field, section

HTTP_NODE_PORT = 33000
HTTPS_NODE_PORT = 33001

INGRESS = (
    *section(
        "ingressController",
        Field("enabled", "bool", True, until="v4.1.2"),
        Field("enabled", "bool", False, since="v4.1.3"),
        Field("replicaCount", "whole", 2, least=1),
        Field("extraArgs.httpPort", "port", 80),
        Field("extraArgs.httpsPort", "port", 443),
        Field("extraArgs.enableSslPassthrough", "bool", False),
        Field("extraArgs.defaultSslCertificate", "word"),
        Field("enableLoadBalancer", "bool"),
        Field("preserveClientIP", "bool"),
        Field("externalIPs", "list", of="ipv4"),
        Field("affinity", "map"),
        Field("tolerations", "items"),
        Field("configMap", "map"),
        Field("tcpServices", "map"),
        Field("udpServices", "map"),
        Field("nodePorts.http", "port"),
        Field("nodePorts.https", "port"),
        Field("nodePorts.tcp", "map"),
        Field("nodePorts.udp", "map"),
        Field("ports.http", "port"),
        Field("ports.https", "port"),
        Field("disableHttp", "bool"),
    ),
    *section(
        "gatewayMKEIngress",
        Field("nodePorts.http", "port", HTTP_NODE_PORT),
        Field("nodePorts.https", "port", HTTPS_NODE_PORT),
        Field("ports.http", "port", 80),
        Field("ports.https", "port", 443),
        Field("envoyProxy.podDisruptionBudget", "map", since="v4.2.0"),
        Field("envoyProxy.resources", "map", since="v4.2.0"),
        since="v4.1.3",
    ),
    *section(
        "envoyGateway",
        Field("replicaCount", "whole", least=1),
        Field("tolerations", "items"),
        Field("nodeSelector", "map"),
        Field("resources", "map"),
        since="v4.1.3",
    ),
    *section(
        "certificates",
        Field("enabled", "bool", False),
        Field("ca", "pem"),
        Field("cert", "pem"),
        Field("key", "pem", secret=True),
        Field("domainName", "host"),
        since="v4.1.0",
    ),
)
