// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package config

import (
	"net"
	"strconv"
)

func (a *API) externalHost() string {
	if host, _, err := net.SplitHostPort(a.ExternalAddress); err == nil && host != "" {
		return host
	}
	return a.ExternalAddress
}

// LocalURL is where this host reaches its own API server.
func (a *API) LocalURL() string {
	host := "localhost"
	if a.OnlyBindToAddress {
		host = a.Address
	}
	return "https://" + net.JoinHostPort(host, strconv.Itoa(a.Port))
}

// URL is where others reach the API server.
func (a *API) URL() string { return a.external(a.Port) }

// JoinURL is where other controllers reach the join API.
func (a *API) JoinURL() string { return a.external(a.K0sAPIPort) }

func (a *API) external(port int) string {
	if a.ExternalAddress == "" {
		return "https://" + net.JoinHostPort(a.Address, strconv.Itoa(port))
	}
	if a.externalHost() != a.ExternalAddress {
		return "https://" + a.ExternalAddress
	}
	return "https://" + net.JoinHostPort(a.ExternalAddress, strconv.Itoa(port))
}

// Names are all names and addresses that the API server's certificate must hold.
func (a *API) Names() []string {
	names := append(LocalAddresses(), a.Address)
	names = append(names, a.SANs...)
	if a.ExternalAddress != "" {
		names = append(names, a.externalHost())
	}
	return names
}
