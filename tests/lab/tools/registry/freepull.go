// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package main

import (
	"net/http"

	"github.com/distribution/distribution/v3/registry/auth"
)

// freePull asks for a password only where somebody writes, or has named a user.
type freePull struct {
	auth.AccessController
}

func newFreePull(options map[string]any) (auth.AccessController, error) {
	byPassword, err := auth.GetAccessController("htpasswd", options)
	if err != nil {
		return nil, err
	}
	return freePull{byPassword}, nil
}

func (controller freePull) Authorized(request *http.Request, records ...auth.Access) (*auth.Grant, error) {
	if request.Header.Get("Authorization") == "" && onlyPulls(records) {
		return &auth.Grant{}, nil
	}
	return controller.AccessController.Authorized(request, records...)
}

func onlyPulls(records []auth.Access) bool {
	for _, record := range records {
		if record.Action != "pull" {
			return false
		}
	}
	return true
}
