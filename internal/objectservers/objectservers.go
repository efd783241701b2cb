// Package objectservers starts servers of object stores for tests: real ones, on
// loopback, that live as long as the test. Where one is not installed the test is
// skipped, out loud, or fails (package needs).
package objectservers

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/needs"
)

// S3 is a server of S3's protocol on a directory. Each folder below Root is a
// bucket.
type S3 struct {
	Root, Address string
	// Key and Secret are the credentials of the root user.
	Key, Secret string
}

// StartS3 starts versitygw, and makes its credentials those of the test's
// process.
func StartS3(t testing.TB) *S3 {
	t.Helper()
	program := needs.Tool(t, "versitygw")
	s := &S3{Root: t.TempDir(), Address: freeAddress(t), Key: "tester", Secret: "tester's secret"}
	cmd := exec.Command(program, "--quiet", "--port", s.Address, "posix", s.Root)
	cmd.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+s.Key, "ROOT_SECRET_KEY="+s.Secret)
	start(t, cmd, s.Address)
	if t, ok := t.(*testing.T); ok {
		t.Setenv("AWS_ACCESS_KEY_ID", s.Key)
		t.Setenv("AWS_SECRET_ACCESS_KEY", s.Secret)
		t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	}
	return s
}

// URL is that of a bucket and a prefix in it, as a server is configured with.
func (s *S3) URL(bucket, prefix string) string {
	return fmt.Sprintf("s3://%s/%s?endpoint=http://%s&region=us-east-1", bucket, prefix, s.Address)
}

// MakeBucket makes a bucket.
func (s *S3) MakeBucket(t testing.TB, name string) {
	t.Helper()
	if err := os.Mkdir(filepath.Join(s.Root, name), 0o755); err != nil {
		t.Fatal(err)
	}
}

// patience is how long a test waits for what must come.
const patience = time.Minute

func freeAddress(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func split(t testing.TB, address string) (host, port string) {
	t.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// start starts a server and returns when it takes connections.
func start(t testing.TB, cmd *exec.Cmd, address string) {
	t.Helper()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait() // it is killed
		close(ended)
	}()
	t.Cleanup(func() {
		cmd.Process.Kill()
		<-ended
	})
	// A program of somebody else's does not tell when it listens.
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	deadline := time.NewTimer(patience)
	defer deadline.Stop()
	for {
		c, err := net.Dial("tcp", address)
		if err == nil {
			c.Close()
			return
		}
		select {
		case <-again.C:
		case <-ended:
			t.Fatalf("%s ended: %s", cmd.Path, out.Bytes())
		case <-deadline.C:
			t.Fatalf("%s does not listen: %v", cmd.Path, err)
		}
	}
}
