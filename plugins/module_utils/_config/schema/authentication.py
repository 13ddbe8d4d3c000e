# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`spec.authentication`: who may log in.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from ansible_collections.mke4k.core.plugins.module_utils._config.schema.field import Field, section

_EXPIRY = (
    Field("idTokens", "duration"),
    Field("authRequests", "duration"),
    Field("deviceRequests", "duration"),
    Field("signingKeys", "duration"),
    Field("refreshTokens.validIfNotUsedFor", "duration"),
    Field("refreshTokens.absoluteLifetime", "duration"),
    Field("refreshTokens.disableRotation", "bool"),
    Field("refreshTokens.reuseInterval", "duration"),
)

_LDAP = (
    Field("enabled", "bool", False),
    Field("host", "word"),
    Field("rootCA", "word"),
    Field("caData", "text", since="v4.2.0"),
    Field("insecureNoSSL", "bool"),
    Field("bindDN", "word"),
    Field("bindPW", "text", secret=True),
    Field("credentialsSecretName", "name", since="v4.2.0"),
    Field("usernamePrompt", "word"),
    Field("userSearch.baseDN", "word"),
    Field("userSearch.filter", "word"),
    Field("userSearch.username", "word"),
    Field("userSearch.idAttr", "word"),
    Field("userSearch.emailAttr", "word"),
    Field("userSearch.nameAttr", "word"),
    Field("userSearch.preferredUsernameAttr", "word"),
    Field("groupSearch.baseDN", "word"),
    Field("groupSearch.filter", "word"),
    Field("groupSearch.userMatchers", "items"),
    Field("groupSearch.nameAttr", "word"),
)

_OIDC = (
    Field("enabled", "bool", False),
    Field("issuer", "word"),
    Field("clientID", "word"),
    Field("clientSecret", "text", secret=True),
    Field("credentialsSecretName", "name", since="v4.2.0"),
    Field("rootCAs", "items", since="v4.2.0"),
)

_SAML = (
    Field("enabled", "bool", False),
    Field("ssoMetadataURL", "word"),
    Field("ca", "word"),
    Field("caData", "text"),
    Field("ssoURL", "word"),
    Field("insecureSkipSignatureValidation", "bool"),
    Field("usernameAttr", "word"),
    Field("emailAttr", "word"),
    Field("groupsAttr", "word"),
    Field("entityIssuer", "word"),
    Field("ssoIssuer", "word"),
    Field("groupsDelim", "word"),
    Field("nameIDPolicyFormat", "word"),
)

_CLIENTS = (
    Field("id", "word", required=True),
    Field("name", "word"),
    Field("redirectURIs", "list", of="word"),
    Field("secret", "text", secret=True),
    Field("public", "bool"),
)

AUTHENTICATION = section(
    "authentication",
    Field("enabled", "bool", until="rc.1"),
    *section("expiry", *_EXPIRY),
    *section("ldap", *_LDAP),
    *section("oidc", *_OIDC),
    *section("saml", *_SAML),
    Field("replicaCount", "whole", 1, least=1, since="v4.1.1", until="v4.1.2"),
    Field("replicaCount", "whole", 2, least=1, since="v4.1.3"),
    Field("topologySpreadConstraints", "items", since="v4.1.3"),
    Field("resources", "map", since="v4.2.0"),
    Field("localUsers", "bool", since="v4.1.0"),
    Field("oauth2.responseTypes", "list", of="word", since="v4.1.1"),
    Field("oauth2.skipApprovalScreen", "bool", since="v4.1.1"),
    Field("oauth2.alwaysShowLoginScreen", "bool", since="v4.1.1"),
    Field("clients", "objects", since="v4.1.1"),
    *section("clients[]", *_CLIENTS, since="v4.1.1"),
    Field("audience", "list", of="word", since="v4.1.1"),
)
