// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package logs writes lines in the format of k0s' journal.
package logs

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

var (
	mutex   sync.Mutex
	output  io.Writer = os.Stderr
	verbose bool
)

// Verbose also writes info lines; commands that end soon only warn.
func Verbose(on bool) { verbose = on }

// ToStdout is what long-running commands do.
func ToStdout() { output = os.Stdout }

// Info writes a line; pairs are names and values that follow the message.
func Info(message string, pairs ...string) {
	if verbose {
		write("info", message, pairs)
	}
}

// Warn writes a line.
func Warn(message string, pairs ...string) { write("warning", message, pairs) }

// Error writes a line.
func Error(message string, pairs ...string) { write("error", message, pairs) }

// Fatal writes a line and ends the process.
func Fatal(message string) {
	write("fatal", message, nil)
	os.Exit(1)
}

func write(level, message string, pairs []string) {
	var text strings.Builder
	fmt.Fprintf(&text, "time=%q level=%s msg=%q", time.Now().Format("2006-01-02 15:04:05"), level, message)
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&text, " %s=%s", pairs[i], quoted(pairs[i+1]))
	}
	text.WriteByte('\n')
	mutex.Lock()
	defer mutex.Unlock()
	// A journal that does not take lines is no reason to stop working.
	_, _ = io.WriteString(output, text.String())
}

func quoted(value string) string {
	if value == "" || strings.ContainsAny(value, " \"=\t\n") {
		return fmt.Sprintf("%q", value)
	}
	return value
}
