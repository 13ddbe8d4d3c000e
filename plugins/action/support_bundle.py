# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Packs what was collected on hosts, and what the API tells, into one bundle. Runs on the control node."""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleConnectionFailure, AnsibleError
from ansible.release import __version__ as ansible_version

from ansible_collections.mke4k.core.plugins.module_utils._config.errors import ReportedError
from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ConfigError
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.archive import (
    CONTENTS,
    Archive,
    items_of,
    unpacked,
)
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.clean import Known, clean_data, secret_values
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.collect import Item
from ansible_collections.mke4k.core.plugins.module_utils._k0s.support.sources import SYSTEM_NAMESPACES
from ansible_collections.mke4k.core.plugins.module_utils._kube.support.collect import Collected, Deadline, collect
from ansible_collections.mke4k.core.plugins.plugin_utils._kube_action import CONFIG_OPTIONS, KubeAction
from ansible_collections.mke4k.core.plugins.plugin_utils._private_file import hindrance, write_private_bytes
from ansible_collections.mke4k.core.plugins.plugin_utils._support_index import Bundle, HostPart, index
from ansible_collections.mke4k.core.plugins.plugin_utils._support_parts import part_path

STATE = "k0s/state.json"


class ActionModule(KubeAction):
    options = {
        **CONFIG_OPTIONS,
        "request_timeout": {"type": "int", "default": 15},
        "dest": {"type": "path", "default": ""},
        "parts": {"type": "path"},
        "hosts": {"type": "dict", "default": {}},
        "namespaces": {"type": "list", "elements": "str", "default": []},
        "cluster": {"type": "bool", "default": True},
        "timeout": {"type": "int", "default": 120},
        "mask": {"type": "list", "elements": "str", "default": [], "no_log": True},
    }

    def outcome(self, args: dict[str, Any]) -> dict[str, Any]:
        now = time.time()
        dest = os.path.abspath(
            args["dest"] or f"mke4k-support-{time.strftime('%Y%m%d-%H%M%S', time.gmtime(now))}.tar.gz"
        )
        problem = hindrance(dest)
        if problem:
            raise AnsibleError(
                f"The bundle could not be written to {dest} on the control node: {problem}. Set dest of this task, or "
                "mke4k_support_dest of the playbook, to a path that this user may write"
            )
        title, written = self._about_config()
        found, missing = self._cluster_items(args)
        hosts = [self._host(args["parts"], name, result) for name, result in args["hosts"].items()]
        known = Known([*secret_values(written), *found.secrets, *args["mask"]])
        bundle = Bundle(
            title=title,
            when=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
            now=now,
            about=[f"By mke4k.core on ansible-core {ansible_version}."],
            hosts=hosts,
            items=[Item("mke4.yaml.json", json.dumps(clean_data(written), indent=1) + "\n"), *found.items],
            objects=found.objects,
            missing=missing,
        )
        data = _packed(bundle, known)
        if not self.check_mode:
            write_private_bytes(dest, data)
        return {
            "changed": True,
            "path": dest,
            "size": len(data),
            "hosts": [host.name for host in hosts if not host.missing],
            "missing": {**{host.name: host.missing for host in hosts if host.missing},
                        **({"cluster": missing} if missing else {})},
            "text": _text(bundle, dest, len(data)),
        }  # fmt: skip

    def _about_config(self) -> tuple[str, Mapping[str, Any]]:
        """The cluster's name and mke4.yaml as it is; one with mistakes is no reason to go without a bundle."""
        try:
            document = self.found.source.document
        except (ConfigError, AnsibleError) as error:
            return "a cluster", {"mke4.yaml": f"could not be read: {error}"}
        metadata = document.get("metadata")
        name = metadata.get("name") if isinstance(metadata, Mapping) else ""
        return f"the cluster {name}" if name else "a cluster", document

    def _cluster_items(self, args: dict[str, Any]) -> tuple[Collected, str]:
        """What the API tells, or why it tells nothing."""
        if not args["cluster"]:
            return Collected(), "it was not asked for"
        try:
            self.progress("collecting the objects of the cluster")
            deadline = Deadline(time.monotonic, args["timeout"])
            return collect(self.api, (*SYSTEM_NAMESPACES, *args["namespaces"]), deadline), ""
        except (ReportedError, AnsibleConnectionFailure, AnsibleError) as error:
            return Collected(), " ".join(str(error).split())

    @staticmethod
    def _host(parts: str | None, name: str, result: Any) -> HostPart:
        path = part_path(parts, name)
        if not os.path.isfile(path):
            told = result if isinstance(result, Mapping) else {}
            why = str(told.get("msg") or "no reason is known").strip()
            return HostPart(name, missing=f"unreachable: {why}" if told.get("unreachable") else why)
        with open(path, "rb") as stream:
            texts = unpacked(stream.read())
        try:
            state = json.loads(texts.get(STATE) or "{}")
        except ValueError:
            state = {}
        items = items_of(texts) if CONTENTS in texts else []
        return HostPart(name, items, state=state)


def _packed(bundle: Bundle, known: Known) -> bytes:
    stream = io.BytesIO()
    folder = "mke4k-support"
    with Archive(stream, folder, bundle.now) as archive:
        archive.add("index.md", known.masked(index(bundle)))
        for item in bundle.items:
            if item.text:
                archive.add(item.name, known.masked(item.text))
        for host in bundle.hosts:
            for item in host.items:
                if item.text:
                    archive.add(f"hosts/{host.name}/{item.name}", known.masked(item.text))
    return stream.getvalue()


def _text(bundle: Bundle, dest: str, size: int) -> list[str]:
    lines = [f"{dest} ({size / 1024:.0f} KiB); begin with index.md."]
    lines += [f"nothing of {host.name}: {host.missing}" for host in bundle.hosts if host.missing]
    return lines + ([f"nothing of the cluster: {bundle.missing}"] if bundle.missing else [])
