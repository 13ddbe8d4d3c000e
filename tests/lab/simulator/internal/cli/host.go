// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/backup"
	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/service"
	"mke4k.core/tests/lab/simulator/internal/status"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

func resetCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "reset", Short: "Uninstall k0s. Must be run as root (or with sudo)", Args: cobra.NoArgs,
		PersistentPreRun: applyDebug,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := asRoot(); err != nil {
				return err
			}
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			if running, err := status.Ask(v.StatusSocketPath); err == nil && running.Pid != 0 || v.Locked() {
				return errors.New("another k0s process is still running, please stop k0s before reset")
			}
			settings, err := v.NodeConfig()
			if err != nil {
				return err
			}
			err = reset(v, settings)
			logs.Info("k0s cleanup operations done.")
			logs.Warn("To ensure a full reset, a node reboot is recommended.")
			return err
		},
	}
	debugFlags(command.PersistentFlags())
	flags := command.Flags()
	dataFlags(flags)
	configFlag(flags)
	flags.String("cri-socket", "", "container runtime socket to use, default to internal containerd. "+
		"Format: [remote|docker]:[path-to-socket]")
	flags.String("kubelet-root-dir", "", "Kubelet root directory for k0s")
	return command
}

// reset removes what k0s removes; what k0s leaves behind stays.
func reset(v *vars.Vars, settings *config.ClusterConfig) error {
	errs := []error{service.DeleteUsers(settings.Spec.Install.Users)}
	for _, role := range []string{"controller", "worker"} {
		if err := service.ForRole(role).Uninstall(); err != nil && !errors.Is(err, service.ErrNotInstalled) {
			errs = append(errs, err)
		}
	}
	for _, dir := range []string{v.KubeletRootDir, v.DataDir, v.RunDir} {
		errs = append(errs, removeTree(dir))
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("errors occurred during clean-up: %w", err)
	}
	return nil
}

// removeTree keeps the directory itself where it is a mount point.
func removeTree(dir string) error {
	err := os.RemoveAll(dir)
	var failed *fs.PathError
	if errors.As(err, &failed) && failed.Path == dir && errors.Is(failed.Err, syscall.EBUSY) {
		return nil
	}
	return err
}

func backupCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "backup", Short: "Back-Up k0s configuration. Must be run as root (or with sudo)", Args: cobra.NoArgs,
		PersistentPreRun: applyDebug,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			if err := asRoot(); err != nil {
				return err
			}
			target := text(cmd, "save-path")
			if target != "-" && !isDir(target) {
				return fmt.Errorf("the save-path directory (%s) does not exist", target)
			}
			if !isDir(v.DataDir) {
				return fmt.Errorf("cannot find data-dir (%s). check your environment and/or command input and try again", v.DataDir)
			}
			running, err := status.Ask(v.StatusSocketPath)
			if err != nil {
				return fmt.Errorf("unable to detect cluster status %w", err)
			}
			if running.Role != "controller" {
				return fmt.Errorf("backup command must be run on the controller node, have `%s`", running.Role)
			}
			return backup.Create(cmd.Context(), v, target, cmd.OutOrStdout())
		},
	}
	debugFlags(command.PersistentFlags())
	dataFlags(command.Flags())
	command.Flags().String("save-path", "", "destination directory path for backup assets, use '-' for stdout")
	return command
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func restoreCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "restore filename", Args: cobra.ExactArgs(1), PersistentPreRun: applyDebug,
		Short: "restore k0s state from given backup archive. Use '-' as filename to read from stdin. " +
			"Must be run as root (or with sudo)",
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := asRoot(); err != nil {
				return err
			}
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			if running, err := status.Ask(v.StatusSocketPath); err == nil && running.Pid != 0 {
				logs.Fatal("k0s seems to be running! k0s must be down during the restore operation.")
			}
			if args[0] != "-" {
				if _, err := os.Stat(args[0]); err != nil {
					return fmt.Errorf("given file %s does not exist", args[0])
				}
			}
			target := text(cmd, "config-out")
			if target == "" {
				target = backup.ConfigName(args[0])
			}
			return backup.Restore(v, args[0], target, cmd.OutOrStdout())
		},
	}
	debugFlags(command.PersistentFlags())
	dataFlags(command.Flags())
	command.Flags().String("config-out", "", "Specify desired name and full path for the restored k0s.yaml file "+
		"(default: k0s_<archive timestamp>.yaml")
	return command
}
