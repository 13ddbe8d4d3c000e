# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Note that this doc fragment is PRIVATE to the collection. It can have breaking changes at any time.
"""How an action reaches AWS."""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside AWS_OPTIONS in plugins/plugin_utils/_aws_action.py.
    DOCUMENTATION = r"""
options:
  access_key:
    description:
      - Access key. Where none is given, keys are found as every program of AWS finds them - the environment
        (E(AWS_ACCESS_KEY_ID), E(AWS_SECRET_ACCESS_KEY), E(AWS_SESSION_TOKEN), which a credential of AWX sets too), the
        profile, the role of the machine. The keyword C(environment) of the task counts.
      - Needs O(secret_key), and excludes O(profile).
    type: str
    aliases: [aws_access_key_id, aws_access_key]
  secret_key:
    description:
      - Secret part of O(access_key). A warning says so when it comes from extra variables, which are seen in process
        lists and job details.
    type: str
    aliases: [aws_secret_access_key, aws_secret_key]
  session_token:
    description: Session token of a temporary O(access_key).
    type: str
    aliases: [aws_session_token]
  profile:
    description: Profile of C(~/.aws/config) or C(~/.aws/credentials) on the control node. Empty means E(AWS_PROFILE).
    type: str
    aliases: [aws_profile]
  region:
    description: Region. Empty means E(AWS_REGION), E(AWS_DEFAULT_REGION), then that of the profile.
    type: str
    aliases: [aws_region]
  endpoint_url:
    description:
      - URL that takes the place of those of AWS, for all services. Empty means E(AWS_ENDPOINT_URL), or the one of a
        service (such as E(AWS_ENDPOINT_URL_EC2)).
    type: str
    aliases: [aws_endpoint_url]
  aws_ca_bundle:
    description: File with the certificates of the authorities that are trusted. Empty means E(AWS_CA_BUNDLE).
    type: path
  validate_certs:
    description: Whether certificates are checked.
    type: bool
    default: true
requirements:
  - boto3 >= 1.28.0 (Python, on the control node)
notes:
  - Requests that AWS throttles are repeated at the pace AWS allows, E(AWS_MAX_ATTEMPTS) times at most (8 by default).
"""
