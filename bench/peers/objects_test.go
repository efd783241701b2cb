package peers_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/storage"
	"google.golang.org/api/option"

	"github.com/lectern/lectern/internal/needs"
)

// storageClient runs a program of one of Google's Storage clients, which finds the
// server as any emulator is found.
func storageClient(t *testing.T, server *program, name string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(os.Environ(), "STORAGE_EMULATOR_HOST=http://"+server.address, "GOOGLE_CLOUD_PROJECT=project")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Google's sample of long audio and its test, which makes a bucket and asks for the
// object, and the Storage client for Python at large.
func TestPythonStorageClient(t *testing.T) {
	python := needs.Python(t, "google.cloud.storage")
	server := serve(t, t.TempDir())
	storageClient(t, server, python, "testdata/storage.py", server.address)
}

func TestNodeStorageClient(t *testing.T) {
	client := needs.Clients(t, "node-storage")
	node := needs.Program(t, "node")
	storageClient(t, serve(t, t.TempDir()), node, "testdata/storage.js", client)
}

func TestJavaStorageClient(t *testing.T) {
	client := needs.Clients(t, "java-storage")
	java := needs.Program(t, "java")
	storageClient(t, serve(t, t.TempDir()), java, "-cp", client+"/*", "testdata/ObjectStore.java")
}

// What an operation has written is fetched by Google's own client, whole and in part,
// also after a restart; while it is written it is neither there nor can it be replaced.
func TestGoStorageClient(t *testing.T) {
	data := t.TempDir()
	server := serve(t, data)
	objects := func(server *program) *storage.Client {
		t.Helper()
		c, err := storage.NewClient(t.Context(), option.WithEndpoint("http://"+server.address+"/storage/v1/"), option.WithoutAuthentication(), storage.WithJSONReads())
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	c := newGoClients(t, server.address, "gRPC")
	book := objects(server).Bucket("books").Object("a/book.wav")
	op := c.start(t, "gs://books/a/book.wav", strings.Repeat("It was the best of times. ", 2000))
	if _, err := book.Attrs(t.Context()); err == nil {
		t.Error("it is there before it is written")
	}
	w := book.NewWriter(t.Context())
	_, _ = io.WriteString(w, "something else")
	if err := w.Close(); err == nil {
		t.Error("it was replaced while it was written")
	}
	if _, err := op.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(data, "buckets", "books", "a", "book.wav"))
	if err != nil {
		t.Fatal(err)
	}
	fetched := func(o *storage.ObjectHandle, from, length int64) []byte {
		t.Helper()
		r, err := o.NewRangeReader(t.Context(), from, length)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		got, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := fetched(book, 0, -1); !bytes.Equal(got, want) {
		t.Errorf("%d bytes came of %d", len(got), len(want))
	}
	before, err := book.Attrs(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if code := server.stop(t); code != 0 {
		t.Fatalf("it stopped with %d", code)
	}
	again := objects(serve(t, data)).Bucket("books").Object("a/book.wav")
	if now, err := again.Attrs(t.Context()); err != nil || now.Generation != before.Generation || now.Etag != before.Etag {
		t.Errorf("after a restart it is %+v (%v), not %+v", now, err, before)
	}
	if got := fetched(again, 1000, 5000); !bytes.Equal(got, want[1000:6000]) {
		t.Errorf("a part: %d bytes", len(got))
	}
	if err := again.Delete(t.Context()); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(data, "buckets", "books", "*")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}
