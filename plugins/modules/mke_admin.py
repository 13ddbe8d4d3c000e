#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mke_admin
short_description: Let a first administrator into an MKE 4k cluster
version_added: 0.1.0
author:
  - mke4k.core contributors (@mke4k)
description:
  - Makes the account of the first administrator (a C(Password) of Dex) and binds it to the role C(cluster-admin).
  - An account that is there is left as it is, whatever password is given. MKE does not support to change it.
  - Without O(password), O(password_hash), O(password_file) and O(return_password) no account is made, and a warning
    says so. Nothing is made either where C(authentication.localUsers) is false.
options:
  email:
    description: The name with which the administrator logs in.
    type: str
    default: admin
  password:
    description: The password. At most 72 bytes, as bcrypt looks at no more.
    type: str
    default: ""
  password_hash:
    description: The bcrypt hash of the password, of cost 10 to 16, where the password itself should not be known here.
    type: str
    default: ""
  password_file:
    description:
      - A file on the control node. Where it is there, it holds the password. Else a password is generated and written
        to it with mode 0600, before the account is made.
    type: path
  return_password:
    description:
      - Generate a password where none is given, and return it. Set C(no_log) on the task then.
    type: bool
    default: false
  timeout:
    description:
      - How long to wait for the kind C(Password), which comes with MKE's service for authentication, in seconds.
    type: int
    default: 300
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._api
  - mke4k.core._k0s_host.controller
  - mke4k.core._attributes
  - mke4k.core._attributes.full
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.controller
notes:
  - The hash is made with the Python package C(bcrypt), or with what ansible-core itself can use for it.
seealso:
  - module: mke4k.core.mke_operator
"""

EXAMPLES = r"""
- name: Generate a password into a private file and make the account
  mke4k.core.mke_admin:
    config_file: mke4.yaml
    password_file: ~/.mke/admin-password
  delegate_to: localhost

- name: Take the password from the vault
  mke4k.core.mke_admin:
    config_file: mke4.yaml
    password: "{{ vault_mke_admin_password }}"
  delegate_to: localhost
"""

RETURN = r"""
email:
  description: The name with which the administrator logs in.
  returned: success
  type: str
  sample: admin
created:
  description: Whether the account was made in this run.
  returned: success
  type: bool
password:
  description: The password, where it was generated in this run.
  returned: when O(return_password) is true and the account was made
  type: str
password_file:
  description: Where the password is, empty where it is in no file.
  returned: success
  type: str
api_requests:
  description: How many requests were sent to the API.
  returned: success
  type: int
"""
