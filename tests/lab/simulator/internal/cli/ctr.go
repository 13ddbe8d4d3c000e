// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"fmt"
	"path/filepath"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"mke4k.core/tests/lab/simulator/internal/images"
)

// ctrCommand knows `ctr images ls` alone, and of the images those that came from archives.
func ctrCommand() *cobra.Command {
	command := &cobra.Command{Use: "ctr", Short: "containerd CLI", Args: cobra.NoArgs, RunE: usage}
	command.PersistentFlags().StringP("namespace", "n", "k8s.io", "Namespace to use with commands")
	group := &cobra.Command{Use: "images", Aliases: []string{"image", "i"}, Short: "Manage images", RunE: usage}
	list := &cobra.Command{
		Use: "list", Aliases: []string{"ls"}, Short: "List images known to containerd", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			out := tabwriter.NewWriter(cmd.OutOrStdout(), 1, 8, 1, ' ', 0)
			_, _ = fmt.Fprintln(out, "REF\tTYPE\tDIGEST\tSIZE\tPLATFORMS\tLABELS\t")
			for _, image := range images.List(filepath.Join(v.DataDir, "images")) {
				_, _ = fmt.Fprintf(out, "%s\tapplication/vnd.oci.image.manifest.v1+json\t%s\t1.5 MiB\tlinux/amd64\t%s\t\n", image.Name,
					image.Digest, fmt.Sprintf(`io.cri-containerd.image=managed,io.cri-containerd.pinned=pinned,`+
						`io.k0sproject.ocibundle-paths={%q:%q}`, image.Path, image.Time.UTC().Format(time.RFC3339Nano)))
			}
			return out.Flush()
		},
	}
	dataFlags(list.Flags())
	group.AddCommand(list)
	command.AddCommand(group)
	return command
}
