# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tells which of the documents that were ever an mke4.yaml this one is, and of which release.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, List, Mapping, Tuple

from ansible_collections.mke4k.core.plugins.module_utils._config.findings import ERROR, WARNING, Finding
from ansible_collections.mke4k.core.plugins.module_utils._config.nearest import nearest
from ansible_collections.mke4k.core.plugins.module_utils._config.paths import Path, lookup, path_text, shortened
from ansible_collections.mke4k.core.plugins.module_utils._config.releases import (
    DEFAULT,
    ENVELOPE,
    FLAT,
    RELEASES,
    Release,
    UnknownRelease,
    release,
    release_names,
)
from ansible_collections.mke4k.core.plugins.module_utils._config.values.invalid import shown

API_VERSION = "mke.mirantis.com/v1alpha1"
KIND = "MkeConfig"
NAME = "mke"
NAMESPACE = "mke"

_LAST_FLAT = "rc.1"
_ENVELOPE_KEYS = ("apiVersion", "kind", "metadata", "spec")

# What only one generation of files has, where the file itself names no release.
_ONLY_RC_1 = ("network",)
_ONLY_4_0 = (
    "addons",
    "network.kubeProxy.metricsbindaddress",
)
_ONLY_4_0_CALICO = ("clusterCIDRIPv4", "deployWithOperator", "vxlanVNI")
_SINCE_4_1 = ("registries", "airgap", "k0rdent", "k8sProviderSpecs", "gatewayMKEIngress", "certificates")


@dataclass(frozen=True)
class Document:
    """What was found: the form, the release, the body below `spec`, and the path under which it is.

    Where the release is not known (`release_known` false, and an error says so), `release` is the one that is most
    like it, so that the rest of the file can still be checked.
    """

    form: str
    release: Release
    release_known: bool
    spec: Mapping[str, Any]
    root: Path
    name: str
    namespace: str
    described: str
    findings: Tuple[Finding, ...]


def recognise(document: Any, wanted_release: str = "") -> Document:
    """Reads envelope and release. `wanted_release`, where not empty, wins over the file."""
    if not isinstance(document, dict):
        return _nothing(f"the document is {shown(document)}")
    if not document:
        return _nothing("the document is empty")
    findings: List[Finding] = []
    enveloped = "spec" in document or document.get("kind") == KIND
    spec = document.get("spec") if enveloped else document
    if not isinstance(spec, dict):
        findings.append(_error("document-spec", "spec", f"is {shown(spec)}", "put the cluster's settings below spec"))
        spec = {}
    form = ENVELOPE if enveloped else FLAT
    root: Path = ("spec",) if enveloped else ()
    name, namespace = _envelope(document, findings) if enveloped else (NAME, NAMESPACE)
    found, known, described = _release_of(spec, form, wanted_release, root, findings)
    return Document(form, found, known, spec, root, name, namespace, described, tuple(findings))


def _nothing(message: str) -> Document:
    finding = _error("document-missing", "", message, "give an mke4.yaml with apiVersion, kind, metadata and spec")
    return Document("", release(DEFAULT), False, {}, (), NAME, NAMESPACE, "no mke4.yaml", (finding,))


def _envelope(document: Mapping[str, Any], findings: List[Finding]) -> Tuple[str, str]:
    for key, wanted in (("apiVersion", API_VERSION), ("kind", KIND)):
        value = document.get(key)
        if value in (None, ""):
            findings.append(_warning("document-envelope", key, "is not set", f"add {key}: {wanted}"))
        elif value != wanted:
            findings.append(_error("document-envelope", key, f"is {shown(value)}", f"write {key}: {wanted}", wanted))
    for key in document:
        if key not in (*_ENVELOPE_KEYS, "status"):
            near = nearest(key, _ENVELOPE_KEYS)
            remedy = f"did you mean {near}?" if near else f"did you mean spec.{shortened(key)}?"
            findings.append(
                _warning("field-unknown", path_text((key,)), "is not a field of the document itself", remedy)
            )
    metadata = document.get("metadata")
    if metadata is not None and not isinstance(metadata, dict):
        findings.append(
            _error("document-envelope", "metadata", f"is {shown(metadata)}", "give it a name and namespace")
        )
        metadata = {}
    return _named(metadata or {}, "name", NAME, findings), _named(metadata or {}, "namespace", NAMESPACE, findings)


def _named(metadata: Mapping[str, Any], key: str, default: str, findings: List[Finding]) -> str:
    value = metadata.get(key)
    if value in (None, ""):
        return default
    if value != default:
        findings.append(
            _warning(
                "document-envelope",
                f"metadata.{key}",
                f"is {shown(value)}, but MKE knows only {default}, which is used",
                f"write {key}: {default}",
            )
        )
    return default


