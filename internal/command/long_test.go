package command

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestHereAt: a file is told of when it is the operation's, on this machine.
func TestHereAt(t *testing.T) {
	data := t.TempDir()
	env := &environment{getenv: func(name string) string {
		return map[string]string{"LECTERN_DATA": data}[name]
	}}
	began := time.Now().Add(-time.Minute)
	const uri = "gs://shelf/part 1/book.wav"
	if got := hereAt(env, uri, began); got != "" {
		t.Errorf("there is no file, and it is %q", got)
	}
	file := filepath.Join(data, "buckets", "shelf", "part 1", "book.wav")
	must(t, os.MkdirAll(filepath.Dir(file), 0o755))
	must(t, os.WriteFile(file, nil, 0o600))
	if got := hereAt(env, uri, began); got != " ("+file+")" {
		t.Errorf("it is %q", got)
	}
	if got := hereAt(env, uri, time.Now().Add(time.Minute)); got != "" {
		t.Errorf("another server's older file is %q", got)
	}
}
