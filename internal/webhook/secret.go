package webhook

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

const (
	secretPrefix = "whsec_"
	newSecret    = 32 // bytes
	leastSecret  = 24
	mostSecret   = 64
)

// checkSecret says what is wrong with a secret; nil if nothing is.
func checkSecret(secret string) error {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, secretPrefix))
	if err != nil || len(key) < leastSecret || len(key) > mostSecret {
		return fmt.Errorf("the webhook's secret must be the base64 of %d to %d bytes, such as %sJ5bd…", leastSecret, mostSecret, secretPrefix)
	}
	return nil
}

// ReadSecret reads the secret in a file, and makes one, for the file's owner only,
// where there is none.
func ReadSecret(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err == nil {
		secret := strings.TrimSpace(string(data))
		if err := checkSecret(secret); err != nil {
			return "", fmt.Errorf("%s: %w", file, err)
		}
		return secret, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	key := make([]byte, newSecret)
	_, _ = rand.Read(key) // never fails
	secret := secretPrefix + base64.StdEncoding.EncodeToString(key)
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return "", err
	}
	_, err = f.WriteString(secret + "\n")
	return secret, errors.Join(err, f.Sync(), f.Close())
}