def _release_of(
    spec: Mapping[str, Any], form: str, wanted: str, root: Path, findings: List[Finding]
) -> Tuple[Release, bool, str]:
    version = spec.get("version")
    path = path_text((*root, "version"))
    if isinstance(version, (int, float)) and not isinstance(version, bool):
        version = str(version)
    if version is not None and not isinstance(version, str):
        findings.append(_error("release-unknown", path, f"is {shown(version)}", "write a release", _known()))
        version = ""
    named = wanted or (version or "").strip()
    if not named:
        return _guessed(spec, form, path, findings)
    try:
        found = release(named)
    except UnknownRelease:
        near = nearest(named, release_names())
        remedy = f"did you mean {near}?" if near else "choose a known release; its components can be overridden"
        where = "mke4k_release" if wanted else path
        findings.append(_error("release-unknown", where, f"is {shown(named)}", remedy, _known()))
        return _most_like(named, form), False, f"{_FORMS[form]} of an unknown release"
    if found.form != form:
        findings.append(_other_form(found, form, path))
    return found, True, f"{_FORMS[form]} of {found.name}"


def _most_like(name: str, form: str) -> Release:
    """The last release of the same minor, else the default one of that form."""
    minor = ".".join(name.lstrip("vV").split(".")[:2])
    same = [item for item in RELEASES if item.form == form and item.name.startswith(f"v{minor}.")]
    return same[-1] if same else release(DEFAULT if form == ENVELOPE else _LAST_FLAT)


_FORMS = {FLAT: "a flat file", ENVELOPE: "an MkeConfig"}


def _guessed(spec: Mapping[str, Any], form: str, path: str, findings: List[Finding]) -> Tuple[Release, bool, str]:
    name, reason = _guess_flat(spec) if form == FLAT else _guess_envelope(spec)
    if not name:
        findings.append(
            _error(
                "document-form",
                "",
                f"there is no spec, but {reason}, which flat files never had",
                f"put the settings below spec, and add apiVersion: {API_VERSION} and kind: {KIND}",
            )
        )
        return release(DEFAULT), False, "the body of an MkeConfig without its envelope"
    found = release(name)
    findings.append(
        _warning(
            "release-assumed",
            path,
            f"is not set; the file is taken for one of {found.name}, as {reason}",
            f"set mke4k_release: {found.name}" if form == FLAT else f"write version: {found.name}",
        )
    )
    return found, True, f"{_FORMS[form]}, taken for one of {found.name}"


def _guess_flat(spec: Mapping[str, Any]) -> Tuple[str, str]:
    newer = [key for key in _SINCE_4_1 if key in spec]
    if newer:
        return "", f"it has {newer[0]}"
    if any(key in spec for key in _ONLY_RC_1):
        return "rc.1", "flat files have a section network since rc.1"
    return "Alpha.1", "it is flat and has no section network"


def _guess_envelope(spec: Mapping[str, Any]) -> Tuple[str, str]:
    if not any(key in spec for key in _SINCE_4_1):
        for path in _ONLY_4_0:
            if lookup(spec, path) is not None:
                return "v4.0.0", f"it has {path} and files of 4.0 name no release"
        providers = lookup(spec, "network.providers")
        for provider in providers if isinstance(providers, list) else ():
            extra = provider.get("extraConfig") if isinstance(provider, dict) else None
            marks = [key for key in _ONLY_4_0_CALICO if isinstance(extra, dict) and key in extra]
            if marks:
                return "v4.0.0", f"its network provider has {marks[0]} and files of 4.0 name no release"
    return DEFAULT, "that is the default"


def _other_form(found: Release, form: str, path: str) -> Finding:
    if form == FLAT:
        return _error(
            "document-form",
            path,
            f"is {found.name}, but the document is flat as files until rc.1 were",
            f"put the settings below spec, and add apiVersion: {API_VERSION} and kind: {KIND}",
        )
    return _error(
        "document-form",
        path,
        f"is {found.name}, whose files are flat, but the document has a spec",
        "take the settings out of spec, or choose a release since v4.0.0",
    )


def _known() -> str:
    return ", ".join(release_names())


def _error(name: str, path: str, message: str, remedy: str, allowed: str = "") -> Finding:
    return Finding(ERROR, name, path, message, remedy, allowed)


def _warning(name: str, path: str, message: str, remedy: str) -> Finding:
    return Finding(WARNING, name, path, message, remedy)
