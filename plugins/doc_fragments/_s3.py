# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the S3 is reached in which backups are kept.

Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside S3_OPTIONS in plugins/plugin_utils/_backup_store.py.
    DOCUMENTATION = r"""
options:
  s3:
    description: How S3 is reached. Keys are found as every program of AWS finds them.
    type: dict
    default: {}
    suboptions:
      endpoint_url:
        description: URL of a service that is no AWS.
        type: str
        default: ""
      region:
        description: Region of the bucket.
        type: str
        default: ""
      profile:
        description: Profile of the control node's AWS configuration.
        type: str
        default: ""
      ca_bundle:
        description: File with the certificates of the authorities that are trusted.
        type: path
        default: ""
      sse:
        description:
          - How S3 is to encrypt what it keeps. Empty means as the bucket says.
          - S3 decrypts by itself, so this is not looked at when a backup is restored.
        type: str
        choices: ["", AES256, "aws:kms"]
        default: ""
      kms_key:
        description: Id of the key for V(aws:kms). Empty means that of the account.
        type: str
        default: ""
notes:
  - For S3 the Python package boto3 (1.28.0 or newer) is needed on the control node.
"""
