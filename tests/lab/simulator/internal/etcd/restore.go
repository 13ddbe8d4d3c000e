// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package etcd

import (
	"net"

	"go.etcd.io/etcd/etcdutl/v3/snapshot"
	"go.uber.org/zap"
)

// PeerURL is where the member at an address listens to the others.
func PeerURL(address string) string { return "https://" + net.JoinHostPort(address, "2380") }

// Restore makes the data of a new cluster out of a snapshot, as k0s does, with one member of this name at this URL.
// It writes a log of its own for it, so that members who join later get the restored keys.
func Restore(path, dataDir, name, peerURL string) error {
	return snapshot.NewV3(zap.NewNop()).Restore(snapshot.RestoreConfig{
		SnapshotPath:   path,
		OutputDataDir:  dataDir,
		Name:           name,
		PeerURLs:       []string{peerURL},
		InitialCluster: name + "=" + peerURL,
	})
}
