# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that must be the same on all controllers: made once on the leader, then copied.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import base64
import os
from typing import Mapping

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import K0sError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.model import SharedFileSpec

_KEY_BYTES = 32
_ENCRYPTION_CONFIG = """\
apiVersion: apiserver.config.k8s.io/v1
kind: EncryptionConfiguration
resources:
  - resources:
      - secrets
    providers:
      - aescbc:
          keys:
            - name: key
              secret: {key}
      - identity: {{}}
"""


def encryption_config() -> str:
    """A new encryption configuration with a key from the kernel's random source."""
    return _ENCRYPTION_CONFIG.format(key=base64.b64encode(os.urandom(_KEY_BYTES)).decode("ascii"))


def content_for(spec: SharedFileSpec, given: Mapping[str, str], joins: bool) -> str:
    """The content of a shared file that this host lacks. Only the leader may make a new one."""
    if given.get(spec.path):
        return given[spec.path]
    if joins:
        raise K0sError(
            f"{spec.path} is missing and was not copied from the leader: it must be the same on all controllers. "
            "Run against all controllers, so that the leader's file is read first"
        )
    if spec.generate != "encryption-config":
        raise K0sError(f"{spec.path} cannot be made: {spec.generate!r} is unknown, encryption-config is known")
    return encryption_config()
