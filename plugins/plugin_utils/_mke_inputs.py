# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the MkeConfig that come from options or files of the control node, all problems told at once.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Cluster

CERTIFICATE_PARTS = ("ca", "cert", "key")
CERTIFICATES: dict[str, Any] = {
    **{part: {"type": "str", "no_log": part == "key"} for part in CERTIFICATE_PARTS},
    **{f"{part}_file": {"type": "path"} for part in CERTIFICATE_PARTS},
}


def additions(args: Mapping[str, Any], cluster: Cluster) -> dict[str, Any]:
    """Sections of the MkeConfig's spec in place of those of the file; empty where nothing was given."""
    problems: list[str] = []
    found: dict[str, Any] = {}
    token = _text(args, "license", problems)
    if token:
        found["license"] = {**cluster.spec.get("license", {}), "token": token}
    given = args.get("certificates") or {}
    parts = {part: _text(given, part, problems, "certificates.") for part in CERTIFICATE_PARTS}
    if any(parts.values()):
        missing = [part for part in ("ca", "cert", "key") if not parts[part]]
        if missing:
            problems.append(f"certificates lacks {', '.join(missing)}")
        found["certificates"] = {**cluster.spec.get("certificates", {}), "enabled": True, **parts}
    if problems:
        raise AnsibleError("Nothing was changed: " + "; ".join(problems) + ".")
    return found


def _text(given: Mapping[str, Any], name: str, problems: list[str], prefix: str = "") -> str:
    """The text of an option, or of the file that `<name>_file` names."""
    text, path = str(given.get(name) or "").strip(), str(given.get(f"{name}_file") or "")
    if text and path:
        problems.append(f"{prefix}{name} and {prefix}{name}_file are both given, one must go")
    if text or not path:
        return text
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        problems.append(f"{prefix}{name}_file {path} could not be read on the control node: {error}")
        return ""
