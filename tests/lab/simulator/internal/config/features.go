// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"fmt"
)

// FeatureGatesOf renders --feature-gates for a component.
func (s *Spec) FeatureGatesOf(component string) string {
	text := ""
	for _, gate := range s.FeatureGates {
		applies := len(gate.Components) == 0
		for _, name := range gate.Components {
			applies = applies || name == component
		}
		if !applies {
			continue
		}
		if text != "" {
			text += ","
		}
		text += fmt.Sprintf("%s=%t", gate.Name, gate.Enabled)
	}
	return text
}
