// Copyright: (c) 2026, mke4k.core contributors
// GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later

// Package pki makes the certificates and keys of a controller, under k0s' names.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// CA is a certificate authority in memory.
type CA struct {
	Certificate *x509.Certificate
	Key         crypto.Signer
	PEM         []byte
}

// Request describes a leaf certificate.
type Request struct {
	CN, O   string
	Names   []string
	Expires time.Duration
}

// EnsureCA loads base.crt and base.key or makes them.
func EnsureCA(base, cn string, expires time.Duration) (*CA, error) {
	ca, err := LoadCA(base)
	if err == nil || !errors.Is(err, fs.ErrNotExist) {
		return ca, err
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: cn},
		NotBefore: now.Add(-5 * time.Minute), NotAfter: now.Add(expires),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	if err := writeKey(base+".key", key, 0o640); err != nil {
		return nil, err
	}
	if err := Write(base+".crt", encode("CERTIFICATE", der), 0o644); err != nil {
		return nil, err
	}
	return LoadCA(base)
}

// LoadCA reads base.crt and base.key.
func LoadCA(base string) (*CA, error) {
	text, err := os.ReadFile(base + ".crt")
	if err != nil {
		return nil, err
	}
	certificate, err := ParseCertificate(text)
	if err != nil {
		return nil, fmt.Errorf("%s.crt: %w", base, err)
	}
	key, err := loadKey(base + ".key")
	if err != nil {
		return nil, err
	}
	return &CA{Certificate: certificate, Key: key, PEM: text}, nil
}

// ParseCertificate reads the first certificate of a PEM text.
func ParseCertificate(text []byte) (*x509.Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM block found")
	}
	return x509.ParseCertificate(block.Bytes)
}

func loadKey(path string) (crypto.Signer, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, fmt.Errorf("%s: no PEM block found", path)
	}
	switch block.Type {
	case "RSA PRIVATE KEY":
		return x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		return x509.ParseECPrivateKey(block.Bytes)
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, fmt.Errorf("%s: key of type %T can't sign", path, key)
	}
	return signer, nil
}

// Issue signs a leaf and returns certificate and key; like k0s, every start of a controller issues anew.
func (ca *CA) Issue(r Request) (certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	certificate, err = ca.Sign(r, private.Public())
	if err != nil {
		return nil, nil, err
	}
	der, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		return nil, nil, err
	}
	return certificate, encode("EC PRIVATE KEY", der), nil
}

// Sign signs a public key.
func (ca *CA) Sign(r Request, public crypto.PublicKey) ([]byte, error) {
	now := time.Now()
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{CommonName: r.CN},
		NotBefore: now.Add(-5 * time.Minute), NotAfter: now.Add(r.Expires),
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	if r.O != "" {
		template.Subject.Organization = []string{r.O}
	}
	seen := map[string]bool{}
	for _, name := range r.Names {
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, ca.Certificate, public, ca.Key)
	if err != nil {
		return nil, err
	}
	return encode("CERTIFICATE", der), nil
}

// EnsureKeyPair makes base.key and base.pub unless they are there.
func EnsureKeyPair(base string, uid int) error {
	if _, err := os.Stat(base + ".key"); err == nil {
		if _, err := os.Stat(base + ".pub"); err == nil {
			return Chown(uid, base+".key", base+".pub")
		}
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	if err := writeKey(base+".key", key, 0o640); err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	if err := Write(base+".pub", encode("PUBLIC KEY", der), 0o644); err != nil {
		return err
	}
	return Chown(uid, base+".key", base+".pub")
}

func writeKey(path string, key *rsa.PrivateKey, mode fs.FileMode) error {
	return Write(path, encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), mode)
}

// Write replaces a file atomically.
func Write(path string, content []byte, mode fs.FileMode) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(content)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temporary.Name()))
	}
	return nil
}

// Chown gives files to a user; as non-root it does nothing.
func Chown(uid int, paths ...string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	for _, path := range paths {
		if err := os.Chown(path, uid, -1); err != nil {
			return err
		}
	}
	return nil
}

func encode(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func serial() *big.Int {
	limit := new(big.Int).Lsh(big.NewInt(1), 120)
	number, err := rand.Int(rand.Reader, limit)
	if err != nil {
		panic(fmt.Sprintf("the kernel gives no random numbers: %v", err))
	}
	return number
}
