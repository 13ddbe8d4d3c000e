// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/status"
	"mke4k.core/tests/lab/simulator/internal/token"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

func tokenCommand() *cobra.Command {
	command := &cobra.Command{Use: "token", Short: "Manage join tokens", Args: cobra.NoArgs,
		RunE: usage}
	command.AddCommand(tokenCreate(), tokenList(), tokenInvalidate())
	return command
}

func checkRole(role string) error {
	if role != "controller" && role != "worker" {
		return fmt.Errorf("unsupported role %q; supported roles are \"controller\" and \"worker\"", role)
	}
	return nil
}

func tokenCreate() *cobra.Command {
	command := &cobra.Command{
		Use: "create", Short: "Create join token", Args: cobra.NoArgs,
		PreRunE: func(cmd *cobra.Command, _ []string) error { return checkRole(text(cmd, "role")) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			valid, err := time.ParseDuration(text(cmd, "expiry"))
			if err != nil {
				return err
			}
			attempts := 1
			if on(cmd, "wait") {
				attempts = 120
			}
			for {
				created, err := createToken(cmd.Context(), v, text(cmd, "role"), valid)
				if attempts--; err != nil && attempts > 0 {
					time.Sleep(time.Second)
					continue
				}
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), created)
				return err
			}
		},
	}
	flags := command.Flags()
	dataFlags(flags)
	flags.String("expiry", "0s", "Expiration time of the token. Format 1.5h, 2h45m or 300ms.")
	flags.String("role", "worker", "Either worker or controller")
	flags.Bool("wait", false, "wait forever (default false)")
	return command
}

func createToken(ctx context.Context, v *vars.Vars, role string, valid time.Duration) (string, error) {
	settings, err := v.NodeConfig()
	if err != nil {
		return "", err
	}
	running, err := status.Ask(v.StatusSocketPath)
	if err != nil {
		return "", fmt.Errorf("failed to get k0s status: %w", err)
	}
	if running.SingleNode {
		return "", errors.New("refusing to create token: cannot join into a single node cluster")
	}
	if running.ClusterConfig == nil {
		return "", errors.New("refusing to create token: this is not a controller")
	}
	if role == "controller" && running.ClusterConfig.Spec.Storage.Type != "etcd" {
		return "", errors.New("refusing to create token: cannot join controller into current storage")
	}
	ca, err := os.ReadFile(v.Pki("ca.crt"))
	if err != nil {
		return "", fmt.Errorf("failed to read cluster CA from %q: %w; check if the control plane is initialized on this node",
			v.Pki("ca.crt"), err)
	}
	client, err := kubeapi.NewClientFromFile(v.AdminKubeConfigPath)
	if err != nil {
		return "", err
	}
	server := settings.Spec.API.URL()
	if role == "controller" {
		server = settings.Spec.API.JoinURL()
	}
	return token.Create(ctx, client, role, server, ca, valid)
}

func tokenList() *cobra.Command {
	command := &cobra.Command{
		Use: "list", Short: "List join tokens", Args: cobra.NoArgs,
		PreRunE: func(cmd *cobra.Command, _ []string) error { return checkRole(text(cmd, "role")) },
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			client, err := kubeapi.NewClientFromFile(v.AdminKubeConfigPath)
			if err != nil {
				return err
			}
			entries, err := token.List(cmd.Context(), client)
			if err != nil {
				return err
			}
			if len(entries) == 0 {
				_, err = fmt.Fprintln(cmd.OutOrStdout(), "No k0s join tokens found")
				return err
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			lines := "ID\tROLE\tEXPIRES AT\n"
			for _, entry := range entries {
				if entry.Role == text(cmd, "role") {
					lines += fmt.Sprintf("%s\t%s\t%s\n", entry.ID, entry.Role, entry.Expiry)
				}
			}
			_, err = table.Write([]byte(lines))
			return errors.Join(err, table.Flush())
		},
	}
	dataFlags(command.Flags())
	command.Flags().String("role", "", "Either worker, controller or empty for all roles")
	return command
}

func tokenInvalidate() *cobra.Command {
	command := &cobra.Command{
		Use: "invalidate join-token...", Short: "Invalidates existing join token", Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			client, err := kubeapi.NewClientFromFile(v.AdminKubeConfigPath)
			if err != nil {
				return err
			}
			for _, id := range args {
				if err := token.Remove(cmd.Context(), client, id); err != nil {
					return err
				}
				if _, err := fmt.Fprintf(cmd.OutOrStdout(), "token %s deleted successfully\n", id); err != nil {
					return err
				}
			}
			return nil
		},
	}
	dataFlags(command.Flags())
	return command
}

func runningConfig(cmd *cobra.Command) (*vars.Vars, *config.ClusterConfig, error) {
	v, err := runningVars(cmd)
	if err != nil {
		return nil, nil, err
	}
	settings, err := v.NodeConfig()
	return v, settings, err
}
