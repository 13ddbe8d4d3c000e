// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"regexp"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/etcd"
	"mke4k.core/tests/lab/simulator/internal/logs"
)

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
	if err := client.Remove(cmd.Context(), etcd.PeerURL(address)); err != nil {
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
