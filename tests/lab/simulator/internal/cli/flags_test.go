// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func parse(t *testing.T, set func(*pflag.FlagSet), args ...string) *pflag.FlagSet {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	flags.Bool("force", false, "")
	flags.StringArrayP("env", "e", nil, "")
	set(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return flags
}

func TestUnitArgsHoldEveryGivenFlagAndNoOther(t *testing.T) {
	flags := parse(t, func(f *pflag.FlagSet) { dataFlags(f); controllerFlags(f); workerFlags(f); configFlag(f) },
		"-c", "/etc/k0s/k0s.yaml", "--enable-worker", "--labels=a=b,c=d", "--labels", "e=f", "--force", "-e", "A=b",
		"--disable-components", "metrics-server,helm", "--data-dir", "/var//lib/k0s/", "--logging", "etcd=debug")
	got, err := unitArgs(flags)
	if err != nil {
		t.Fatal(err)
	}
	wanted := []string{
		"--config=/etc/k0s/k0s.yaml", "--data-dir=/var/lib/k0s", "--disable-components=metrics-server,helm",
		"--enable-worker=true", "--labels=a=b,c=d,e=f",
		"--logging=containerd=info,etcd=debug,konnectivity-server=1,kube-apiserver=1,kube-controller-manager=1," +
			"kube-scheduler=1,kubelet=1",
	}
	if !slices.Equal(got, wanted) {
		t.Errorf("got %q, wanted %q", got, wanted)
	}
}

func TestUnitArgsMakePathsAbsolute(t *testing.T) {
	flags := parse(t, workerFlags, "--token-file", "token")
	got, err := unitArgs(flags)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || !strings.HasPrefix(got[0], "--token-file=/") {
		t.Errorf("got %q", got)
	}
}

func TestLoggingRefusesUnknownComponents(t *testing.T) {
	if err := (&levels{}).Set("foo=1"); err == nil || err.Error() != `unknown component name: "foo"` {
		t.Errorf("got %v", err)
	}
}

// call runs a command line in this process.
func call(args ...string) (string, error) {
	var output strings.Builder
	version = "v1.33.13+k0s.0"
	command := root()
	command.SetOut(&output)
	command.SetErr(&output)
	command.SetArgs(args)
	err := command.Execute()
	return output.String(), err
}

func TestMessages(t *testing.T) {
	dir := t.TempDir()
	for _, test := range []struct {
		args   []string
		wanted string
	}{
		{[]string{"version"}, "v1.33.13+k0s.0"},
		{[]string{"bogus"}, `unknown command "bogus" for "k0s"`},
		{[]string{"etcd", "leave", "--datadir", "x"}, "unknown flag: --datadir"},
		{[]string{"etcd", "leave", "--peer-address=@@"}, "neither an IP address nor a DNS name"},
		{[]string{"token", "list"}, `unsupported role ""; supported roles are "controller" and "worker"`},
		{[]string{"token", "invalidate"}, "requires at least 1 arg(s), only received 0"},
		{[]string{"config", "validate"}, `required flag(s) "config" not set`},
		{[]string{"status", "--status-socket", dir + "/no.sock"}, `can't get "status" via "` + dir + `/no.sock"`},
		{[]string{"kubeconfig", "admin", "--data-dir", dir}, "not found, check if the control plane is initialized on this node"},
		{[]string{"controller", "--disable-components=zz"}, "unknown component zz"},
		{[]string{"sysinfo", "-o", "xml"}, `unknown output format: "xml"`},
	} {
		output, err := call(test.args...)
		if !strings.Contains(output, test.wanted) {
			t.Errorf("%v: got %q (%v), wanted %q", test.args, output, err, test.wanted)
		}
	}
}

func TestEveryFlagOfInstallIsKnownToTheDaemon(t *testing.T) {
	for _, pair := range [][2]*cobra.Command{{installController(), controllerCommand()}, {installWorker(), workerCommand()}} {
		pair[0].Flags().VisitAll(func(flag *pflag.Flag) {
			if pair[1].Flags().Lookup(flag.Name) == nil {
				t.Errorf("k0s %s does not know --%s", pair[1].Name(), flag.Name)
			}
		})
	}
}
