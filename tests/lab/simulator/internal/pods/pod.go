// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package pods plays the life of the pods on a node: images are pulled, containers start, end, crash and become ready.
package pods

import (
	"path"
	"strconv"
	"strings"
	"time"
)

// FaultAnnotation makes a pod fail as it says.
const FaultAnnotation = "k0s-simulator/fault"

// What a pod can be told.
const (
	FaultImagePull  = "image-pull"
	FaultCrashLoop  = "crash-loop"
	FaultFail       = "fail"
	FaultNeverReady = "never-ready"
)

// Pod is what of a pod matters here.
type Pod struct {
	Metadata struct {
		Name, Namespace, UID, DeletionTimestamp string
		Annotations                             map[string]string
		OwnerReferences                         []struct{ Kind string }
	}
	Spec struct {
		RestartPolicy    string
		HostNetwork      bool
		ImagePullSecrets []struct{ Name string }
		InitContainers   []Container
		Containers       []Container
	}
	Status Status
}

// Container is one container of a pod.
type Container struct {
	Name, Image, ImagePullPolicy, RestartPolicy, TerminationMessagePolicy string
	Command, Args                                                         []string
}

// Status is a pod's, as far as it is read again.
type Status struct {
	Phase, PodIP, StartTime string
	Conditions              []Condition
	ContainerStatuses       []struct {
		Name         string
		RestartCount int
		State        map[string]any
	}
}

// Condition is one of a pod.
type Condition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	Reason             string `json:"reason,omitempty"`
	Message            string `json:"message,omitempty"`
	LastTransitionTime string `json:"lastTransitionTime,omitempty"`
	// LastProbeTime is always null, as the API shows it.
	LastProbeTime any `json:"lastProbeTime"`
}

func (p *Pod) fullName() string {
	return p.Metadata.Name + "_" + p.Metadata.Namespace + "(" + p.Metadata.UID + ")"
}

// fault is the annotation, or what the switches of the host say about the first pattern that fits NAMESPACE/NAME.
func (p *Pod) fault(switches map[string]string) string {
	if told := p.Metadata.Annotations[FaultAnnotation]; told != "" {
		return told
	}
	for pattern, told := range switches {
		if fits, err := path.Match(pattern, p.Metadata.Namespace+"/"+p.Metadata.Name); err == nil && fits {
			return told
		}
	}
	return ""
}

// plan is what a container does once it runs.
type plan struct {
	forever bool
	after   time.Duration
	code    int
	text    string
}

// servers are the commands of test images that run until they are ended.
var servers = []string{"netexec", "pause", "serve-hostname", "test-webserver"}

// planOf knows the words of the lab's own programs; any other container does what its kind and its pod's restart
// policy let expect.
func planOf(p *Pod, c Container, init bool, fault string) plan {
	words := append(append([]string{}, c.Command...), c.Args...)
	switch {
	case fault == FaultCrashLoop || fault == FaultFail:
		return plan{code: 1, text: "the simulator was told to let this container fail"}
	case len(words) > 1 && words[len(words)-2] == "sleep":
		if seconds, err := strconv.ParseFloat(words[len(words)-1], 64); err == nil {
			return plan{after: time.Duration(seconds * float64(time.Second))}
		}
	case len(words) > 2 && words[len(words)-3] == "exit":
		if code, err := strconv.Atoi(words[len(words)-2]); err == nil {
			return plan{code: code, text: words[len(words)-1]}
		}
	}
	if init {
		return plan{forever: c.RestartPolicy == "Always"}
	}
	for _, word := range words {
		for _, server := range servers {
			if strings.TrimPrefix(word, "/") == server {
				return plan{forever: true}
			}
		}
	}
	return plan{forever: p.Spec.RestartPolicy == "Always" || p.Spec.RestartPolicy == ""}
}
