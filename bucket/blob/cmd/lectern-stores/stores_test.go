package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/objectservers"
)

// TestObjectStores runs the program with object stores linked in on one: a long
// operation's object stands where --map says, doctor and /readyz tell of the
// buckets, and one that is missing is told at the start.
func TestObjectStores(t *testing.T) {
	s3 := objectservers.StartS3(t)
	for _, name := range []string{"all", "audio", "pieces"} {
		s3.MakeBucket(t, name)
	}
	workers := newWorkers(t)
	stores := []string{"--buckets", s3.URL("all", ""), "--map", "books=" + s3.URL("audio", "acme"), "--scratch", s3.URL("pieces", "")}
	server, told := serveStores(t, workers, stores...)
	if strings.Contains(told(), "cannot be written") {
		t.Errorf("the server says: %s", told())
	}
	var out bytes.Buffer
	lectern := func(args ...string) int {
		out.Reset()
		return program().Run(t.Context(), args, os.Getenv, bytes.NewReader(nil), &out, &out)
	}
	text := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(text, []byte(strings.Repeat("Hello you. ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	for uri, path := range map[string]string{"gs://books/a/long.wav": "audio/acme/a/long.wav", "gs://others/long.ogg": "all/others/long.ogg"} {
		if code := lectern("long", text, uri, "--wait", "--server", server); code != 0 {
			t.Fatalf("long %s: %d: %s", uri, code, out.String())
		}
		if st, err := os.Stat(filepath.Join(s3.Root, path)); err != nil || st.Size() < 10_000 {
			t.Errorf("%s: %v, %v", uri, st, err)
		}
	}
	doctor := append([]string{"doctor", "--data", t.TempDir(), "--worker-dir", workers}, stores...)
	lectern(doctor...)
	if !strings.Contains(out.String(), "ok    buckets  objects can be written") {
		t.Errorf("doctor says: %s", out.String())
	}
	t.Setenv("AWS_SECRET_ACCESS_KEY", "wrong")
	lectern(doctor...)
	if n := strings.Count(out.String(), "BAD   buckets"); n < 2 || !strings.Contains(out.String(), "credentials are wrong") {
		t.Errorf("with wrong credentials doctor says: %s", out.String())
	}
	_, told = serveStores(t, workers, "--buckets", s3.URL("all", ""))
	if !strings.Contains(told(), "s3://all/ cannot be used: its credentials are wrong there") {
		t.Errorf("with wrong credentials the server says: %s", told())
	}
}

// newWorkers is a directory with a worker in it, of the tone engine.
func newWorkers(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "lectern-flite"), "github.com/lectern/lectern/internal/command/testdata/toneworker").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir
}

var greeting = regexp.MustCompile(`serves http://(\S+)`)

// serveStores runs a server until the test ends; told is what it has logged.
func serveStores(t *testing.T, workers string, stores ...string) (address string, told func() string) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	reader, stdout := io.Pipe()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	told = func() string {
		said, err := os.ReadFile(log.Name())
		if err != nil {
			t.Fatal(err)
		}
		return string(said)
	}
	done := make(chan int, 1)
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir(), "--worker-dir", workers, "--slots", "2"}, stores...)
	go func() {
		code := program().Run(ctx, args, func(string) string { return "" }, bytes.NewReader(nil), stdout, log)
		stdout.Close()
		done <- code
	}()
	t.Cleanup(func() {
		stop()
		code := <-done
		if log.Close(); code != 0 {
			t.Errorf("the server ended with %d: %s", code, told())
		}
	})
	greeted := make([]byte, 4096)
	n, err := reader.Read(greeted)
	match := greeting.FindSubmatch(greeted[:n])
	if match == nil {
		t.Fatalf("no greeting: %v: %s", err, told())
	}
	go io.Copy(io.Discard, reader)
	return string(match[1]), told
}
