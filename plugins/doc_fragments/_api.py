# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is PRIVATE to the collection. It can have breaking changes at any time.
"""How an action reaches the Kubernetes API."""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside API_OPTIONS in plugins/plugin_utils/_kube_action.py.
    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - The kubeconfig, as a path on the control node, as a mapping, or as YAML text.
      - Empty means E(K8S_AUTH_KUBECONFIG), then E(KUBECONFIG) where no O(host) is given. Where nothing says how the API
        is reached, the administrator's kubeconfig of k0s is read on the host that the task is delegated to, and without
        such a host C(~/.kube/config) or the pod's own account serves.
    type: raw
  context:
    description: The context of the kubeconfig. Empty means E(K8S_AUTH_CONTEXT), then the current one.
    type: str
  host:
    description: URL of the API. Empty means E(K8S_AUTH_HOST).
    type: str
  api_key:
    description: A bearer token. Empty means E(K8S_AUTH_API_KEY).
    type: str
  username:
    description: User for basic authentication. Empty means E(K8S_AUTH_USERNAME).
    type: str
  password:
    description: Password for basic authentication. Empty means E(K8S_AUTH_PASSWORD).
    type: str
  ca_cert:
    description: Path of the authority's certificate. Empty means E(K8S_AUTH_SSL_CA_CERT).
    type: path
  client_cert:
    description: Path of a client certificate. Empty means E(K8S_AUTH_CERT_FILE).
    type: path
  client_key:
    description: Path of the key of the client certificate. Empty means E(K8S_AUTH_KEY_FILE).
    type: path
  validate_certs:
    description: Whether the server's certificate is checked. Unset means E(K8S_AUTH_VERIFY_SSL), else V(true).
    type: bool
  proxy:
    description:
      - URL of an HTTP or SOCKS proxy. Empty means E(K8S_AUTH_PROXY), then C(proxy-url) of the kubeconfig, then
        E(HTTPS_PROXY) unless E(NO_PROXY) names the server. A SOCKS proxy needs the Python package PySocks.
    type: str
  impersonate_user:
    description: Act as this user. Empty means E(K8S_AUTH_IMPERSONATE_USER).
    type: str
  impersonate_groups:
    description: Act as a member of these groups. Empty means E(K8S_AUTH_IMPERSONATE_GROUPS).
    type: list
    elements: str
  access:
    description:
      - V(direct) sends the requests from the control node.
      - V(connection) sends them through the SSH connection to the host that the task is delegated to, with its bastion,
        keys and users, for control nodes that reach hosts but not the API. Nothing is installed or started on the host.
      - V(auto) is V(direct) where a kubeconfig or host is given and its server can be connected to, or where the
        connection is not SSH; else V(connection).
    type: str
    choices: [auto, direct, connection]
    default: auto
  request_timeout:
    description:
      - For how long one request is repeated, in seconds, while the API answers with 5xx or 429, or not at all.
    type: int
    default: 120
requirements:
  - kubernetes >= 24.2.0 (Python, on the control node)
"""
