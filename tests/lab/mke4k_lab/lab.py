# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a lab: up, down, and single hosts in between."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Callable, Iterable, List, Optional, Sequence

from . import (
    cgroup,
    host as hosts,
    inventory,
    k0s,
    limits,
    network,
    operators,
    pause,
    registry,
    root,
    state as states,
    storage,
    tools,
    wait_ssh,
)
from .errors import LabError
from .files import locked, remove
from .paths import LabPaths
from .plan import HostPlan, Plan
from .run import succeeds
from .say import say
from .state import State

SSH_SECONDS = 60


def up(paths: LabPaths, plan: Plan, choice: k0s.Choice, *, fresh: bool) -> State:
    """Brings the hosts of the plan up; hosts that run already are kept, unless they are to be fresh."""
    base = root.ensure_root(paths.cache, root.ensure_key(paths.ssh_key))
    programs = tools.ensure_programs(paths.cache, k0s.programs_for(choice), k0s.kubernetes_version(choice))
    image = pause.ensure_pause_image(paths.cache)
    with locked(paths.lock):
        known = states.load(paths)
        if known is None or fresh or not known.complete or not network.exists(paths.name):
            clear(paths, known)
            known = None
        elif known.plan != plan:
            raise LabError(f"The lab {paths.name} is up by another plan; end it (`lab down`) or add --fresh.")
        state = known or _create(paths, base, State(plan=plan, k0s=choice, generation=time.time_ns() // 1_000_000))
        _fill_binaries(paths, programs, image)
        state = _boot(paths, replace(state, k0s=choice))
        inventory.write_all(paths, state)
        if plan.registry is not None:
            registry.start(paths, plan.registry, choice)
        state = replace(_wait_ssh(paths, state, state.hosts), complete=True)
        states.save(paths, state)
        if plan.operators:
            operators.start(paths)
    return state


def down(paths: LabPaths) -> None:
    """Ends the lab and removes everything it made but the cache."""
    with locked(paths.lock):
        clear(paths, states.load(paths))
        network.remove(paths.name)
        remove(paths.run)
    limits.restore_limits(paths.run.parent)


def clear(paths: LabPaths, state: Optional[State]) -> None:
    """Ends all hosts and removes their disks, also of a lab whose `up` was killed before it wrote its state."""
    if state is not None:
        _end_connections(paths)
        _each(state.processes.values(), hosts.cut_power)
    hosts.sweep(paths.name)
    cgroup.remove(paths.name)
    storage.unmount_below(paths.run)
    remove(paths.run / ".hosts.gone")
    if paths.hosts.exists():
        # A `cp` that outlived a killed `up` would go on writing: it loses its target.
        paths.hosts.rename(paths.run / ".hosts.gone")
    for name in (".hosts.gone", "cp", "log", "bin", "services", "registry", "registry.json"):
        remove(paths.run / name)
    paths.state.unlink(missing_ok=True)


def stop(paths: LabPaths, name: str, *, power_cut: bool) -> None:
    """Shuts a host down in order, or cuts its power; its disk stays."""
    with locked(paths.lock):
        state = require(paths)
        known = state.processes.get(find(state, name).name)
        if known is not None and hosts.is_running(known):
            hosts.cut_power(known) if power_cut else hosts.power_off(known, name)
        hosts.sweep(paths.name, name)
        cgroup.remove(paths.name, name)
        states.save(paths, state.with_process(name, None))


def start(paths: LabPaths, name: str) -> None:
    """Boots a host that was stopped, with the disk it had."""
    with locked(paths.lock):
        state = require(paths)
        host = find(state, name)
        if hosts.is_running(state.processes.get(name)):
            return
        state = state.with_process(name, hosts.start(paths, host))
        states.save(paths, state)
        _wait_ssh(paths, state, [host])


def require(paths: LabPaths) -> State:
    """The state of a lab that has to be there."""
    state = states.load(paths)
    if state is None:
        raise LabError(f"There is no lab of the name {paths.name}; `lab up 3` makes one.")
    return state


def find(state: State, name: str) -> HostPlan:
    for host in state.hosts:
        if host.name == name:
            return host
    raise LabError(f"There is no host {name!r} in the lab; there are {', '.join(host.name for host in state.hosts)}.")


def _create(paths: LabPaths, base: Path, state: State) -> State:
    # First of all the record, so that whatever follows is found by the next call when this one is killed.
    states.save(paths, state)
    limits.raise_limits(paths.run.parent)
    network.ensure(paths.name)
    _each(state.hosts, lambda host: storage.make(paths, base, host, state.plan))
    return state


def _boot(paths: LabPaths, state: State) -> State:
    """Starts the hosts that do not run; each is on record as soon as it is started."""
    for host in state.hosts:
        if not hosts.is_running(state.processes.get(host.name)):
            state = state.with_process(host.name, hosts.start(paths, host))
            states.save(paths, state)
    return state


def _fill_binaries(paths: LabPaths, programs: dict[str, Path], image: Path) -> None:
    """The programs that the hosts see under /usr/local/lib/k0s-bin: hard links, as they are of one file system."""
    wanted = {**programs, "pause.tar": image}
    if "containerd-shim-runc-v2" in programs:
        wanted["containerd-shim"] = programs["containerd-shim-runc-v2"]
    paths.binaries.mkdir(parents=True, exist_ok=True)
    for name, source in wanted.items():
        place = paths.binaries / name
        if place.exists() and place.samefile(source):
            continue
        new = paths.binaries / f".{name}.new"
        new.unlink(missing_ok=True)
        os.link(source, new)
        os.replace(new, place)


def _wait_ssh(paths: LabPaths, state: State, wanted: Sequence[HostPlan]) -> State:
    """Waits for the SSH servers; a host that stays silent, as happens on a machine under load, is booted once more."""
    silent = _silent(paths, state, wanted)
    for host in silent:
        say(f"{host.name} is silent and is booted once more: {hosts.last_words(paths, host.name)}")
        known = state.processes.get(host.name)
        if known is not None:
            hosts.cut_power(known)
        hosts.sweep(paths.name, host.name)
        state = state.with_process(host.name, hosts.start(paths, host))
        states.save(paths, state)
    for host in _silent(paths, state, wanted) if silent else []:
        ended = "" if hosts.is_running(state.processes.get(host.name)) else ", its systemd-nspawn has ended"
        raise LabError(
            f"The host {host.name} did not answer on SSH within {SSH_SECONDS} s, twice{ended}: "
            f"{hosts.last_words(paths, host.name)} (all of it: {hosts.log_file(paths, host.name)})"
        )
    return state


def _silent(paths: LabPaths, state: State, wanted: Sequence[HostPlan]) -> List[HostPlan]:
    """The hosts that do not answer when the time is over, or when one of them has ended.

    A host behind another is asked from there, once that one answers.
    """
    silent: List[HostPlan] = []
    for behind in sorted({host.behind for host in wanted}):
        asked = [host for host in wanted if host.behind == behind]
        silent += asked if behind in [host.name for host in silent] else _silent_from(paths, state, behind, asked)
    return silent


def _silent_from(paths: LabPaths, state: State, place: str, wanted: Sequence[HostPlan]) -> List[HostPlan]:
    command = [sys.executable, str(Path(wait_ssh.__file__)), str(SSH_SECONDS), *(host.address for host in wanted)]
    line = network.entered(paths.name, command)
    if place:
        process = state.processes.get(place)
        if process is None:
            raise LabError(f"The host {place} is off, and others are behind it; `lab start {place}` boots it.")
        line = ["nsenter", f"--target={hosts.init_of(process, place)}", "--net", *command]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as waiter:
        while waiter.poll() is None:
            if not all(hosts.is_running(state.processes.get(host.name)) for host in wanted):
                waiter.terminate()
            time.sleep(0.05)
        answer = waiter.stdout.read().split() if waiter.stdout is not None and waiter.returncode == 0 else None
    if answer is None:
        return [host for host in wanted if not hosts.is_running(state.processes.get(host.name))]
    return [host for host in wanted if host.address in answer]


def _end_connections(paths: LabPaths) -> None:
    for socket in (paths.run / "cp").glob("*/*"):
        succeeds(["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "lab"])


def _each(items: Iterable[object], action: Callable[..., None]) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        for done in [pool.submit(action, item) for item in items]:
            done.result()
