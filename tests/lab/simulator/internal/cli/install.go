// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/service"
)

func installCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "install", Short: "Install k0s on a brand-new system. Must be run as root (or with sudo)",
		Args: cobra.NoArgs, PersistentPreRun: applyDebug, RunE: usage,
	}
	flags := command.PersistentFlags()
	debugFlags(flags)
	flags.Bool("force", false, "force init script creation")
	flags.StringArrayP("env", "e", nil, "set environment variable")
	command.AddCommand(installController(), installWorker())
	return command
}

func installController() *cobra.Command {
	command := &cobra.Command{
		Use: "controller", Aliases: []string{"server"}, Args: cobra.NoArgs,
		Short: "Install k0s controller on a brand-new system. Must be run as root (or with sudo)",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := asRoot(); err != nil {
				return err
			}
			v, err := ownVars(cmd)
			if err != nil {
				return fmt.Errorf("failed to initialize configuration variables: %w", err)
			}
			node, err := v.NodeConfig()
			if err != nil {
				return fmt.Errorf("failed to load node config: %w", err)
			}
			if errs := node.Validate(); len(errs) > 0 {
				return fmt.Errorf("invalid node config: %w", errors.Join(errs...))
			}
			if err := service.EnsureUsers(node.Spec.Install.Users, v.DataDir); err != nil {
				return fmt.Errorf("failed to create controller users: %w", err)
			}
			return installUnit(cmd, "controller")
		},
	}
	dataFlags(command.Flags())
	controllerFlags(command.Flags())
	workerFlags(command.Flags())
	configFlag(command.Flags())
	command.Flags().Bool("ignore-pre-flight-checks", false, "continue even if pre-flight checks fail")
	return command
}

func installWorker() *cobra.Command {
	command := &cobra.Command{
		Use: "worker", Args: cobra.NoArgs,
		Short: "Install k0s worker on a brand-new system. Must be run as root (or with sudo)",
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := asRoot(); err != nil {
				return err
			}
			return installUnit(cmd, "worker")
		},
	}
	dataFlags(command.Flags())
	workerFlags(command.Flags())
	command.Flags().Bool("ignore-pre-flight-checks", false, "continue even if pre-flight checks fail")
	return command
}

func installUnit(cmd *cobra.Command, role string) error {
	args, err := unitArgs(cmd.Flags())
	if err != nil {
		return err
	}
	environment, err := cmd.Flags().GetStringArray("env")
	if err != nil {
		return err
	}
	err = service.ForRole(role).Install(append([]string{role}, args...), environment, on(cmd, "force"))
	if err != nil {
		return fmt.Errorf("failed to install %s service: %w", role, err)
	}
	return nil
}

func startCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "start", Args: cobra.NoArgs, PersistentPreRun: applyDebug,
		Short: "Start the k0s service configured on this host. Must be run as root (or with sudo)",
		RunE: func(*cobra.Command, []string) error {
			if err := asRoot(); err != nil {
				return err
			}
			unit, state, err := service.Installed()
			if err != nil {
				return err
			}
			if state == "running" {
				return errors.New("already running")
			}
			return unit.Start()
		},
	}
	debugFlags(command.PersistentFlags())
	return command
}

func stopCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "stop", Args: cobra.NoArgs, PersistentPreRun: applyDebug,
		Short: "Stop the k0s service configured on this host. Must be run as root (or with sudo)",
		RunE: func(*cobra.Command, []string) error {
			if err := asRoot(); err != nil {
				return err
			}
			unit, state, err := service.Installed()
			if err != nil {
				return err
			}
			if state == "stopped" {
				return errors.New("already stopped")
			}
			return unit.Stop()
		},
	}
	debugFlags(command.PersistentFlags())
	return command
}
