# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a child goes: services, machines, the network part by part, and at last the object that stood for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Optional

from tests.lab.standin.api import Object

from . import kinds
from .pictures import cluster, deployment, machines, network, root as roots
from .pictures.view import View

if TYPE_CHECKING:
    from .controller import Children


def leave(who: Children, child: Optional[Object], made: Optional[Object], view: View, *, light: bool) -> None:
    """Everything that is due by now, in the order of the real controllers."""
    writer, wish = who.writer, view.wish
    name, namespace = wish.name, wish.namespace
    if made is not None:
        writer.delete(kinds.CLUSTER_DEPLOYMENT, name, namespace)
    if made is not None and not light:
        writer.status(kinds.CLUSTER_DEPLOYMENT, made, deployment.going(view))
    if child is not None and child["metadata"].get("deletionTimestamp") and not light:
        writer.status(kinds.CHILD, child, roots.going(view))
    if not light:
        _infrastructure(who, view)
    if not view.way.done("deployment"):
        return
    writer.delete(kinds.SECRET, f"{name}-kubeconfig", namespace)
    writer.forget(kinds.SECRET, f"{name}-kubeconfig", namespace)
    if made is not None:
        writer.release(kinds.CLUSTER_DEPLOYMENT, name, namespace)
    if not view.way.done("root"):
        return
    who.beginnings.forget(namespace, name)
    who.needs.forget(namespace, name)
    if child is not None and child["metadata"].get("deletionTimestamp"):
        writer.release(kinds.CHILD, name, namespace)


def _infrastructure(who: Children, view: View) -> None:
    writer, way, wish = who.writer, view.way, view.wish
    name, namespace = wish.name, wish.namespace
    if not way.done("services") or way.done("cluster"):
        if way.done("cluster"):
            for kind in (kinds.AWS_CLUSTER, kinds.CLUSTER, kinds.HELM_RELEASE):
                writer.release(kind, name, namespace)
        return
    if who.cache.get(kinds.CLUSTER, name, namespace) is None:
        # Deleted before Helm had made anything.
        writer.release(kinds.HELM_RELEASE, name, namespace)
        return
    for kind in (kinds.HELM_RELEASE, kinds.CLUSTER, kinds.AWS_CLUSTER):
        writer.delete(kind, name, namespace)
    _machines(who, view)
    if way.done("machines"):
        writer.finalizers(kinds.AWS_CLUSTER, name, namespace, network.FINALIZERS[:1])
    if way.done("vpc"):
        writer.release(kinds.AWS_CLUSTER, name, namespace)
        return
    for one in cluster.going(view):
        writer.write_status(one)


def _machines(who: Children, view: View) -> None:
    writer, wish = who.writer, view.wish
    listed = who.cache.of_cluster(kinds.MACHINE, wish.name, wish.namespace)
    names = {item["metadata"]["name"] for item in listed} | set(machines.names(wish))
    for name in sorted(names):
        for kind in (kinds.MACHINE, kinds.AWS_MACHINE):
            if view.way.done("machines"):
                writer.release_once(kind, name, wish.namespace)
            else:
                writer.delete(kind, name, wish.namespace)
    for kind, name in ((kinds.MACHINE_DEPLOYMENT, f"{wish.name}-md"), (kinds.CONTROL_PLANE, f"{wish.name}-cp")):
        if view.way.done("machines"):
            writer.release_once(kind, name, wish.namespace)
        else:
            writer.delete(kind, name, wish.namespace)
