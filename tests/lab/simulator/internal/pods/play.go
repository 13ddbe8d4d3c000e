// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package pods

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

const networkMessage = "network is not ready: container runtime network not ready: NetworkReady=false " +
	"reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"

// resend is after how long a status is sent again that the API does not show.
const resend = 10 * time.Second

// Puller gets images onto the node.
type Puller interface {
	// Pull may be asked again and again; it tells whether it is done, and the error's text.
	Pull(pod *Pod, c Container) (done bool, failure string)
}

// Event is what happened to a pod.
type Event struct {
	Pod                         *Pod
	Type, Reason, Message, Path string
}

// Player plays the pods of one node.
type Player struct {
	Address string
	Images  Puller
	// Network tells whether pods get a network.
	Network func() bool
	// Faults are the host's switches.
	Faults func() map[string]string
	// IP gives a new pod its address.
	IP     func(taken map[string]bool) string
	Record func(Event)

	lives map[string]*life
}

// Play takes a pod as far as it gets by now and returns the status to write; nil when there is nothing new.
func (p *Player) Play(pod *Pod, raw map[string]any, now time.Time) map[string]any {
	if pod.Status.Phase == "Succeeded" || pod.Status.Phase == "Failed" {
		return nil
	}
	l := p.life(pod, now)
	status := p.status(l, pod, now)
	if shown(status, raw) || now.Sub(l.lastSent) < resend && l.same(status) {
		return nil
	}
	l.lastSent, l.sent = now, plain(status)
	return status
}

// Forget drops the pods that are not among the living.
func (p *Player) Forget(living map[string]bool) {
	for uid := range p.lives {
		if !living[uid] {
			delete(p.lives, uid)
		}
	}
}

func (p *Player) life(pod *Pod, now time.Time) *life {
	if p.lives == nil {
		p.lives = map[string]*life{}
	}
	known := p.lives[pod.Metadata.UID]
	if known == nil {
		known = &life{started: now, runs: map[string]*run{}, events: map[string]bool{}}
		p.lives[pod.Metadata.UID] = known
		known.adopt(pod)
	}
	return known
}

// adopt takes over what ran before this process did.
func (l *life) adopt(pod *Pod) {
	if begun, err := time.Parse(time.RFC3339, pod.Status.StartTime); err == nil {
		l.started = begun
	}
	if pod.Status.PodIP == "" {
		return
	}
	l.ip = pod.Status.PodIP
	if pod.Status.Phase != "Running" {
		return
	}
	for _, c := range pod.Spec.InitContainers {
		one := l.run(c.Name)
		one.pulled, one.begun = true, l.started
		if c.RestartPolicy == "Always" {
			one.running = true
		} else {
			one.ended = &end{begun: l.started, now: l.started}
		}
	}
	for _, status := range pod.Status.ContainerStatuses {
		one := l.run(status.Name)
		running, found := status.State["running"].(map[string]any)
		if !found {
			continue
		}
		one.pulled, one.running, one.begun, one.restarts = true, true, l.started, status.RestartCount
		if text, ok := running["startedAt"].(string); ok {
			if begun, err := time.Parse(time.RFC3339, text); err == nil {
				one.begun = begun
			}
		}
	}
}

