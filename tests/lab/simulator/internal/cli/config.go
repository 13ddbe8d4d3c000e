// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
	"sigs.k8s.io/yaml"

	"mke4k.core/tests/lab/simulator/internal/config"
)

func configCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "config", Short: "Configuration related sub-commands", Args: cobra.NoArgs,
		PersistentPreRun: applyDebug, RunE: usage,
	}
	debugFlags(command.PersistentFlags())
	create := &cobra.Command{
		Use: "create", Short: "Output the default k0s configuration yaml to stdout", Args: cobra.NoArgs, RunE: createConfig,
	}
	create.Flags().Bool("include-images", false, "include the default images in the output")
	dataFlags(create.Flags())
	validate := &cobra.Command{
		Use: "validate", Short: "Validate k0s configuration", Args: cobra.NoArgs, RunE: validateConfig,
	}
	configFlag(validate.Flags())
	dataFlags(validate.Flags())
	if err := validate.MarkFlagRequired("config"); err != nil {
		panic(err)
	}
	command.AddCommand(create, validate)
	return command
}

func createConfig(cmd *cobra.Command, _ []string) error {
	c := config.Default()
	if !on(cmd, "include-images") {
		c.Spec.Images = nil
		c.Spec.Network.NodeLocalLoadBalancing.EnvoyProxy.Image = nil
	}
	content, err := yaml.Marshal(map[string]any{
		"apiVersion": c.APIVersion, "kind": c.Kind, "spec": c.Spec,
		"metadata": map[string]any{"name": c.Metadata.Name, "namespace": c.Metadata.Namespace},
	})
	if err != nil {
		return err
	}
	_, err = cmd.OutOrStdout().Write(content)
	return err
}

func validateConfig(cmd *cobra.Command, _ []string) error {
	var content []byte
	var err error
	switch path := text(cmd, "config"); path {
	case "-":
		if content, err = io.ReadAll(cmd.InOrStdin()); err != nil {
			return fmt.Errorf("failed to read configuration from standard input: %w", err)
		}
	case "":
		return errors.New("--config can't be empty")
	default:
		if content, err = os.ReadFile(path); err != nil {
			return fmt.Errorf("failed to read configuration file: %w", err)
		}
	}
	read, err := config.Parse(content)
	if err != nil {
		return fmt.Errorf("failed to parse configuration: %w", err)
	}
	return errors.Join(read.Validate()...)
}

func airgapCommand() *cobra.Command {
	command := &cobra.Command{
		Use: "airgap", Short: "Tooling for airgapped installations", Args: cobra.NoArgs,
		PersistentPreRun: applyDebug, RunE: usage,
	}
	debugFlags(command.PersistentFlags())
	images := &cobra.Command{
		Use: "list-images", Short: "List image names and versions needed for airgapped installations", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			v, err := runningVars(cmd)
			if err != nil {
				return err
			}
			settings, err := v.NodeConfig()
			if err != nil {
				return fmt.Errorf("failed to get config: %w", err)
			}
			for _, name := range settings.ImageList(on(cmd, "all")) {
				if _, err := fmt.Fprintln(cmd.OutOrStdout(), name); err != nil {
					return err
				}
			}
			return nil
		},
	}
	dataFlags(images.Flags())
	configFlag(images.Flags())
	images.Flags().Bool("all", false, "include all images, even if they are not used in the current configuration")
	command.AddCommand(images)
	return command
}
