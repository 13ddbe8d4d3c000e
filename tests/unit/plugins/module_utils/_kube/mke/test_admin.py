# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64

from ansible_collections.mke4k.core.plugins.module_utils._kube.mke.admin import (
    binding_object,
    password_object,
    password_ref,
)


def test_the_account_has_the_name_under_which_dex_looks_for_it() -> None:
    assert password_ref("admin", "mke").name == "mfsg22lozpzjzzeeeirsk"
    assert password_ref("ADMIN", "mke").name == "mfsg22lozpzjzzeeeirsk"
    assert password_ref("a@example.com", "mke").name != password_ref("b@example.com", "mke").name


def test_dex_finds_the_hash_as_it_expects_it() -> None:
    found = password_object("ops@example.com", "mke", "$2b$12$abc", "some-id")
    assert base64.b64decode(found["hash"]) == b"$2b$12$abc"
    assert (found["email"], found["username"], found["userID"]) == ("ops@example.com", "ops", "some-id")


def test_the_first_administrator_may_do_everything() -> None:
    found = binding_object("admin")
    assert found["roleRef"]["name"] == "cluster-admin"
    assert found["subjects"] == [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "admin"}]
