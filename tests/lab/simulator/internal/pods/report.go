// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package pods

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// state is the state and the last state of a container.
func (one *run) state(pod *Pod, c Container, waiting string, now time.Time) (map[string]any, map[string]any) {
	last := map[string]any{}
	if one.running {
		if one.ended != nil {
			last = one.ended.state(c)
		}
		return map[string]any{"running": map[string]any{"startedAt": stamp(one.begun)}}, last
	}
	if one.ended != nil {
		if !one.waited {
			return one.ended.state(c), last
		}
		return waitingFor("CrashLoopBackOff", fmt.Sprintf("back-off %s restarting failed container=%s pod=%s",
			short(one.wait), c.Name, pod.fullName())), one.ended.state(c)
	}
	if one.failure == "" {
		return waitingFor(waiting, ""), last
	}
	reason := "ErrImagePull"
	if strings.Contains(one.failure, "pull policy of Never") {
		return waitingFor("ErrImageNeverPull", one.failure), last
	}
	if one.waited {
		return waitingFor("ImagePullBackOff", fmt.Sprintf("Back-off pulling image %q: %s: %s", c.Image, reason, one.failure)), last
	}
	return waitingFor(reason, one.failure), last
}

// short is a duration as the kubelet writes it: 10s, 1m20s.
func short(d time.Duration) string { return d.String() }

func waitingFor(reason, message string) map[string]any {
	waiting := map[string]any{"reason": reason}
	if message != "" {
		waiting["message"] = message
	}
	return map[string]any{"waiting": waiting}
}

func (e *end) state(c Container) map[string]any {
	terminated := map[string]any{
		"exitCode": e.code, "reason": "Completed", "startedAt": stamp(e.begun), "finishedAt": stamp(e.now),
		"containerID": containerID(c.Name + stamp(e.begun)),
	}
	if e.code != 0 {
		terminated["reason"] = "Error"
		if c.TerminationMessagePolicy == "FallbackToLogsOnError" && e.text != "" {
			terminated["message"] = e.text + "\n"
		}
	}
	return map[string]any{"terminated": terminated}
}

func containerID(seed string) string {
	digest := sha256.Sum256([]byte(seed))
	return "containerd://" + hex.EncodeToString(digest[:])
}

func (one *run) report(pod *Pod, c Container, init bool, waiting string, now time.Time) map[string]any {
	state, last := one.state(pod, c, waiting, now)
	ready := one.ready && one.running
	if init {
		ready = ready || one.ended != nil && one.ended.code == 0
	}
	status := map[string]any{
		"name": c.Name, "image": c.Image, "imageID": "", "ready": ready, "started": one.running,
		"restartCount": one.restarts, "state": state, "lastState": last,
	}
	if !one.begun.IsZero() {
		status["containerID"] = containerID(pod.Metadata.UID + c.Name + stamp(one.begun))
		status["imageID"] = strings.SplitN(c.Image, "@", 2)[0] + "@sha256:" + strings.TrimPrefix(containerID(c.Image), "containerd://")
	}
	return status
}

// conditions keep the time of the last change.
func conditions(pod *Pod, l *life, phase string, incomplete, unready []string, now time.Time) []Condition {
	state := func(kind string, ok bool, reason, message string) Condition {
		if ok {
			return Condition{Type: kind, Status: "True"}
		}
		return Condition{Type: kind, Status: "False", Reason: reason, Message: message}
	}
	reason, message := "ContainersNotReady", "containers with unready status: ["+strings.Join(unready, " ")+"]"
	initial := state("Initialized", len(incomplete) == 0, "ContainersNotInitialized",
		"containers with incomplete status: ["+strings.Join(incomplete, " ")+"]")
	switch phase {
	case "Succeeded":
		initial = Condition{Type: "Initialized", Status: "True", Reason: "PodCompleted"}
		reason, message = "PodCompleted", ""
	case "Failed":
		reason, message = "PodFailed", ""
	}
	list := []Condition{
		state("PodReadyToStartContainers", l.ip != "" && phase != "Succeeded" && phase != "Failed", "", ""),
		initial,
		state("Ready", phase == "Running" && len(unready) == 0, reason, message),
		state("ContainersReady", phase == "Running" && len(unready) == 0, reason, message),
		{Type: "PodScheduled", Status: "True"},
	}
	for i := range list {
		list[i].LastTransitionTime = stamp(now)
		for _, old := range pod.Status.Conditions {
			if old.Type == list[i].Type && old.Status == list[i].Status && old.LastTransitionTime != "" {
				list[i].LastTransitionTime = old.LastTransitionTime
			}
		}
	}
	return list
}
