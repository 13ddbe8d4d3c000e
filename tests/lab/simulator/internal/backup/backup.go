// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package backup writes and reads k0s' backup archives.
package backup

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"mke4k.core/tests/lab/simulator/internal/config"
	"mke4k.core/tests/lab/simulator/internal/etcd"
	"mke4k.core/tests/lab/simulator/internal/logs"
	"mke4k.core/tests/lab/simulator/internal/vars"
)

const snapshotName = "etcd-snapshot.db"

// Create writes k0s_backup_<time>.tar.gz into dir, or the archive to out when dir is "-".
func Create(ctx context.Context, v *vars.Vars, dir string, out io.Writer) error {
	temporary, err := os.MkdirTemp("", "k0s-backup")
	if err != nil {
		return fmt.Errorf("failed to create temporary directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	logs.Info("Starting backup")
	snapshot := filepath.Join(temporary, snapshotName)
	if err := saveSnapshot(ctx, v, snapshot); err != nil {
		return fmt.Errorf("failed to create backup on step `etcd`: %w", err)
	}
	if dir == "-" {
		return archive(out, v, snapshot)
	}
	target := filepath.Join(dir, "k0s_backup_"+time.Now().Format("2006-01-02T15_04_05_000Z")+".tar.gz")
	// k0s makes this file readable by all, although it holds the cluster's keys.
	file, err := os.OpenFile(target, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(archive(file, v, snapshot), file.Close()); err != nil {
		return fmt.Errorf("error creating archive: %w", err)
	}
	logs.Info("archive " + target + " created successfully")
	return nil
}

func saveSnapshot(ctx context.Context, v *vars.Vars, target string) error {
	client, err := etcd.New(v)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(target, os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(client.Snapshot(ctx, file), file.Close())
}

func archive(out io.Writer, v *vars.Vars, snapshot string) error {
	zipped := gzip.NewWriter(out)
	writer := tar.NewWriter(zipped)
	err := add(writer, snapshot, snapshotName)
	for _, dir := range []string{v.CertRootDir, v.ManifestsDir, v.OCIBundleDir, v.HelmHome} {
		err = errors.Join(err, addTree(writer, dir, v.DataDir))
	}
	err = errors.Join(err, add(writer, v.StartupConfigPath, "k0s.yaml"))
	return errors.Join(err, writer.Close(), zipped.Close())
}

func addTree(writer *tar.Writer, root, base string) error {
	err := filepath.WalkDir(root, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(base, path)
		if err != nil {
			return err
		}
		return add(writer, path, name)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func add(writer *tar.Writer, path, name string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("failed to open file: %w", err)
	}
	defer func() { _ = file.Close() }()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	header, err := tar.FileInfoHeader(info, "")
	if err != nil {
		return err
	}
	header.Name = name
	if err := writer.WriteHeader(header); err != nil || info.IsDir() {
		return err
	}
	_, err = io.Copy(writer, file)
	return err
}

// Restore unpacks an archive into the data directory and writes the configuration to configOut.
func Restore(v *vars.Vars, source, configOut string, out io.Writer) error {
	temporary, err := os.MkdirTemp("", "k0s-backup")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temporary) }()
	if err := unpack(source, temporary); err != nil {
		return fmt.Errorf("failed to unpack backup archive `%s`: %w", source, err)
	}
	if err := os.MkdirAll(v.DataDir, 0o755); err != nil {
		return err
	}
	for _, name := range []string{"pki", "manifests", "images", "helmhome"} {
		if err := copyTree(filepath.Join(temporary, name), filepath.Join(v.DataDir, name)); err != nil {
			return fmt.Errorf("failed to restore on step `filesystem path %s`: %w", name, err)
		}
	}
	content, err := os.ReadFile(filepath.Join(temporary, "k0s.yaml"))
	if err != nil {
		return err
	}
	if err := restoreEtcd(v, filepath.Join(temporary, snapshotName), content); err != nil {
		return fmt.Errorf("failed to restore on step `etcd`: %w", err)
	}
	if configOut == "-" {
		_, err = out.Write(content)
		return err
	}
	return os.WriteFile(configOut, content, 0o644)
}

func restoreEtcd(v *vars.Vars, snapshot string, configuration []byte) error {
	settings, err := config.Parse(configuration)
	if err != nil {
		return err
	}
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	address := "127.0.0.1" // where the simulator keeps what k0s keeps in kine
	if storage := settings.Spec.Storage; storage.Type == "etcd" {
		address = storage.Etcd.PeerAddress
	}
	return etcd.Restore(snapshot, v.EtcdDataDir, name, etcd.PeerURL(address))
}

// ConfigName is where Restore writes the configuration unless told otherwise.
func ConfigName(archive string) string {
	if archive == "-" {
		return "-"
	}
	name, _, _ := strings.Cut(filepath.Base(archive), ".")
	return "k0s_" + strings.TrimPrefix(name, "k0s_backup_") + ".yaml"
}

func unpack(source, target string) error {
	input := io.ReadCloser(os.Stdin)
	if source != "-" {
		file, err := os.Open(source)
		if err != nil {
			return err
		}
		input = file
	}
	defer func() { _ = input.Close() }()
	unzipped, err := gzip.NewReader(input)
	if err != nil {
		return err
	}
	reader := tar.NewReader(unzipped)
	for {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := extract(reader, header, target); err != nil {
			return err
		}
	}
}

func extract(reader io.Reader, header *tar.Header, target string) error {
	if !filepath.IsLocal(header.Name) {
		return fmt.Errorf("archive entry %q leaves the directory", header.Name)
	}
	path := filepath.Join(target, header.Name)
	if header.FileInfo().IsDir() {
		return os.MkdirAll(path, header.FileInfo().Mode().Perm()|0o700)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, header.FileInfo().Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(file, reader)
	return errors.Join(err, file.Close())
}

func copyTree(source, target string) error {
	if _, err := os.Stat(source); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return filepath.WalkDir(source, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(source, path)
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		destination := filepath.Join(target, relative)
		if entry.IsDir() {
			return os.MkdirAll(destination, info.Mode().Perm())
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(destination, content, info.Mode().Perm())
	})
}
