// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Registry is the OCI registry of the lab: distribution with files as storage, and passwords that pulls may be free of.
//
//	registry prepare FOLDER ADDRESS USER PASSWORD   a private CA, a certificate for the address, a password file
//	registry serve CONFIG                           distribution's own command
package main

import (
	"fmt"
	"os"

	"github.com/distribution/distribution/v3/registry"
	"github.com/distribution/distribution/v3/registry/auth"
	_ "github.com/distribution/distribution/v3/registry/auth/htpasswd"
	_ "github.com/distribution/distribution/v3/registry/storage/driver/filesystem"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	if len(arguments) == 5 && arguments[0] == "prepare" {
		return prepare(arguments[1], arguments[2], arguments[3], arguments[4])
	}
	if err := auth.Register("freepull", newFreePull); err != nil {
		return err
	}
	return registry.RootCmd.Execute()
}
