// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"regexp"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/etcd"
	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/pki"
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

func etcdCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "etcd", Short: "Manage etcd cluster", Args: cobra.NoArgs, RunE: usage,
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			applyDebug(cmd, args)
			_, settings, err := runningConfig(cmd)
			if err != nil {
				return err
			}
			if kind := settings.Spec.Storage.Type; kind != "etcd" {
				return fmt.Errorf("wrong storage type: %s", kind)
			}
			if settings.Spec.Storage.Etcd.ExternalCluster != nil {
				return errors.New("command 'k0s etcd' does not support external etcd cluster")
			}
			return nil
		},
	}
	debugFlags(command.PersistentFlags())
	dataFlags(command.PersistentFlags())
	members := &cobra.Command{
		Use: "member-list", Short: "List etcd cluster members (JSON encoded)", Args: cobra.NoArgs, RunE: memberList,
	}
	leave := &cobra.Command{
		Use: "leave", Short: "Leave the etcd cluster, or remove a specific peer", Args: cobra.NoArgs, RunE: leaveEtcd,
	}
	leave.Flags().Var(new(ipOrName), "peer-address", "etcd peer address to remove (default <this node's peer address>)")
	command.AddCommand(members, leave)
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

func memberList(cmd *cobra.Command, _ []string) error {
	v, err := runningVars(cmd)
	if err != nil {
		return err
	}
	client, err := etcd.New(v)
	if err != nil {
		return fmt.Errorf("can't list etcd cluster members: %w", err)
	}
	members, err := client.MembersPatiently(cmd.Context())
	if err != nil {
		return fmt.Errorf("can't list etcd cluster members: %w", err)
	}
	names := map[string]string{}
	for _, member := range members {
		names[member.Name] = member.PeerURLs[0]
	}
	return json.NewEncoder(cmd.OutOrStdout()).Encode(map[string]any{"members": names})
}

func leaveEtcd(cmd *cobra.Command, _ []string) error {
	v, settings, err := runningConfig(cmd)
	if err != nil {
		return err
	}
	address := cmd.Flags().Lookup("peer-address").Value.String()
	if address == "" {
		address = settings.Spec.Storage.Etcd.PeerAddress
	}
	if address == "" {
		return errors.New("can't leave etcd cluster: this node doesn't have an etcd peer address, " +
			"check the k0s configuration or use --peer-address")
	}
	client, err := etcd.New(v)
	if err != nil {
		return fmt.Errorf("can't connect to the etcd: %w", err)
	}
	if err := client.Remove(cmd.Context(), "https://"+net.JoinHostPort(address, "2380")); err != nil {
		logs.Error("Failed to delete node from cluster", "peerURL", address)
		return err
	}
	logs.Info("Successfully deleted")
	return nil
}

type ipOrName string

var dnsName = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]*$`)

// Type is what k0s calls it.
func (i *ipOrName) Type() string { return "ip-or-dns-name" }

// String is the value.
func (i *ipOrName) String() string { return string(*i) }

// Set checks the value.
func (i *ipOrName) Set(value string) error {
	if net.ParseIP(value) == nil && !dnsName.MatchString(value) {
		return errors.New("neither an IP address nor a DNS name")
	}
	*i = ipOrName(value)
	return nil
}

func kubeconfigCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "kubeconfig [command]", Short: "Create a kubeconfig file for a specified user", Args: cobra.NoArgs,
		PersistentPreRun: applyDebug, RunE: usage,
	}
	debugFlags(command.PersistentFlags())
	admin := &cobra.Command{
		Use: "admin", Short: "Display Admin's Kubeconfig file", Args: cobra.NoArgs, RunE: adminKubeconfig,
	}
	dataFlags(admin.Flags())
	create := &cobra.Command{
		Use: "create username", Short: "Create a kubeconfig for a user", Args: cobra.ExactArgs(1), RunE: userKubeconfig,
	}
	dataFlags(create.Flags())
	configFlag(create.Flags())
	create.Flags().String("groups", "", "Specify groups")
	create.Flags().Duration("certificate-expires-after", 8760*time.Hour, "The expiration duration of the certificate")
	command.AddCommand(admin, create)
	return command
}

func adminKubeconfig(cmd *cobra.Command, _ []string) error {
	v, settings, err := runningConfig(cmd)
	if err != nil {
		return err
	}
	admin, err := kubeapi.LoadKubeconfig(v.AdminKubeConfigPath)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("admin config %q not found, check if the control plane is initialized on this node",
			v.AdminKubeConfigPath)
	}
	if err != nil {
		return fmt.Errorf("failed to load admin config: %w", err)
	}
	for i := range admin.Clusters {
		if admin.Clusters[i].Cluster.Server == settings.Spec.API.LocalURL() {
			admin.Clusters[i].Cluster.Server = settings.Spec.API.URL()
		}
	}
	return printKubeconfig(cmd, admin)
}

func printKubeconfig(cmd *cobra.Command, kubeconfig *kubeapi.Kubeconfig) error {
	content, err := kubeconfig.Bytes()
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(content)
	return err
}

func userKubeconfig(cmd *cobra.Command, args []string) error {
	if args[0] == "" {
		return errors.New("username cannot be empty")
	}
	v, settings, err := runningConfig(cmd)
	if err != nil {
		return err
	}
	ca, err := pki.LoadCA(v.Pki("ca"))
	if err != nil {
		return fmt.Errorf("failed to read cluster CA certificate: %w, check if the control plane is initialized on this node", err)
	}
	expires, err := cmd.Flags().GetDuration("certificate-expires-after")
	if err != nil {
		return err
	}
	certificate, key, err := ca.Issue(pki.Request{CN: args[0], O: text(cmd, "groups"), Expires: expires})
	if err != nil {
		return err
	}
	user := kubeapi.User{CertificateData: certificate, KeyData: key}
	return printKubeconfig(cmd, kubeapi.NewKubeconfig("k0s", "k0s", args[0],
		settings.Spec.API.URL(), ca.PEM, user))
}
