# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of a child, and the field of an MkeChildConfig that each becomes.

The names are those of upstream in Ansible's spelling (`controlPlaneNumber` is `control_plane_number`). Sources: MKE's
documentation of child clusters, "Infrastructure options", and the values of k0rdent's template aws-standalone-cp.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import wrong_type
from ansible_collections.mke4k.core.plugins.module_utils._config.values.scalars import (
    to_bool,
    to_text,
    to_whole,
    to_word,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.values.texts import to_items, to_map

SPEC, INFRASTRUCTURE, CONFIGURATION, COUNTS, CHILD = "spec", "infrastructure", "configuration", "counts", "child"


@dataclass(frozen=True)
class Field:
    """One option. `base` says which mapping of the spec it is in, `path` where there; a group has `fields` of its own.

    Fields of `CHILD` are about the child and not part of the spec.
    """

    name: str
    base: str
    path: Tuple[str, ...] = ()
    to: Callable[[Any], Any] = to_word
    fields: Tuple[Field, ...] = ()
    # An empty text means something, and is not an option left out.
    may_be_empty: bool = False


def to_words(value: Any) -> List[str]:
    """A list of words, or text with commas as a survey gives it."""
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list):
        raise wrong_type(value, "a list")
    return [to_word(item).strip() for item in items]


def to_labels(value: Any) -> Dict[str, str]:
    """Labels and annotations are text, also those that look like numbers or booleans."""
    return {str(key): to_text(item) for key, item in to_map(value).items() if item is not None}


def _machine(base: Tuple[str, ...]) -> Tuple[Field, ...]:
    lookup = (
        Field("format", CONFIGURATION, (*base, "imageLookup", "format")),
        Field("org", CONFIGURATION, (*base, "imageLookup", "org"), to_text),
        Field("base_os", CONFIGURATION, (*base, "imageLookup", "baseOS")),
    )
    return (
        Field("instance_type", CONFIGURATION, (*base, "instanceType")),
        Field("ami_id", CONFIGURATION, (*base, "amiID")),
        Field("iam_instance_profile", CONFIGURATION, (*base, "iamInstanceProfile")),
        Field("root_volume_size", CONFIGURATION, (*base, "rootVolumeSize"), to_whole),
        Field("image_lookup", CONFIGURATION, fields=lookup),
        Field("uncompressed_user_data", CONFIGURATION, (*base, "uncompressedUserData"), to_bool),
        Field("non_root_volumes", CONFIGURATION, (*base, "nonRootVolumes"), to_items),
    )


_BASTION = (
    Field("enabled", CONFIGURATION, ("bastion", "enabled"), to_bool),
    Field("disable_ingress_rules", CONFIGURATION, ("bastion", "disableIngressRules"), to_bool),
    Field("allowed_cidr_blocks", CONFIGURATION, ("bastion", "allowedCIDRBlocks"), to_words),
    Field("instance_type", CONFIGURATION, ("bastion", "instanceType")),
    Field("ami", CONFIGURATION, ("bastion", "ami")),
)

FIELDS: Tuple[Field, ...] = (
    Field("name", CHILD),
    Field("namespace", CHILD),
    Field("labels", CHILD, to=to_labels),
    Field("annotations", CHILD, to=to_labels),
    Field("paused", CHILD, to=to_bool),
    Field("protected", CHILD, to=to_bool),
    Field("spec", CHILD, to=to_map),
    Field("from_mke_config", CHILD, to=to_map),
    Field("template", CHILD),
    Field("services", CHILD, to=to_items),
    Field("version", SPEC, ("version",)),
    Field("license_secret", SPEC, ("license", "secretRef", "name")),
    Field("registries", SPEC, ("registries",), to_map),
    Field("provider", INFRASTRUCTURE, ("provider",)),
    Field("credential", INFRASTRUCTURE, ("credential",)),
    Field("region", INFRASTRUCTURE, ("region",)),
    Field("control_plane_number", COUNTS, ("controlPlaneNumber",), to_whole),
    Field("workers_number", COUNTS, ("workersNumber",), to_whole),
    Field("cluster_labels", COUNTS, ("clusterLabels",), to_labels),
    Field("cluster_annotations", COUNTS, ("clusterAnnotations",), to_labels),
    Field("control_plane", CONFIGURATION, fields=_machine(("controlPlane",))),
    Field("worker", CONFIGURATION, fields=_machine(("worker",))),
    # "" means no key at all. Left out, it is what the template says.
    Field("ssh_key_name", CONFIGURATION, ("sshKeyName",), to_text, may_be_empty=True),
    Field("public_ip", CONFIGURATION, ("publicIP",), to_bool),
    Field("bastion", CONFIGURATION, fields=_BASTION),
    Field("availability_zones", CONFIGURATION, ("network", "vpc", "availabilityZoneUsageLimit"), to_whole),
)
