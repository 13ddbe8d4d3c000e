# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""mke-operator, kcm, Flux, k0smotron, Cluster API and its AWS provider, as far as children show them.

A child is brought to how it is to look at this moment, which follows from when it was made, from its spec, and from
what a test commands. So it does not matter how often, or by which run of the stand-in, it is looked at.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Mapping, Optional, Sequence

from tests.lab.standin.api import Api, ApiError, Object, Watched
from tests.lab.standin.faults import WATCHED as FAULTS
from tests.lab.standin.progress import Progress
from tests.lab.standin.runtime import Controller

from . import kinds, leaving
from .beginnings import Began, Beginnings
from .cache import Cache
from .commands import Command, Manner, NoSuchFailure, command_for
from .events import Events
from .failures import Failure
from .needs import Needs
from .news import News, has_lived, is_dry, share, watched_kinds
from .pictures import cluster, deployment, machines, root as roots
from .pictures.view import View
from .stages import CHANGED, DOWN, UP, Way
from .wish import Wish, of_child, of_deployment
from .writer import Writer


class Children(Controller):
    """All children of a cluster; its keys are `namespace/name`."""

    name = "children"
    watches: Sequence[Watched] = ()
    workers = 4
    # They are watched: nobody has to ask for them before each look.
    reads_faults = False

    def __init__(self, api: Api, manner: Manner) -> None:
        super().__init__(api, Progress(0))
        self.manner = manner
        self.cache = cache = Cache()
        self.writer = Writer(api)
        self.beginnings = Beginnings()
        self.events = Events(api, manner.retry)
        self.needs = Needs(api, cache, manner)
        self.watches = watched_kinds(manner)
        self._news = News(cache)
        self._due: Dict[str, float] = {}

    def hear(self, watched: Watched, event: str, item: Object) -> None:
        self.cache.hear(watched, event, item)

    def hear_all(self, watched: Watched, items: Sequence[Object]) -> None:
        self.cache.hear_all(watched, items)

    def keys(self, watched: Watched, item: Object) -> Iterable[str]:
        if watched.kind in (kinds.CHILD, kinds.CLUSTER_DEPLOYMENT, kinds.CLUSTER):
            place = f"{item['metadata']['namespace']}/{item['metadata']['name']}"
            return (place,) if self._news.is_news(watched, item) else ()
        if watched.kind is kinds.MULTI_CLUSTER_SERVICE:
            return self._all() if self._news.is_news(watched, item) else ()
        if watched == FAULTS or watched.kind in (kinds.CREDENTIAL, kinds.CLUSTER_TEMPLATE, *kinds.IDENTITIES.values()):
            return self._all()
        return ()

    def reconcile(self, key: str) -> Optional[float]:
        namespace, _slash, name = key.partition("/")
        if name:
            self._reconcile(namespace, name)
        return self._due.pop(key, None)

    def look_in(self, wish: Wish, seconds: float) -> None:
        """The child is to be looked at after so many seconds, or earlier."""
        key = f"{wish.namespace}/{wish.name}"
        self._due[key] = min(seconds, self._due.get(key, seconds))

    def _reconcile(self, namespace: str, name: str) -> None:
        self._due.pop(f"{namespace}/{name}", None)
        child = self.cache.get(kinds.CHILD, name, namespace)
        made = self.cache.get(kinds.CLUSTER_DEPLOYMENT, name, namespace)
        root = child or made
        if root is None:
            self.beginnings.forget(namespace, name)
            self.needs.forget(namespace, name)
            return
        command = self._command(root, child, made)
        began = self.beginnings.of(root, lived=has_lived(root))
        if root["metadata"].get("deletionTimestamp") or (made or {"metadata": {}})["metadata"].get("deletionTimestamp"):
            self._take_away(child, made, command, began)
        else:
            self._bring_up(child, made, command, began)

    def _bring_up(self, child: Optional[Object], made: Optional[Object], command: Command, began: Began) -> None:
        wish, root = self._wish(child, made), child or made or {}
        now = self.beginnings.now()
        age = now - began.life
        failure = command.failure(age, down=False) or self.needs.failure(wish, began.lived)
        light = self._is_light(command)
        if not light and self._is_paused(wish):
            return
        view = self._view(wish, command, began, failure, now)
        if not light and failure is None:
            failure = self.needs.provide(view)
            view = self._view(wish, command, began, failure, now)
        refusal = self._deployed(child, made, view, root)
        current = self.cache.get(kinds.CLUSTER_DEPLOYMENT, wish.name, wish.namespace)
        if not refusal and view.way.done("deployment") and not is_dry(current):
            self._lower(view, light=light)
        self._say(child, current, view, refusal, light=light)
        self._look_again(view, began, command, age)
        if deployment.is_ready(view) and not refusal:
            began.lived = True

    def _deployed(self, child: Optional[Object], made: Optional[Object], view: View, root: Object) -> str:
        """Its ClusterDeployment is there; returns why it is refused."""
        kind = kinds.CHILD if child is not None else kinds.CLUSTER_DEPLOYMENT
        finalizer = roots.FINALIZER if child is not None else deployment.FINALIZER
        present = root["metadata"].get("finalizers") or []
        if finalizer not in present:
            self.api.patch(kind, root, {"metadata": {"finalizers": [*present, finalizer]}})
        if child is None or (view.failure is not None and view.failure.name == "stalled"):
            return ""
        try:
            self.writer.deployment(deployment.made_by_operator(view), made)
        except ApiError as error:
            if error.status not in (400, 403, 422):
                raise
            self.look_in(view.wish, self.manner.retry)
            return str(error).partition(": ")[2]
        return ""

    def _lower(self, view: View, *, light: bool) -> None:
        """All that hangs below the ClusterDeployment."""
        if light:
            self.writer.write([deployment.kubeconfig_secret(view, self._kubeconfig(view.command))])
            return
        if view.lived or view.way.done("template"):
            self.writer.write([deployment.helm_release(view)])
        if view.lived or view.way.done("helm"):
            self.writer.write(cluster.coming(view))
            self._old_machines(view)
        if view.lived or view.way.done("control-plane"):
            self.writer.write([deployment.kubeconfig_secret(view, self._kubeconfig(view.command))])

    def _say(
        self, child: Optional[Object], current: Optional[Object], view: View, refusal: str, *, light: bool
    ) -> None:
        quick = light and not view.way.done("ready") and view.failure is None and not view.lived
        if current is not None and not refusal and not quick:
            self.writer.status(kinds.CLUSTER_DEPLOYMENT, current, deployment.status(view))
        if child is not None and not quick:
            self.writer.status(kinds.CHILD, child, roots.status(view, refusal))
        if view.failure is not None and not light:
            self.events.tell(view)

    def _old_machines(self, view: View) -> None:
        """Machines that no longer belong to it go when the new ones are there."""
        if not view.way.done("workers"):
            return
        wanted = machines.names(view.wish)
        for item in self.cache.of_cluster(kinds.MACHINE, view.wish.name, view.wish.namespace):
            name = item["metadata"]["name"]
            if name not in wanted:
                self.needs.machine_gone(view.wish, name)
                for kind in (kinds.MACHINE, kinds.AWS_MACHINE):
                    self.writer.release(kind, name, view.wish.namespace)

    def _take_away(self, child: Optional[Object], made: Optional[Object], command: Command, began: Began) -> None:
        wish = self._wish(child, made)
        now = self.beginnings.now()
        if began.deletion is None:
            began.deletion = now
        age = now - began.deletion
        light = self._is_light(command)
        failure = command.failure(age, down=True) or (None if light else self.needs.failure_down(wish, began.lived))
        seconds = self.manner.delete_after if command.delete_after is None else command.delete_after
        paused = not light and self._is_paused(wish)
        position = share(age, seconds)

        def seen(found: Optional[Failure]) -> View:
            way = Way(DOWN, position, "machines" if paused else found.down if found else "")
            return View(wish, way, command, found, flip=self._flip(), lived=True, ids=self.needs.ids(wish))

        view = seen(failure)
        if not light and not paused and failure is None and view.way.done("services"):
            failure = self.needs.remove(view)
            view = seen(failure)
        leaving.leave(self, child, made, view, light=light)
        if failure is not None:
            self.events.tell(view)
            self.look_in(wish, self.manner.retry)
        left = view.way.next_end()
        if left is not None:
            self.look_in(view.wish, max(0.01, left * seconds - age))

    def _view(self, wish: Wish, command: Command, began: Began, failure: Optional[Failure], now: float) -> View:
        seconds = self._seconds(command)
        position = share(now - began.life, seconds)
        running: List[str] = []
        if began.lived:
            done = share(now - began.work, seconds)
            position = min(1.0, CHANGED + done * (1 - CHANGED))
            listed = self.cache.of_cluster(kinds.MACHINE, wish.name, wish.namespace)
            running = [one["metadata"]["name"] for one in listed if (one.get("status") or {}).get("phase") == "Running"]
        way = Way(UP, position, failure.stage if failure else "", only=began.lived)
        ids = self.needs.ids(wish)
        return View(wish, way, command, failure, began.generation, began.lived, frozenset(running), True, ids)

    def _look_again(self, view: View, began: Began, command: Command, age: float) -> None:
        end, seconds = view.way.next_end(), self._seconds(command)
        if end is not None and began.lived:
            since = self.beginnings.now() - began.work
            self.look_in(view.wish, max(0.01, (end - CHANGED) / (1 - CHANGED) * seconds - since))
        elif end is not None:
            self.look_in(view.wish, max(0.01, (1.0 if self._is_light(command) else end) * seconds - age))
        if view.failure is not None:
            self.look_in(view.wish, self.manner.retry)
        change = command.next_change(age)
        if change is not None:
            self.look_in(view.wish, change + 0.01)

    def _seconds(self, command: Command) -> float:
        return self.manner.ready_after if command.ready_after is None else command.ready_after

    def _flip(self) -> bool:
        return int(self.beginnings.now() / self.manner.retry) % 2 == 1

    def _is_light(self, command: Command) -> bool:
        return self.manner.light if command.light is None else command.light

    def _kubeconfig(self, command: Command) -> Optional[Mapping[str, Any]]:
        return self.manner.kubeconfig if self.manner.own_api or command.leftovers else None

    def _is_paused(self, wish: Wish) -> bool:
        """Cluster API leaves it alone then, and only says so."""
        found = self.cache.get(kinds.CLUSTER, wish.name, wish.namespace)
        if found is None:
            return False
        marks = found["metadata"].get("annotations") or {}
        if not (kinds.PAUSED in marks or (found.get("spec") or {}).get("paused")):
            return False
        self.writer.paused(found)
        return True

    def _wish(self, child: Optional[Object], made: Optional[Object]) -> Wish:
        if child is not None:
            return of_child(child)
        return of_deployment(made or {}, self.needs.services(made or {}))

    def _command(self, root: Object, child: Optional[Object], made: Optional[Object]) -> Command:
        name, marks = root["metadata"]["name"], dict((made or {"metadata": {}})["metadata"].get("annotations") or {})
        marks.update((child or {"metadata": {}})["metadata"].get("annotations") or {})
        try:
            return command_for(name, marks, self.cache.faults())
        except NoSuchFailure as error:
            # A test sees its typo.
            return Command(cause=("helm-release-failed",), text=str(error))

    def _all(self) -> List[str]:
        items = [*self.cache.list(kinds.CHILD), *self.cache.list(kinds.CLUSTER_DEPLOYMENT)]
        return sorted({f"{one['metadata']['namespace']}/{one['metadata']['name']}" for one in items})
