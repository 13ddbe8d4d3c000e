// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package vars

import (
	"path/filepath"
	"testing"

	"mke4k.core/tests/lab/simulator/internal/config"
)

func TestPathsFollowTheDataDirectory(t *testing.T) {
	v, err := New(Options{DataDir: "/data/k0s/", Single: true})
	if err != nil {
		t.Fatal(err)
	}
	if v.AdminKubeConfigPath != "/data/k0s/pki/admin.conf" || v.KubeletRootDir != "/data/k0s/kubelet" ||
		v.EtcdDatabase() != "/data/k0s/etcd/member/snap/db" || v.DefaultStorageType != "kine" {
		t.Errorf("got %+v", v)
	}
}

func TestLockMarksARunningController(t *testing.T) {
	v := &Vars{DataDir: "/custom", RuntimeConfigPath: filepath.Join(t.TempDir(), "k0s.yaml")}
	other := &Vars{DataDir: DefaultDataDir, RuntimeConfigPath: v.RuntimeConfigPath}
	if other.Locked() || other.Running().DataDir != DefaultDataDir {
		t.Error("locked before anything runs")
	}
	lock, err := v.Lock(config.Default())
	if err != nil {
		t.Fatal(err)
	}
	if !other.Locked() || other.Running().DataDir != "/custom" {
		t.Errorf("commands must use the running controller's paths, got %s", other.Running().DataDir)
	}
	if _, err := other.Lock(config.Default()); err == nil {
		t.Error("a second controller got the lock")
	}
	if err := lock.Release(); err != nil {
		t.Error(err)
	}
	if other.Locked() {
		t.Error("locked after the end")
	}
}
