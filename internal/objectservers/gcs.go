package objectservers

import (
	"os/exec"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// GCS is an emulator of Google Cloud Storage, which needs no credentials.
type GCS struct{ Address string }

// StartGCS starts fake-gcs-server and has Google's client in the test's process
// call it.
func StartGCS(t *testing.T) *GCS {
	t.Helper()
	address := freeAddress(t)
	host, port := split(t, address)
	start(t, exec.Command(needs.Tool(t, "fake-gcs-server"), "-scheme", "http", "-host", host, "-port", port,
		"-backend", "memory", "-public-host", address, "-log-level", "error"), address)
	t.Setenv("STORAGE_EMULATOR_HOST", address)
	return &GCS{address}
}

// URL is that of a bucket and a prefix in it, as a server is configured with.
func (*GCS) URL(bucket, prefix string) string {
	return "gs://" + bucket + "/" + prefix + "?anonymous=true"
}
