// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package controller

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"mke4k.core/tests/lab/simulator/internal/joinapi"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/pki"
)

// joinCluster fetches the shared keys unless this host has joined before.
func (c *Controller) joinCluster(ctx context.Context) error {
	if c.Options.Token == nil || c.joined() {
		return nil
	}
	text, err := c.Options.Token()
	if err != nil {
		return err
	}
	client, err := joinapi.NewClient(text)
	if err != nil {
		return fmt.Errorf("failed to create join client: %w", err)
	}
	logs.Info("Joining existing cluster via " + client.Address())
	var ca *joinapi.CA
	err = retry(ctx, 100*time.Millisecond, time.Minute, func(ctx context.Context) error {
		ca, err = client.CA(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("failed to join existing cluster via %s: %w", client.Address(), err)
	}
	logs.Info("Got valid CA response, storing certificates")
	c.join = client
	for _, one := range []struct {
		name    string
		content []byte
		mode    fs.FileMode
	}{{"ca.key", ca.Key, 0o640}, {"ca.crt", ca.Cert, 0o644}, {"sa.key", ca.SAKey, 0o640}, {"sa.pub", ca.SAPub, 0o644}} {
		if err := pki.Write(c.Vars.Pki(one.name), one.content, one.mode); err != nil {
			return fmt.Errorf("failed to write %s: %w", one.name, err)
		}
	}
	return nil
}

func (c *Controller) joined() bool {
	if c.Config.Spec.Storage.Type == "etcd" {
		return exists(c.Vars.EtcdDatabase())
	}
	return exists(c.Vars.Pki("ca.key")) && exists(c.Vars.Pki("ca.crt"))
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// retry tries ten times, waiting twice as long each time.
func retry(ctx context.Context, delay, longest time.Duration, step func(context.Context) error) error {
	const attempts = 10
	for attempt := 1; ; attempt++ {
		limited, cancel := context.WithTimeout(ctx, 10*time.Second)
		err := step(limited)
		cancel()
		if err == nil || attempt == attempts {
			return err
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(min(delay, longest)):
			delay *= 2
		}
	}
}
