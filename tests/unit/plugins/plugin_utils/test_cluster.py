# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What variables add to the cluster of a task."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ansible_collections.mke4k.core.plugins.module_utils._config.model import Loaded, Registry
from ansible_collections.mke4k.core.plugins.plugin_utils._cluster import cluster_of

from .configs import config
from .variables import loader_in, task_vars


def loaded(folder: Path, **extra: Any) -> Loaded:
    return cluster_of({"config": config()}, task_vars(folder, "", extra), loader_in(folder))


def test_logins_of_registries_come_from_variables(tmp_path: Path) -> None:
    cluster = loaded(
        tmp_path,
        secret="s3cret-pull",
        mke4k_registry_username="puller",
        mke4k_registry_password="{{ secret }}",
        mke4k_registries=[{"host": "quay.example.com", "username": "other", "password": "{{ secret }}2"}],
    ).require()
    assert set(cluster.registries) == {
        Registry("registry.mirantis.com", "", "puller", "s3cret-pull"),
        Registry("quay.example.com", "", "other", "s3cret-pull2"),
    }


def test_empty_answers_of_a_survey_are_no_login(tmp_path: Path) -> None:
    cluster = loaded(tmp_path, mke4k_registry_username="", mke4k_registry_password="", mke4k_registries=[]).require()
    assert cluster.registries == ()
