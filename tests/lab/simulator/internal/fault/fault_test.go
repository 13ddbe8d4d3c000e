// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package fault

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestSwitches(t *testing.T) {
	path := filepath.Join(t.TempDir(), "faults.json")
	t.Setenv("K0S_SIMULATOR_FILE", path)
	if !reflect.DeepEqual(Read(), Faults{}) {
		t.Error("without a file nothing may be wrong")
	}
	if err := os.WriteFile(path, []byte(`{"start": "crash", "etcd_lost": true}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := Read(); !got.EtcdLost || got.Start != "crash" {
		t.Errorf("got %+v", got)
	}
	if AtStart(context.Background()) == nil {
		t.Error("the start did not crash")
	}
}
