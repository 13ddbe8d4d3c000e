// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package supervise runs the child processes of a controller.
package supervise

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"mke4k.core/tests/lab/simulator/internal/logs"
)

const (
	marker       = "_K0S_MANAGED=yes"
	respawnDelay = 5 * time.Second
	stopTimeout  = 5 * time.Second
)

// Child is a process that is started again when it ends.
type Child struct {
	Name   string
	Args   []string
	BinDir string
	RunDir string
	UID    int

	mutex   sync.Mutex
	command *exec.Cmd
	stop    chan struct{}
	done    chan struct{}
}

// Find looks for a program where k0s does: in the data directory, then in PATH, then where the lab mounts them.
func Find(name, binDir string) (string, error) {
	candidates := []string{filepath.Join(binDir, name)}
	if path, err := exec.LookPath(name); err == nil {
		candidates = append(candidates, path)
	}
	candidates = append(candidates, "/usr/local/lib/k0s-bin/"+name)
	for _, path := range candidates {
		if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return path, nil
		}
	}
	return "", fmt.Errorf("not an embedded asset: %s, and it is in none of %s", name, strings.Join(candidates, ", "))
}

// Start runs the program until Stop.
func (c *Child) Start() error {
	path, err := Find(c.Name, c.BinDir)
	if err != nil {
		return err
	}
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.stop != nil {
		return errors.New(c.Name + " is already started")
	}
	if err := c.endLeftover(); err != nil {
		return err
	}
	c.stop, c.done = make(chan struct{}), make(chan struct{})
	if err := c.spawn(path); err != nil {
		c.stop = nil
		return err
	}
	go c.keep(path, c.stop, c.done)
	return nil
}

// Running tells whether Start was called and Stop was not.
func (c *Child) Running() bool {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	return c.stop != nil
}

func (c *Child) keep(path string, stop, done chan struct{}) {
	defer close(done)
	for {
		ended := make(chan error, 1)
		go func() { ended <- c.command.Wait() }()
		select {
		case err := <-ended:
			logs.Warn("Failed to wait for process", "component", c.Name, "error", fmt.Sprint(err))
		case <-stop:
			c.terminate(ended)
			return
		}
		select {
		case <-stop:
			return
		case <-time.After(respawnDelay):
		}
		logs.Info("respawning", "component", c.Name)
		if err := c.spawn(path); err != nil {
			logs.Error("Failed to respawn", "component", c.Name, "error", err.Error())
			return
		}
	}
}

// terminate asks again and again, as k0s does; kube-apiserver ends at once when asked twice.
func (c *Child) terminate(ended chan error) {
	for {
		if err := c.command.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
			logs.Warn("Failed to send SIGTERM", "component", c.Name, "error", err.Error())
		}
		select {
		case <-ended:
			if err := os.Remove(c.pidFile()); err != nil {
				logs.Warn("Failed to remove PID file", "component", c.Name, "error", err.Error())
			}
			return
		case <-time.After(stopTimeout):
		}
	}
}

// Stop ends the process and waits for its end.
func (c *Child) Stop() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.stop == nil {
		return
	}
	close(c.stop)
	<-c.done
	c.stop = nil
	logs.Info("Stopped process", "component", c.Name)
}

func (c *Child) spawn(path string) error {
	command := exec.Command(path, c.Args...)
	command.Env = append(os.Environ(), marker)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if os.Geteuid() == 0 && c.UID != 0 {
		command.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(c.UID), Gid: 0}
	}
	stdout, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	stderr, err := command.StderrPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	go forward(stdout, c.Name, "stdout")
	go forward(stderr, c.Name, "stderr")
	c.command = command
	logs.Info("Started successfully, go nuts pid "+strconv.Itoa(command.Process.Pid), "component", c.Name)
	return os.WriteFile(c.pidFile(), []byte(strconv.Itoa(command.Process.Pid)+"\n"), 0o644)
}

func forward(from io.Reader, component, stream string) {
	reader := bufio.NewReader(from)
	for {
		line, err := reader.ReadString('\n')
		if text := strings.TrimRight(line, "\n"); text != "" {
			logs.Info(text, "component", component, "stream", stream)
		}
		if err != nil {
			return
		}
	}
}

func (c *Child) pidFile() string { return filepath.Join(c.RunDir, c.Name+".pid") }

// endLeftover ends the process of a k0s that was killed.
func (c *Child) endLeftover() error {
	text, err := os.ReadFile(c.pidFile())
	if err != nil {
		return nil
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 {
		return nil
	}
	environment, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
	if err != nil || !strings.Contains(string(environment), marker) {
		return nil
	}
	logs.Info("Ending leftover process "+strconv.Itoa(pid), "component", c.Name)
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		return err
	}
	for start := time.Now(); time.Since(start) < stopTimeout; time.Sleep(50 * time.Millisecond) {
		if syscall.Kill(pid, 0) != nil {
			return nil
		}
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}
