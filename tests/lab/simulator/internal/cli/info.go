// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"mke4k.core/tests/lab/simulator/internal/status"
	"mke4k.core/tests/lab/simulator/internal/sysinfo"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

func statusCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "status", Short: "Get k0s instance status information", Args: cobra.NoArgs, PersistentPreRun: applyDebug,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			answer, err := status.Ask(v.StatusSocketPath)
			if err != nil {
				return err
			}
			return printStatus(cmd.OutOrStdout(), answer, text(cmd, "out"))
		},
	}
	debugFlags(command.PersistentFlags())
	command.PersistentFlags().String("status-socket", "", "Full file path to the socket file. (default: <rundir>/status.sock)")
	command.Flags().StringP("out", "o", "", "sets type of output to json or yaml")
	command.AddCommand(statusComponents())
	return command
}

func statusComponents() *cobra.Command {
	command := &cobra.Command{
		Use: "components", Short: "Get k0s instance component status information", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			cmd.PrintErrln("!!! per component status is not yet finally ready, information here might be not full yet")
			count, err := cmd.Flags().GetInt("max-count")
			if err != nil {
				return err
			}
			answer, err := status.AskComponents(v.StatusSocketPath, count)
			if err != nil {
				return err
			}
			content, err := yaml.Marshal(answer)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), string(content))
			return err
		},
	}
	command.Flags().Int("max-count", 1, "how many latest probes to show")
	return command
}

func printStatus(out io.Writer, s *status.Status, format string) error {
	switch format {
	case "json":
		content, err := json.MarshalIndent(s, "", "   ")
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, string(content))
		return err
	case "yaml":
		content, err := yaml.Marshal(s)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(out, string(content))
		return err
	}
	lines := fmt.Sprintln("Version:", s.Version) + fmt.Sprintln("Process ID:", s.Pid) + fmt.Sprintln("Role:", s.Role) +
		fmt.Sprintln("Workloads:", s.Workloads) + fmt.Sprintln("SingleNode:", s.SingleNode)
	if s.Workloads {
		lines += fmt.Sprintln("Kube-api probing successful:", s.WorkerToAPIConnectionStatus.Success) +
			fmt.Sprintln("Kube-api probing last error: ", s.WorkerToAPIConnectionStatus.Message)
	}
	_, err := io.WriteString(out, lines)
	return err
}

func sysinfoCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "sysinfo", Short: "Display system information", Args: cobra.NoArgs, PersistentPreRun: applyDebug,
		RunE: func(cmd *cobra.Command, _ []string) error {
			probes := sysinfo.Run(on(cmd, "controller"), on(cmd, "worker"), text(cmd, "data-dir"))
			if err := printProbes(cmd.OutOrStdout(), probes, text(cmd, "output")); err != nil {
				return err
			}
			if sysinfo.Failed(probes) {
				return errors.New("sysinfo failed")
			}
			return nil
		},
	}
	debugFlags(command.PersistentFlags())
	flags := command.Flags()
	flags.Bool("controller", true, "Include controller-specific sysinfo")
	flags.Bool("worker", true, "Include worker-specific sysinfo")
	flags.String("data-dir", vars.DefaultDataDir, "Data Directory for k0s")
	flags.StringP("output", "o", "text", "Output format (valid values: text, json, yaml)")
	return command
}

func printProbes(out io.Writer, probes []sysinfo.Probe, format string) error {
	var content []byte
	var err error
	switch format {
	case "json":
		content, err = json.MarshalIndent(probes, "", "  ")
	case "yaml":
		content, err = yaml.Marshal(probes)
	case "text":
		for _, probe := range probes {
			line := fmt.Sprintf("%s%s: %s (%s", strings.Repeat("  ", max(len(probe.Path)-1, 0)), probe.DisplayName, probe.Prop, probe.Category)
			if probe.Message != "" {
				line += ": " + probe.Message
			}
			content = append(content, line+")\n"...)
		}
	default:
		return fmt.Errorf("unknown output format: %q", format)
	}
	if err != nil {
		return err
	}
	_, err = out.Write(content)
	return err
}

func kubectlCommand() *cobra.Command {
	return &cobra.Command{
		Use: "kubectl", Aliases: []string{"kc"}, Short: "kubectl controls the Kubernetes cluster manager",
		DisableFlagParsing: true,
		RunE: func(_ *cobra.Command, args []string) error {
			own, err := vars.New(vars.Options{})
			if err != nil {
				return err
			}
			path, err := exec.LookPath("kubectl")
			if err != nil && len(args) > 0 && args[0] == "get" && rawPath(args) != "" {
				return getRaw(own.Running(), rawPath(args))
			}
			if err != nil {
				return fmt.Errorf("the simulator has no kubectl of its own: %w", err)
			}
			environment := os.Environ()
			if os.Getenv("KUBECONFIG") == "" {
				environment = append(environment, "KUBECONFIG="+own.Running().AdminKubeConfigPath)
			}
			return syscall.Exec(path, append([]string{"kubectl"}, args...), environment)
		},
	}
}
