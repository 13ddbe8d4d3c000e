# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From what a user hands over (objects, lists of them, YAML text) to objects that can be applied. All problems at once.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Mapping, Sequence

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.errors import KubeError, NotServed
from ansible_collections.mke4k.core.plugins.module_utils._kube.refs import Kind, Ref
from ansible_collections.mke4k.core.plugins.module_utils._kube.yaml_package import yaml

Manifest = Dict[str, Any]


def parsed(text: str, where: str) -> List[Any]:
    """The documents of a YAML text; empty ones are left out."""
    try:
        return [document for document in yaml.safe_load_all(text) if document is not None]
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark else ""
        raise KubeError(
            f"Nothing was changed: {where} is not YAML: {getattr(error, 'problem', None) or 'no document'}{place}."
        ) from error


def manifests_of(given: Any, where: str = "objects") -> List[Manifest]:
    """The objects in a mapping, in a list, in a `kind: List`, or in a YAML text of one or more documents."""
    problems: List[str] = []
    found = list(_flat(given, where, problems))
    problems += [f"{ref} is given twice" for ref in _twice(found)]
    if problems:
        raise KubeError("Nothing was changed: " + "; ".join(problems) + ".")
    return found


def placed(api: Api, manifests: Sequence[Manifest], namespace: str) -> List[Manifest]:
    """The same objects, those that need a namespace and name none in the given one."""
    definitions = _scopes(manifests)
    found, lacking = [], []
    for manifest in manifests:
        ref = Ref.of(manifest)
        needs = not ref.namespace and _is_namespaced(api, ref.of_kind, definitions)
        if needs and not namespace:
            lacking.append(str(ref))
        inside = {**manifest, "metadata": {**manifest["metadata"], "namespace": namespace}}
        found.append(inside if needs else manifest)
    if lacking:
        raise KubeError(
            f"Nothing was changed: {', '.join(lacking)} must be in a namespace. Write metadata.namespace, or give the"
            " option namespace for all that have none."
        )
    return found


def _flat(given: Any, where: str, problems: List[str]) -> Iterator[Manifest]:
    if isinstance(given, str):
        documents = parsed(given, where)
        # A text in a text is prose, such as a message in place of a file.
        problems += [f"{where} holds no Kubernetes object but text" for item in documents if isinstance(item, str)]
        yield from _flat([item for item in documents if not isinstance(item, str)], where, problems)
    elif isinstance(given, (list, tuple)):
        for number, item in enumerate(given):
            yield from _flat(item, f"{where}[{number}]", problems)
    elif not isinstance(given, Mapping):
        problems.append(f"{where} is no Kubernetes object but {type(given).__name__}")
    elif str(given.get("kind", "")).endswith("List") and isinstance(given.get("items"), list):
        yield from _flat(given["items"], f"{where}.items", problems)
    else:
        metadata = given.get("metadata")
        name = metadata.get("name") if isinstance(metadata, Mapping) else None
        missing = [key for key in ("apiVersion", "kind") if not given.get(key)]
        missing += [] if name else ["metadata.name"]
        if missing:
            problems.append(f"{where} lacks {', '.join(missing)}")
        else:
            yield dict(given)


def _twice(manifests: Sequence[Manifest]) -> List[Ref]:
    refs = [Ref.of(manifest) for manifest in manifests]
    return sorted({ref for ref in refs if refs.count(ref) > 1}, key=str)


def _scopes(manifests: Sequence[Manifest]) -> Dict[Any, bool]:
    """Whether the kinds whose definitions are among the objects are in namespaces, by group and kind."""
    specs = [item.get("spec") or {} for item in manifests if item.get("kind") == "CustomResourceDefinition"]
    return {
        (spec.get("group"), (spec.get("names") or {}).get("kind")): spec.get("scope") == "Namespaced" for spec in specs
    }


def _is_namespaced(api: Api, kind: Kind, definitions: Mapping[Any, bool]) -> bool:
    key = (kind.group, kind.kind)
    if key in definitions:
        return definitions[key]
    try:
        return api.resource(kind).namespaced
    except NotServed:
        # The apply says it better, and to a deletion it means that there is nothing.
        return False
