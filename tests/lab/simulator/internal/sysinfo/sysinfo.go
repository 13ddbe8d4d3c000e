// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package sysinfo reports on this machine in the shape of k0s' own report.
package sysinfo

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"mke4k.core/tests/lab/simulator/internal/fault"
)

// Probe is one line of the report.
type Probe struct {
	Path        []string `json:"path"`
	DisplayName string   `json:"displayName"`
	Prop        string   `json:"prop"`
	Message     string   `json:"message"`
	Category    string   `json:"category"`
	Error       *string  `json:"error"`
}

// Failed tells whether a probe was rejected.
func Failed(probes []Probe) bool {
	for _, probe := range probes {
		if probe.Category == "rejected" || probe.Category == "error" {
			return true
		}
	}
	return false
}

// Run probes what a node of these roles needs.
func Run(controller, worker bool, dataDir string) []Probe {
	probes := []Probe{memory(controller)}
	probes = append(probes, disk(dataDir, worker)...)
	probes = append(probes, localhost())
	probes = append(probes, kernel()...)
	if worker {
		probes = append(probes, programs()...)
		probes = append(probes, cgroups()...)
	}
	if fault.Read().Sysinfo == "reject" {
		probes = append(probes, Probe{Path: []string{"os", "cgroups", "cpu"}, DisplayName: "cgroup controller \"cpu\"",
			Prop: "unavailable", Category: "rejected"})
	}
	return probes
}

func pass(path []string, name, prop string) Probe {
	return Probe{Path: path, DisplayName: name, Prop: prop, Category: "pass"}
}

func memory(controller bool) Probe {
	var info syscall.Sysinfo_t
	probe := pass([]string{"memory"}, "Total memory", "")
	if err := syscall.Sysinfo(&info); err != nil {
		probe.Category, probe.Message = "warning", err.Error()
		return probe
	}
	total := uint64(info.Totalram) * uint64(info.Unit)
	probe.Prop = fmt.Sprintf("%.1f GiB", float64(total)/(1<<30))
	needed := uint64(500 << 20)
	if controller {
		needed = 1 << 30
	}
	if total < needed {
		probe.Category, probe.Message = "warning", fmt.Sprintf("%d MiB recommended", needed>>20)
	}
	return probe
}

func disk(dataDir string, worker bool) []Probe {
	path := dataDir
	for path != "/" {
		if _, err := os.Stat(path); err == nil {
			break
		}
		path = filepath.Dir(path)
	}
	space := pass([]string{"disk:" + dataDir}, "Disk space available for "+dataDir, "")
	relative := pass([]string{"reldisk:" + dataDir}, "Relative disk space available for "+dataDir, "")
	var found syscall.Statfs_t
	if err := syscall.Statfs(path, &found); err != nil {
		space.Category, space.Message = "warning", err.Error()
		return []Probe{space}
	}
	free := found.Bavail * uint64(found.Bsize)
	space.Prop = fmt.Sprintf("%.1f GiB", float64(free)/(1<<30))
	needed := uint64(500 << 20)
	if worker {
		needed = 1300 << 20
	}
	if free < needed {
		space.Category, space.Message = "warning", fmt.Sprintf("%.1f GiB recommended", float64(needed)/(1<<30))
	}
	percent := 100 * found.Bavail / max(found.Blocks, 1)
	relative.Prop = fmt.Sprintf("%d%%", percent)
	if worker && percent < 15 {
		relative.Category, relative.Message = "warning", "15% recommended"
	}
	return []Probe{space, relative}
}

func localhost() Probe {
	return pass([]string{"nameResolution:localhost"}, "Name resolution: localhost", "[127.0.0.1]")
}

func kernel() []Probe {
	content, err := os.ReadFile("/proc/sys/kernel/osrelease")
	if err != nil {
		return []Probe{{Path: []string{"os"}, DisplayName: "Operating system", Prop: runtime.GOOS, Category: "rejected"}}
	}
	return []Probe{
		pass([]string{"os"}, "Operating system", "Linux"),
		pass([]string{"os", "kernelRelease"}, "Linux kernel release", strings.TrimSpace(string(content))),
	}
}

func programs() []Probe {
	var probes []Probe
	for _, name := range []string{"modprobe", "mount", "umount"} {
		probe := pass([]string{"os", "executable:" + name}, "Executable in PATH: "+name, "")
		if path, err := exec.LookPath(name); err == nil {
			probe.Prop = path
		} else {
			probe.Category, probe.Prop = "warning", err.Error()
		}
		probes = append(probes, probe)
	}
	return probes
}

func cgroups() []Probe {
	version := "version 1"
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.controllers"); err == nil {
		version = "version 2"
	}
	probes := []Probe{pass([]string{"os", "cgroups"}, "Control Groups", version)}
	for _, name := range []string{"cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "pids"} {
		path := []string{"os", "cgroups", name}
		probes = append(probes, pass(path, fmt.Sprintf("cgroup controller %q", name), "available"))
	}
	return probes
}
