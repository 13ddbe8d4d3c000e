// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package service

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"mke4k.core/tests/lab/simulator/internal/logs"
)

const unitDir = "/etc/systemd/system/"

// ErrNotInstalled says that no unit is there.
var ErrNotInstalled = errors.New("the service is not installed")

// Service is one of the two units.
type Service struct{ Name string }

// ForRole is the unit of a role.
func ForRole(role string) Service { return Service{Name: "k0s" + role} }

func (s Service) unit() string { return s.Name + ".service" }
func (s Service) path() string { return unitDir + s.unit() }

// Install writes and enables the unit. With force an old one goes first.
func (s Service) Install(args, environment []string, force bool) error {
	executable, err := os.Executable()
	if err != nil {
		return err
	}
	if force {
		logs.Info("Uninstalling " + s.Name + " service")
		if err := s.Uninstall(); err != nil && !errors.Is(err, ErrNotInstalled) {
			logs.Warn("failed to uninstall service: " + err.Error())
		}
	}
	logs.Info("Installing " + s.Name + " service")
	if _, err := os.Stat(s.path()); err == nil {
		return fmt.Errorf("Init already exists: %s", s.path()) //nolint:staticcheck // k0s' own words
	}
	if err := os.WriteFile(s.path(), []byte(Unit(executable, args, environment)), 0o644); err != nil {
		return err
	}
	if err := systemctl("enable", s.unit()); err != nil {
		return err
	}
	return systemctl("daemon-reload")
}

// Uninstall disables and removes the unit.
func (s Service) Uninstall() error {
	if _, err := os.Stat(s.path()); err != nil {
		return ErrNotInstalled
	}
	if err := systemctl("disable", s.unit()); err != nil {
		return err
	}
	return os.Remove(s.path())
}

// State is "running" or "stopped".
func (s Service) State() (string, error) {
	output, err := exec.Command("systemctl", "is-active", s.unit()).Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return "", err
	}
	switch strings.TrimSpace(string(output)) {
	case "active", "activating":
		return "running", nil
	case "failed":
		return "", errors.New("service in failed state")
	case "inactive":
		if _, err := os.Stat(s.path()); err == nil {
			return "stopped", nil
		}
	}
	return "", ErrNotInstalled
}

// Installed finds the unit that is there.
func Installed() (Service, string, error) {
	for _, role := range []string{"controller", "worker"} {
		s := ForRole(role)
		state, err := s.State()
		if errors.Is(err, ErrNotInstalled) {
			continue
		}
		return s, state, err
	}
	return Service{}, "", errors.New("k0s has not been installed as a service")
}

// Start starts the unit.
func (s Service) Start() error { return systemctl("start", s.unit()) }

// Stop stops the unit.
func (s Service) Stop() error { return systemctl("stop", s.unit()) }

func systemctl(args ...string) error {
	output, err := exec.Command("systemctl", args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%q failed: %w, %s", "systemctl "+args[0], err, strings.TrimSpace(string(output)))
	}
	return nil
}
