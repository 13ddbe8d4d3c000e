#!/usr/bin/python
# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: mirror_bundle
short_description: Push a bundle of images and charts into an OCI registry
version_added: 0.1.0
description:
  - Pushes the bundle of a release (C(mke_bundle_v*.tar.gz)), or that of k0s (C(k0s-airgap-bundle-*)), into a registry.
    No other program is needed.
  - An archive C(bundle/mke&pause@3.10.tar) becomes the image C(mke/pause:3.10) below the registry's project.
  - What the registry has already is not sent again. A run that was ended in the middle goes on where it was when it is
    repeated. Connections that break are tried again.
  - The largest layer must fit into the folder for temporary files (C(TMPDIR)); of a bundle of k0s, all of it.
  - Runs on the control node.
author:
  - mke4k.core contributors (@mke4k)
options:
  src:
    description: The bundle on the control node.
    type: path
    required: true
  sha256:
    description: Its sha256. Where it is given, nothing is pushed from another file.
    type: str
  registry:
    description:
      - Where to push to, as C(host[:port]/project). The default is C(spec.registries.imageRegistry.url) of the
        C(mke4.yaml).
    type: str
  ca:
    description:
      - PEM text of the authority of the registry's certificate. The default is that of the C(mke4.yaml) or of the
        variable C(mke4k_registries).
    type: str
  username:
    description: The user of a login that may push. The default is that of the variables C(mke4k_registry_username).
    type: str
  password:
    description: Its password. The default is that of the variable C(mke4k_registry_password).
    type: str
extends_documentation_fragment:
  - mke4k.core._config
  - mke4k.core._attributes
  - mke4k.core._attributes.actiongroup_mke4k
  - mke4k.core._attributes.full
  - mke4k.core._attributes.controller
attributes:
  diff_mode:
    support: none
    details: What would be pushed is in the result.
seealso:
  - module: mke4k.core.mirror_info
"""

EXAMPLES = r"""
- name: Fill the registry of mke4.yaml
  mke4k.core.mirror_bundle:
    config_file: mke4.yaml
    src: /srv/mke_bundle_v4.1.2_amd64.tar.gz
    username: pusher
    password: "{{ registry_password }}"
  delegate_to: localhost
"""

RETURN = r"""
registry:
  description: Where it was pushed to.
  returned: success
  type: str
artifacts:
  description: The images and charts of the bundle, each with name, digest, and C(new) where the registry lacked it.
  returned: success
  type: list
  elements: dict
sent_bytes:
  description: How much was sent.
  returned: success
  type: int
text:
  description: What came of it, in a line.
  returned: success
  type: str
"""
