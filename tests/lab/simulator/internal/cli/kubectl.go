// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"mke4k.core/tests/lab/simulator/internal/kubeapi"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

// rawPath is the path of `kubectl get --raw PATH`, which works here without kubectl.
func rawPath(args []string) string {
	for i, arg := range args {
		if value, found := strings.CutPrefix(arg, "--raw="); found {
			return value
		}
		if arg == "--raw" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

func getRaw(v *vars.Vars, path string) error {
	config := v.AdminKubeConfigPath
	if given := os.Getenv("KUBECONFIG"); given != "" {
		config = given
	}
	client, err := kubeapi.NewClientFromFile(config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var content []byte
	err = client.Do(ctx, http.MethodGet, path, "", nil, &content)
	var answer *kubeapi.Error
	if errors.As(err, &answer) {
		return fmt.Errorf("error from server: %w", err)
	}
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(content)
	return err
}
