# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of the host. Tests read those of another one, below a folder.

Note that this module util is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import List, Optional

from ansible_collections.mke4k.core.plugins.module_utils._k0s.errors import NotReadable


@dataclass(frozen=True)
class Root:
    """The file system that is looked at. `prefix` is empty for the host itself."""

    prefix: str = ""

    def at(self, path: str) -> str:
        return self.prefix + path

    def data(self, path: str) -> Optional[bytes]:
        """The content of a file that matters, None where there is none."""
        try:
            with open(self.at(path), "rb") as stream:
                return stream.read()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except PermissionError as error:
            raise NotReadable(path) from error

    def text(self, path: str) -> str:
        """The content of a file that need not be there nor be readable: what the kernel or the distribution tells."""
        try:
            with open(self.at(path), "rb") as stream:
                return stream.read().decode("utf-8", "replace")
        except OSError:
            return ""

    def stat(self, path: str) -> Optional[os.stat_result]:
        try:
            return os.stat(self.at(path))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError as error:
            raise NotReadable(path) from error

    def exists(self, path: str) -> bool:
        return os.path.lexists(self.at(path))

    def names(self, path: str) -> List[str]:
        """What a folder holds, sorted; nothing where there is no such folder."""
        try:
            return sorted(os.listdir(self.at(path)))
        except OSError:
            return []


# The host that this runs on.
HOST = Root()
