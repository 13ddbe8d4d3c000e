// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package service

import "testing"

const wanted = `[Unit]
Description=k0s - Zero Friction Kubernetes
Documentation=https://docs.k0sproject.io
ConditionFileIsExecutable=/usr/local/bin/k0s

After=network-online.target 
Wants=network-online.target 

[Service]
StartLimitInterval=5
StartLimitBurst=10
ExecStart=/usr/local/bin/k0s controller --config=/etc/k0s/k0s.yaml --kubelet-extra-args=--node-ip=10.0.0.1\x20--v=2
Environment="HTTPS_PROXY=http://proxy:3128"
Environment="A=b c"

RestartSec=10
Delegate=yes
KillMode=process
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
LimitNOFILE=999999
Restart=always

[Install]
WantedBy=multi-user.target
`

func TestUnitIsWhatK0sWrites(t *testing.T) {
	args := []string{"controller", "--config=/etc/k0s/k0s.yaml", "--kubelet-extra-args=--node-ip=10.0.0.1 --v=2"}
	got := Unit("/usr/local/bin/k0s", args, []string{"HTTPS_PROXY=http://proxy:3128", "A=b c"})
	if got != wanted {
		t.Errorf("got:\n%s\nwanted:\n%s", got, wanted)
	}
}
