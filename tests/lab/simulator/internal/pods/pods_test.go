// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package pods

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// bed is a node with one pod, whose API shows what was written last.
type bed struct {
	player   Player
	pod      Pod
	raw      map[string]any
	network  bool
	switches map[string]string
	failure  string
	pending  bool
	events   []string
	writes   int
}

func (b *bed) Pull(*Pod, Container) (bool, string) { return !b.pending, b.failure }

func newBed(t *testing.T, spec string) *bed {
	t.Helper()
	b := &bed{network: true}
	b.player = Player{
		Address: "10.0.0.1", Images: b, Network: func() bool { return b.network },
		Faults: func() map[string]string { return b.switches },
		IP:     func(taken map[string]bool) string { return fmt.Sprintf("10.244.0.%d", len(taken)+2) },
		Record: func(e Event) { b.events = append(b.events, e.Type+" "+e.Reason+" "+e.Message) },
	}
	b.pod.Metadata.Name, b.pod.Metadata.Namespace, b.pod.Metadata.UID = "web", "default", "u1"
	if err := json.Unmarshal([]byte(spec), &b.pod.Spec); err != nil {
		t.Fatal(err)
	}
	return b
}

// at plays the given second.
func (b *bed) at(second int) *bed {
	status := b.player.Play(&b.pod, b.raw, begin.Add(time.Duration(second)*time.Second))
	if status == nil {
		return b
	}
	b.writes++
	if b.raw == nil {
		b.raw = map[string]any{}
	}
	for name, value := range plain(status) {
		b.raw[name] = value
	}
	content, _ := json.Marshal(b.raw)
	b.pod.Status = Status{}
	_ = json.Unmarshal(content, &b.pod.Status)
	return b
}

func (b *bed) said() string { return strings.Join(b.events, "\n") }

func (b *bed) state() string {
	content, _ := json.Marshal(b.pod.Status.ContainerStatuses[0].State)
	return b.pod.Status.Phase + " " + string(content)
}

func (b *bed) ready() string {
	for _, one := range b.pod.Status.Conditions {
		if one.Type == "Ready" {
			return one.Status + " " + one.Reason + " " + one.Message
		}
	}
	return ""
}

func (b *bed) want(t *testing.T, what, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}

const app = `{"restartPolicy": "%s", "containers": [{"name": "app", "image": "x:1", "args": %s}]}`

func TestServerRuns(t *testing.T) {
	b := newBed(t, fmt.Sprintf(app, "Always", "[]")).at(0)
	b.want(t, "state", b.state(), `Running {"running"`)
	b.want(t, "ready", b.ready(), "True")
	b.want(t, "address", b.pod.Status.PodIP, "10.244.0.")
	if b.at(1).at(2).at(60); b.writes != 1 {
		t.Errorf("a pod at rest was written %d times", b.writes)
	}
}

func TestWhatOverwritesAStatusIsWrittenAgain(t *testing.T) {
	b := newBed(t, fmt.Sprintf(app, "Always", "[]")).at(0)
	b.raw["phase"] = "Pending"
	if b.at(1); b.writes != 1 {
		t.Error("written again at once")
	}
	if b.at(11); b.writes != 2 || b.pod.Status.Phase != "Running" {
		t.Errorf("%d writes, %s", b.writes, b.pod.Status.Phase)
	}
}

func TestEnds(t *testing.T) {
	for _, test := range []struct{ policy, args, want string }{
		{"Never", `[]`, `Succeeded {"terminated"`},
		{"OnFailure", `["work"]`, `Succeeded {"terminated"`},
		{"Never", `["netexec", "--http-port=80"]`, `Running {"running"`},
		{"Never", `["exit", "3", "boom"]`, `Failed {"terminated"`},
		{"Never", `["exit", "0", "fine"]`, `Succeeded {"terminated"`},
		{"Never", `["sleep", "30"]`, `Running {"running"`},
		{"OnFailure", `["exit", "3", "boom"]`, `Running {"terminated"`},
	} {
		b := newBed(t, fmt.Sprintf(app, test.policy, test.args)).at(0)
		b.want(t, test.policy+test.args, b.state(), test.want)
	}
	b := newBed(t, fmt.Sprintf(app, "Never", `["sleep", "30"]`)).at(0).at(29)
	b.want(t, "before its time", b.state(), "Running")
	b.at(30)
	b.want(t, "in time", b.state(), "Succeeded")
	b.want(t, "ready", b.ready(), "False PodCompleted")
}

func TestCrashLoop(t *testing.T) {
	b := newBed(t, fmt.Sprintf(app, "Always", `["exit", "3", "boom"]`)).at(0)
	b.want(t, "first", b.state(), `Running {"terminated"`)
	b.at(1)
	b.want(t, "then", b.state(), `"message":"back-off 10s restarting failed container=app pod=web_default(u1)","reason":"CrashLoopBackOff"`)
	b.want(t, "event", b.said(), "Warning BackOff Back-off restarting failed container app in pod web_default(u1)")
	b.want(t, "ready", b.ready(), "False ContainersNotReady containers with unready status: [app]")
	b.at(10)
	b.want(t, "again", b.state(), `"exitCode":3`)
	b.at(11)
	b.want(t, "longer", b.state(), "back-off 20s")
	if got := b.pod.Status.ContainerStatuses[0].RestartCount; got != 1 {
		t.Errorf("%d restarts", got)
	}
}

