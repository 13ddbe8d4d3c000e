// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/controller"
	"mke4k.core/tests/lab/simulator/internal/fault"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/node"
	"mke4k.core/tests/lab/simulator/internal/status"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

func longRunning(cmd *cobra.Command, args []string) {
	logs.ToStdout()
	logs.Verbose(true)
	applyDebug(cmd, args)
}

func untilSignal(cmd *cobra.Command) (context.Context, context.CancelFunc) {
	return signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
}

// tokenReader reads the join token from the argument or the file; nil without both.
func tokenReader(cmd *cobra.Command, args []string, role string) (func() (string, error), error) {
	file := text(cmd, "token-file")
	switch {
	case len(args) > 0 && file != "":
		return nil, fmt.Errorf("you can only pass one token argument either as a CLI argument 'k0s %s [token]' "+
			"or as a flag 'k0s %s --token-file [path]'", role, role)
	case len(args) > 0:
		return func() (string, error) { return args[0], nil }, nil
	case file != "":
		return func() (string, error) { return readToken(file) }, nil
	}
	return nil, nil
}

func readToken(file string) (string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("read token file %q: %w", file, err)
	}
	if len(content) == 0 {
		return "", fmt.Errorf("token file %q is empty", file)
	}
	return strings.TrimSpace(string(content)), nil
}

func newNode(cmd *cobra.Command, v *vars.Vars) (*node.Node, error) {
	args := node.SplitArgs(text(cmd, "kubelet-extra-args"))
	name, err := node.NameOf(args)
	if err != nil {
		return nil, fmt.Errorf("failed to determine node name: %w", err)
	}
	return &node.Node{
		Vars: v, Name: name, Address: controller.NodeAddress(args), Version: version, Profile: text(cmd, "profile"),
		Labels: list(cmd, "labels"), Taints: list(cmd, "taints"),
	}, nil
}

func controllerCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "controller [join-token]", Aliases: []string{"server"}, Short: "Run controller",
		Args: cobra.MaximumNArgs(1), PersistentPreRun: longRunning, RunE: runController,
	}
	debugFlags(command.PersistentFlags())
	dataFlags(command.Flags())
	controllerFlags(command.Flags())
	workerFlags(command.Flags())
	configFlag(command.Flags())
	command.Flags().Bool("ignore-pre-flight-checks", false, "continue even if pre-flight checks fail")
	return command
}

func runController(cmd *cobra.Command, args []string) error {
	token, err := tokenReader(cmd, args, "controller")
	if err != nil {
		return err
	}
	disabled := list(cmd, "disable-components")
	if err := checkComponents(disabled); err != nil {
		return err
	}
	v, err := ownVars(cmd)
	if err != nil {
		return err
	}
	if v.Locked() {
		return fmt.Errorf("failed to initialize runtime config: %w", vars.ErrRunning)
	}
	settings, err := v.NodeConfig()
	if err != nil {
		return fmt.Errorf("failed to load node config: %w", err)
	}
	n, err := newNode(cmd, v)
	if err != nil {
		return err
	}
	ctx, cancel := untilSignal(cmd)
	defer cancel()
	daemon := &controller.Controller{Vars: v, Config: settings, Version: version, Options: controller.Options{
		EnableWorker: on(cmd, "enable-worker"), Single: on(cmd, "single"), NoTaints: on(cmd, "no-taints"),
		DynamicConfig: on(cmd, "enable-dynamic-config"), InitOnly: on(cmd, "init-only"), DisableComponents: disabled,
		ControllerManagerArgs: text(cmd, "kube-controller-manager-extra-args"), Token: token, Node: n,
	}}
	return daemon.Run(ctx)
}

func workerCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "worker [join-token]", Short: "Run worker", Args: cobra.MaximumNArgs(1),
		PersistentPreRun: longRunning, RunE: runWorker,
	}
	debugFlags(command.PersistentFlags())
	dataFlags(command.Flags())
	workerFlags(command.Flags())
	command.Flags().Bool("ignore-pre-flight-checks", false, "continue even if pre-flight checks fail")
	return command
}

func runWorker(cmd *cobra.Command, args []string) error {
	token, err := tokenReader(cmd, args, "worker")
	if err != nil {
		return err
	}
	v, err := ownVars(cmd)
	if err != nil {
		return err
	}
	n, err := newNode(cmd, v)
	if err != nil {
		return err
	}
	ctx, cancel := untilSignal(cmd)
	defer cancel()
	if err := fault.AtStart(ctx); err != nil {
		return err
	}
	for _, dir := range []string{v.DataDir, v.RunDir, v.BinDir} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return playWorker(ctx, v, n, token)
}

func playWorker(ctx context.Context, v *vars.Vars, n *node.Node, token func() (string, error)) error {
	var source node.Source
	if token != nil {
		source = func() (*kubeapi.Kubeconfig, error) {
			text, err := token()
			if err != nil {
				return nil, err
			}
			return node.FromToken(text)
		}
	}
	if err := n.Bootstrap(ctx, source); err != nil {
		return fmt.Errorf("failed to bootstrap kubelet client configuration: %w", err)
	}
	server := &status.Server{NodeName: n.Name, Status: status.Status{
		Version: version, Pid: os.Getpid(), Role: "worker", Args: os.Args, Workloads: true, K0sVars: v,
	}}
	if err := server.Listen(); err != nil {
		return err
	}
	server.Serve()
	err := n.Run(ctx)
	if ctx.Err() != nil {
		err = nil
		logs.Info("Shutting down k0s worker")
	}
	return errors.Join(err, server.Stop())
}
