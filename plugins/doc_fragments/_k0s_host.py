# Copyright: (c) 2026, mke4k.core contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where k0s is on a host.

Note that this doc fragment is **PRIVATE** to the collection. It can have breaking changes at any time.
"""

from __future__ import annotations


class ModuleDocFragment:
    # Kept beside the options in plugins/module_utils/_k0s/host_options.py.
    DOCUMENTATION = r"""
options:
  data_dir:
    description: Where k0s keeps its data. It cannot be changed once k0s has run on the host.
    type: path
    default: /var/lib/k0s
"""

    BINARY = r"""
options:
  binary_path:
    description: Where the k0s binary is or will be.
    type: path
    default: /usr/local/bin/k0s
"""

    CONTROLLER = r"""
options:
  k0s_data_dir:
    description: Where k0s keeps its data, and the kubeconfig of its administrator, on the host of the task.
    type: path
    default: /var/lib/k0s
  k0s_binary_path:
    description: Where the k0s binary is on the host of the task.
    type: path
    default: /usr/local/bin/k0s
"""