func (p *Player) status(l *life, pod *Pod, now time.Time) map[string]any {
	fault := pod.fault(p.Faults())
	initWaiting, waiting := "PodInitializing", "ContainerCreating"
	if len(pod.Spec.InitContainers) > 0 {
		waiting = "PodInitializing"
	}
	initialized, broken := false, false
	if p.networked(l, pod) {
		initialized, broken = p.initialize(l, pod, fault, now)
	}
	var incomplete, unready []string
	var inits, containers []map[string]any
	for _, c := range pod.Spec.InitContainers {
		one := l.run(c.Name)
		if c.RestartPolicy != "Always" && (one.ended == nil || one.ended.code != 0) {
			incomplete = append(incomplete, c.Name)
		}
		inits = append(inits, one.report(pod, c, true, initWaiting, now))
	}
	if !initialized && len(incomplete) == 0 && len(pod.Spec.InitContainers) > 0 {
		incomplete = append(incomplete, pod.Spec.InitContainers[len(pod.Spec.InitContainers)-1].Name)
	}
	finished, failed, ran := 0, broken, false
	for _, c := range pod.Spec.Containers {
		one := l.run(c.Name)
		if initialized {
			done, bad := p.advance(l, pod, c, false, faultOf(fault, false), now)
			if done {
				finished++
			}
			failed = failed || bad
		}
		ran = ran || !one.begun.IsZero()
		if !one.ready || !one.running {
			unready = append(unready, c.Name)
		}
		containers = append(containers, one.report(pod, c, false, waiting, now))
	}
	phase := phaseOf(broken, finished == len(pod.Spec.Containers), failed, ran)
	status := map[string]any{
		"phase": phase, "hostIP": p.Address, "hostIPs": []map[string]any{{"ip": p.Address}},
		"startTime": stamp(l.started), "containerStatuses": containers,
		"conditions": conditions(pod, l, phase, incomplete, unready, now),
	}
	if len(inits) > 0 {
		status["initContainerStatuses"] = inits
	}
	if l.ip != "" {
		status["podIP"], status["podIPs"] = l.ip, []map[string]any{{"ip": l.ip}}
	}
	return status
}

func phaseOf(broken, finished, failed, ran bool) string {
	switch {
	case broken || finished && failed:
		return "Failed"
	case finished:
		return "Succeeded"
	case ran:
		return "Running"
	}
	return "Pending"
}

// networked gives the pod its address once there is a network.
func (p *Player) networked(l *life, pod *Pod) bool {
	if l.ip != "" {
		return true
	}
	if pod.Spec.HostNetwork {
		l.ip = p.Address
		return true
	}
	if !p.Network() {
		p.event(l, pod, "Warning", "NetworkNotReady", networkMessage, "")
		return false
	}
	taken := map[string]bool{}
	for _, other := range p.lives {
		taken[other.ip] = true
	}
	l.ip = p.IP(taken)
	return true
}

// initialize runs the init containers one after the other; all of a failing pod's containers fail but those.
func (p *Player) initialize(l *life, pod *Pod, fault string, now time.Time) (done, broken bool) {
	for _, c := range pod.Spec.InitContainers {
		finished, failed := p.advance(l, pod, c, true, faultOf(fault, true), now)
		if failed {
			return false, true
		}
		if c.RestartPolicy == "Always" && l.run(c.Name).running {
			continue
		}
		if !finished {
			return false, false
		}
	}
	return true, false
}

// faultOf leaves the init containers alone where the pod itself shall fail.
func faultOf(fault string, init bool) string {
	if init && fault != FaultImagePull {
		return ""
	}
	return fault
}

// event is told once for each message in a pod's life; Kubernetes counts repetitions, nobody here does.
func (p *Player) event(l *life, pod *Pod, kind, reason, message, path string) {
	key := fmt.Sprint(reason, message)
	if !l.events[key] {
		l.events[key] = true
		p.Record(Event{Pod: pod, Type: kind, Reason: reason, Message: message, Path: path})
	}
}

// shown tells whether the API has all of the status already.
func shown(status, raw map[string]any) bool {
	for name, value := range plain(status) {
		if !reflect.DeepEqual(value, raw[name]) {
			return false
		}
	}
	return true
}

func (l *life) same(status map[string]any) bool { return reflect.DeepEqual(plain(status), l.sent) }

// plain is the value as it comes back from the API.
func plain(status map[string]any) map[string]any {
	var copied map[string]any
	content, err := json.Marshal(status)
	if err == nil {
		err = json.Unmarshal(content, &copied)
	}
	if err != nil {
		return nil
	}
	return copied
}
