// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package pods

import (
	"fmt"
	"strings"
	"time"
)

const (
	firstBackOff = 10 * time.Second
	lastBackOff  = 5 * time.Minute
)

// run is one container's life so far.
type run struct {
	pulled   bool
	failure  string
	pulling  bool
	retryAt  time.Time
	pullWait time.Duration

	running  bool
	ready    bool
	waited   bool
	begun    time.Time
	ended    *end
	restarts int
	wait     time.Duration
	again    time.Time
}

// end is how a container's last run ended.
type end struct {
	code       int
	text       string
	begun, now time.Time
}

// life is one pod's.
type life struct {
	started  time.Time
	ip       string
	runs     map[string]*run
	events   map[string]bool
	lastSent time.Time
	sent     map[string]any
}

func (l *life) run(name string) *run {
	if l.runs[name] == nil {
		l.runs[name] = &run{}
	}
	return l.runs[name]
}

// advance takes a container as far as it gets by now; it tells whether it has ended for good, and well.
func (p *Player) advance(l *life, pod *Pod, c Container, init bool, fault string, now time.Time) (finished, failed bool) {
	one := l.run(c.Name)
	if !one.pulled && !p.pull(l, pod, c, one, fault, now) {
		return false, false
	}
	plan := planOf(pod, c, init, fault)
	if one.running && (plan.forever || now.Sub(one.begun) < plan.after) {
		one.ready = fault != FaultNeverReady
		return false, false
	}
	if one.running {
		one.running, one.ready = false, false
		one.ended = &end{code: plan.code, text: plan.text, begun: one.begun, now: now}
		one.again = now
		return p.settle(l, pod, c, one, init, now)
	}
	if one.ended != nil {
		finished, failed := p.settle(l, pod, c, one, init, now)
		if finished || now.Before(one.again) {
			return finished, failed
		}
		one.restarts++
	}
	one.running, one.begun, one.waited = true, now, false
	if !plan.forever && plan.after == 0 {
		return p.advance(l, pod, c, init, fault, now)
	}
	one.ready = fault != FaultNeverReady
	return false, false
}

// settle decides after an end whether the container runs again, and when.
func (p *Player) settle(l *life, pod *Pod, c Container, one *run, init bool, now time.Time) (finished, failed bool) {
	bad := one.ended.code != 0
	switch {
	case init && !bad, !bad && pod.Spec.RestartPolicy != "Always":
		return true, false
	case bad && pod.Spec.RestartPolicy == "Never":
		return true, true
	}
	if one.ended.now == now {
		return false, false
	}
	if !one.waited {
		// Each wait begins with an end.
		one.wait = min(max(2*one.wait, firstBackOff), lastBackOff)
		one.waited, one.again = true, one.ended.now.Add(one.wait)
		p.event(l, pod, "Warning", "BackOff", fmt.Sprintf("Back-off restarting failed container %s in pod %s",
			c.Name, pod.fullName()), "spec.containers{"+c.Name+"}")
	}
	return false, false
}

// pull tells whether the image is there.
func (p *Player) pull(l *life, pod *Pod, c Container, one *run, fault string, now time.Time) bool {
	if one.failure != "" && now.Before(one.retryAt) {
		if !one.waited {
			one.waited = true
			p.event(l, pod, "Normal", "BackOff", fmt.Sprintf("Back-off pulling image %q", c.Image), "spec.containers{"+c.Name+"}")
			p.event(l, pod, "Warning", "Failed", "Error: ImagePullBackOff", "spec.containers{"+c.Name+"}")
		}
		return false
	}
	done, failure := true, ""
	if fault == FaultImagePull {
		failure = fmt.Sprintf("rpc error: code = NotFound desc = failed to pull and unpack image %q: "+
			"failed to resolve reference %q: %s: not found", c.Image, c.Image, c.Image)
	} else {
		done, failure = p.Images.Pull(pod, c)
	}
	one.pulling = !done
	if !done {
		return false
	}
	if one.pulled = failure == ""; one.pulled {
		one.failure = ""
		return true
	}
	one.failure, one.waited = failure, false
	one.pullWait = min(max(2*one.pullWait, firstBackOff), lastBackOff)
	one.retryAt = now.Add(one.pullWait)
	reason := "ErrImagePull"
	if strings.Contains(failure, "pull policy of Never") {
		reason = "ErrImageNeverPull"
		p.event(l, pod, "Warning", reason, failure, "spec.containers{"+c.Name+"}")
	} else {
		p.event(l, pod, "Warning", "Failed", fmt.Sprintf("Failed to pull image %q: %s", c.Image, failure), "spec.containers{"+c.Name+"}")
	}
	p.event(l, pod, "Warning", "Failed", "Error: "+reason, "spec.containers{"+c.Name+"}")
	return false
}
