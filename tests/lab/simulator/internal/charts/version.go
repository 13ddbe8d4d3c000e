// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package charts

import "k8s.io/apimachinery/pkg/util/version"

// Before this version Helm's OCI client dropped the user name and password that k0s gave it.
var loginsSince = version.MustParseSemantic("v1.34.1")

func usesLogins(k0s string) bool {
	parsed, err := version.ParseSemantic(k0s)
	return err == nil && parsed.AtLeast(loginsSince)
}
