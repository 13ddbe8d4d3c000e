// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package cli is k0s' command line.
package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

var version string

// Run executes the command of this process and returns its exit code.
func Run(release string) int {
	version = release
	config.KubernetesVersion, _, _ = strings.Cut(release, "+")
	command := root()
	command.SetOut(os.Stdout)
	if err := command.Execute(); err != nil {
		return 1
	}
	return 0
}

func root() *cobra.Command {
	command := &cobra.Command{
		Use:          "k0s",
		Short:        "k0s - Zero Friction Kubernetes",
		Long:         "k0s - The zero friction Kubernetes - https://k0sproject.io",
		SilenceUsage: true,
	}
	command.CompletionOptions.DisableDefaultCmd = true
	command.AddCommand(
		airgapCommand(), backupCommand(), configCommand(), controllerCommand(), ctrCommand(), etcdCommand(), installCommand(),
		kubeconfigCommand(), kubectlCommand(), resetCommand(), restoreCommand(), startCommand(), statusCommand(),
		stopCommand(), sysinfoCommand(), tokenCommand(), versionCommand(), workerCommand(),
	)
	return command
}

func versionCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "version", Short: "Print the k0s version", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case on(cmd, "json"):
				cmd.Printf("{\n   \"k0s\": %q,\n   \"kubernetes\": %q\n}\n", version, config.KubernetesVersion[1:])
			case on(cmd, "all"):
				cmd.Printf("k0s: %s\nkubernetes: %s\n", version, config.KubernetesVersion[1:])
			default:
				cmd.Println(version)
			}
			return nil
		},
	}
	command.Flags().BoolP("all", "a", false, "use to print all k0s version info")
	command.Flags().BoolP("json", "j", false, "use to print all k0s version info in json")
	return command
}

var errRoot = errors.New("this command must be run as root")

func asRoot() error {
	if os.Geteuid() != 0 {
		return errRoot
	}
	return nil
}

// usage is a command that only has commands below it.
func usage(*cobra.Command, []string) error { return pflag.ErrHelp }

func debugFlags(flags *pflag.FlagSet) {
	flags.BoolP("verbose", "v", false, "Verbose logging")
	flags.BoolP("debug", "d", false, "Debug logging (implies verbose logging)")
	flags.String("debugListenOn", ":6060", "Http listenOn for Debug pprof handler")
}

func applyDebug(cmd *cobra.Command, _ []string) {
	for _, name := range []string{"verbose", "debug"} {
		if on, err := cmd.Flags().GetBool(name); err == nil && on {
			logs.Verbose(true)
		}
	}
}

func dataFlags(flags *pflag.FlagSet) {
	flags.String("data-dir", vars.DefaultDataDir,
		"Data Directory for k0s. DO NOT CHANGE for an existing setup, things will break!")
	flags.String("status-socket", "", "Full file path to the socket file. (default: <rundir>/status.sock)")
}

func configFlag(flags *pflag.FlagSet) {
	flags.StringP("config", "c", "",
		fmt.Sprintf("config file, use '-' to read the config from stdin (default %q)", config.DefaultPath))
}

// text is a flag's value; commands without the flag have none.
func text(cmd *cobra.Command, name string) string {
	value, err := cmd.Flags().GetString(name)
	if err != nil {
		return ""
	}
	return value
}

func on(cmd *cobra.Command, name string) bool {
	value, err := cmd.Flags().GetBool(name)
	return err == nil && value
}

func list(cmd *cobra.Command, name string) []string {
	value, err := cmd.Flags().GetStringSlice(name)
	if err != nil {
		return nil
	}
	return value
}

// ownVars are the variables from this command's flags.
func ownVars(cmd *cobra.Command) (*vars.Vars, error) {
	return vars.New(vars.Options{
		DataDir: text(cmd, "data-dir"), KubeletRootDir: text(cmd, "kubelet-root-dir"), Config: text(cmd, "config"),
		StatusSocket: text(cmd, "status-socket"), Single: on(cmd, "single"),
	})
}

// runningVars are those of the running controller, if there is one.
func runningVars(cmd *cobra.Command) (*vars.Vars, error) {
	own, err := ownVars(cmd)
	if err != nil {
		return nil, err
	}
	return own.Running(), nil
}
