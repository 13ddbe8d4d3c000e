// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/pki"
)

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
