// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package service writes and drives k0s' systemd units, and its system users.
package service

import "strings"

// Unit renders a unit file, byte for byte as k0s does.
func Unit(executable string, args, environment []string) string {
	var text strings.Builder
	text.WriteString("[Unit]\nDescription=k0s - Zero Friction Kubernetes\n" +
		"Documentation=https://docs.k0sproject.io\nConditionFileIsExecutable=" + escape(executable) + "\n\n" +
		"After=network-online.target \nWants=network-online.target \n\n" +
		"[Service]\nStartLimitInterval=5\nStartLimitBurst=10\nExecStart=" + escape(executable))
	for _, arg := range args {
		text.WriteString(" " + escape(arg))
	}
	for _, pair := range environment {
		text.WriteString("\nEnvironment=\"" + pair + "\"")
	}
	text.WriteString("\n\nRestartSec=10\nDelegate=yes\nKillMode=process\nLimitCORE=infinity\nTasksMax=infinity\n" +
		"TimeoutStartSec=0\nLimitNOFILE=999999\nRestart=always\n\n[Install]\nWantedBy=multi-user.target\n")
	return text.String()
}

func escape(word string) string { return strings.ReplaceAll(word, " ", `\x20`) }
