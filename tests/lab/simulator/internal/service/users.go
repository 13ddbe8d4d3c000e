// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package service

import (
	"errors"
	"os/exec"
	"os/user"
	"slices"
	"strconv"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

func names(u *config.Users) []string {
	list := []string{u.Etcd, u.Kine, u.Konnectivity, u.KubeAPIServer, u.KubeScheduler}
	slices.Sort(list)
	return slices.Compact(list)
}

// EnsureUsers creates the system users that are missing.
func EnsureUsers(u *config.Users, home string) error {
	shell, err := exec.LookPath("nologin")
	if err != nil {
		if shell, err = exec.LookPath("false"); err != nil {
			return errors.New("failed to locate a nologin shell for creating users")
		}
	}
	var errs []error
	for _, name := range names(u) {
		if _, err := user.Lookup(name); err == nil {
			continue
		}
		logs.Info("Creating user \"" + name + "\"")
		errs = append(errs, exec.Command("useradd", "--home", home, "--shell", shell, "--system", "--no-create-home", name).Run())
	}
	return errors.Join(errs...)
}

// DeleteUsers removes the system users that are there.
func DeleteUsers(u *config.Users) error {
	var errs []error
	for _, name := range names(u) {
		if _, err := user.Lookup(name); err == nil {
			errs = append(errs, exec.Command("userdel", name).Run())
		}
	}
	return errors.Join(errs...)
}

// UID is a user's number; without the user it is root's, as in k0s.
func UID(name string) int {
	found, err := user.Lookup(name)
	if err != nil {
		logs.Warn("failed to lookup UID for \""+name+"\", using root", "error", err.Error())
		return 0
	}
	uid, err := strconv.Atoi(found.Uid)
	if err != nil {
		return 0
	}
	return uid
}