func TestImages(t *testing.T) {
	b := newBed(t, fmt.Sprintf(app, "Always", "[]"))
	b.pending = true
	b.at(0)
	b.want(t, "pulling", b.state(), `Pending {"waiting":{"reason":"ContainerCreating"}}`)
	b.pending, b.failure = false, "rpc error: gone"
	b.at(1)
	b.want(t, "failed", b.state(), `Pending {"waiting":{"message":"rpc error: gone","reason":"ErrImagePull"}}`)
	b.at(2)
	b.want(t, "waits", b.state(), `"message":"Back-off pulling image \"x:1\": ErrImagePull: rpc error: gone","reason":"ImagePullBackOff"`)
	for _, want := range []string{
		`Warning Failed Failed to pull image "x:1": rpc error: gone`, "Warning Failed Error: ErrImagePull",
		`Normal BackOff Back-off pulling image "x:1"`, "Warning Failed Error: ImagePullBackOff",
	} {
		b.want(t, "events", b.said(), want)
	}
	b.failure = ""
	b.at(10)
	b.want(t, "too early", b.state(), "Pending")
	b.at(11)
	b.want(t, "there", b.state(), `Running {"running"`)
}

func TestImageThatMayNotBePulled(t *testing.T) {
	b := newBed(t, fmt.Sprintf(app, "Always", "[]"))
	b.failure = `Container image "x:1" is not present with pull policy of Never`
	b.at(0).at(1)
	b.want(t, "state", b.state(), `"reason":"ErrImageNeverPull"`)
	b.want(t, "events", b.said(), "Warning ErrImageNeverPull Container image")
}

func TestNetwork(t *testing.T) {
	b := newBed(t, fmt.Sprintf(app, "Always", "[]"))
	b.network = false
	b.at(0)
	b.want(t, "state", b.state(), `Pending {"waiting":{"reason":"ContainerCreating"}}`)
	b.want(t, "event", b.said(), "Warning NetworkNotReady network is not ready: container runtime network not ready")
	b.network = true
	b.at(1)
	b.want(t, "then", b.state(), "Running")
	host := newBed(t, `{"hostNetwork": true, "restartPolicy": "Always", "containers": [{"name": "app", "image": "x"}]}`)
	host.network = false
	host.at(0)
	host.want(t, "host", host.state(), "Running")
	host.want(t, "address", host.pod.Status.PodIP, "10.0.0.1")
}

func TestInitContainers(t *testing.T) {
	b := newBed(t, `{"restartPolicy": "Always", "initContainers": [{"name": "slow", "image": "x", "args": ["sleep", "5"]}],
		"containers": [{"name": "app", "image": "x"}]}`).at(0)
	b.want(t, "before", b.state(), `Pending {"waiting":{"reason":"PodInitializing"}}`)
	b.at(4)
	b.want(t, "still", b.state(), "Pending")
	b.at(5)
	b.want(t, "after", b.state(), "Running")
	b.want(t, "ready", b.ready(), "True")
	broken := newBed(t, `{"restartPolicy": "Never", "initContainers": [{"name": "bad", "image": "x", "args": ["exit", "1", "no"]}],
		"containers": [{"name": "app", "image": "x"}]}`).at(0)
	broken.want(t, "broken", broken.state(), "Failed")
}

func TestFaults(t *testing.T) {
	for fault, want := range map[string]string{
		FaultImagePull: `"reason":"ErrImagePull"`, FaultCrashLoop: `Running {"terminated"`, FaultNeverReady: `Running {"running"`,
	} {
		b := newBed(t, fmt.Sprintf(app, "Always", "[]"))
		b.pod.Metadata.Annotations = map[string]string{FaultAnnotation: fault}
		b.at(0)
		b.want(t, fault, b.state(), want)
		b.want(t, fault, b.ready(), "False ContainersNotReady")
	}
	b := newBed(t, fmt.Sprintf(app, "Never", "[]"))
	b.switches = map[string]string{"default/we*": FaultFail}
	b.at(0)
	b.want(t, "by the host", b.state(), "Failed")
	live := newBed(t, fmt.Sprintf(app, "Always", "[]"))
	live.switches = map[string]string{"*/*": FaultNeverReady}
	live.at(0)
	live.switches = nil
	live.at(1)
	live.want(t, "it ends", live.ready(), "True")
}

func TestPodsOutliveTheProcess(t *testing.T) {
	b := newBed(t, fmt.Sprintf(app, "Always", "[]")).at(0)
	b.player.lives = nil
	b.failure, b.network = "no registry", false
	b.at(30)
	b.want(t, "state", b.state(), "Running")
	if b.writes != 1 {
		t.Errorf("%d writes", b.writes)
	}
	b.player.Forget(map[string]bool{})
	if len(b.player.lives) != 0 {
		t.Error("a pod that is gone is still known")
	}
}
