# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which run of Ansible this is, and whether it holds the lock of the cluster.

A note in the folder that Ansible has for each run says that it does: who holds no lock sends no request about it.

Note that this plugin util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import time
from pathlib import Path
from typing import Any

from ansible import constants

from ansible_collections.mke4k.core.plugins.module_utils._kube.api import Api
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.keep import renew, take
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.model import Run
from ansible_collections.mke4k.core.plugins.module_utils._kube.lock.process import runs, this_process
from ansible_collections.mke4k.core.plugins.plugin_utils._variables import Variables

NOTE = "mke4k-lock.json"
EXPIRY = 1800
# A run is heard of several times before the lock of a dead one would be free.
RENEWALS = 6


def this_run(variables: Variables, verb: str, owner: str = "", job: str = "") -> Run:
    """The run as it is told to others. AWX and its kin say of a job what nobody sees from its process."""
    job = job or _of_job(variables, "job_id")
    return Run(
        owner=owner or _owner(variables),
        verb=verb,
        identity=f"{platform.node()}:{_folder().name}",
        job=job,
        template=_of_job(variables, "job_template_id") if job else "",
        relaunched=bool(job) and _of_job(variables, "job_launch_type") == "relaunch",
        process=this_process(),
    )


def remember(run: Run, expiry: int) -> None:
    note = {"run": run.to_dict(), "expiry": expiry}
    path = _folder() / NOTE
    path.write_text(json.dumps(note), encoding="utf-8")


def remembered() -> tuple[Run, int] | None:
    """The run that holds the lock, and for how many seconds at a time; None where this one holds none."""
    try:
        note: dict[str, Any] = json.loads((_folder() / NOTE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Run.from_dict(note["run"]), int(note["expiry"])


def forget() -> None:
    (_folder() / NOTE).unlink(missing_ok=True)


def keep_lock(api: Api) -> None:
    """For tasks that last: renews the lock if this run holds it and it is time. Raises LockLost."""
    found = remembered()
    if found is not None:
        _renew_in_time(api, *found)


def lock_before_writing(api: Api, variables: Variables) -> None:
    """Takes the lock for the verb of mke4k_lock_verb before the first object changes, unless the run has it.

    Whether the layers above k0s change anything is known no sooner, and who changes nothing sends no request for it.
    """
    verb = variables.text("mke4k_lock_verb")
    if verb and remembered() is None:
        api.before_write = lambda: _take(api, variables, verb)


def _take(api: Api, variables: Variables, verb: str) -> None:
    expiry = int(variables.text("mke4k_lock_expiry") or EXPIRY)
    run = this_run(variables, verb, job=variables.text("mke4k_job_id"))
    remember(take(api, run, expiry, runs, variables.text("mke4k_take_lock")).held.run, expiry)


def _renew_in_time(api: Api, run: Run, expiry: int) -> None:
    path = _folder() / NOTE
    if time.time() - path.stat().st_mtime < expiry / RENEWALS:
        return
    # First, so that one of many tasks that run side by side does it.
    os.utime(path)
    renew(api, run, expiry)


def _folder() -> Path:
    return Path(str(constants.DEFAULT_LOCAL_TMP))


def _owner(variables: Variables) -> str:
    user = _of_job(variables, "user_name")
    return f"{user}@awx" if user else f"{getpass.getuser()}@{platform.node()}"


def _of_job(variables: Variables, name: str) -> str:
    return variables.text(f"awx_{name}") or variables.text(f"tower_{name}")
