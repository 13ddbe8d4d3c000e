// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Command k0s is a test double of k0s for the lab: k0s' command line, files, unit, messages and join
// protocol over a real etcd and a real kube-apiserver. See README.md.
package main

import (
	"os"

	"mke4k.core/tests/lab/simulator/internal/cli"
)

// version is set by -ldflags "-X main.version=…".
var version = "v1.33.13+k0s.0"

func main() { os.Exit(cli.Run(version)) }
