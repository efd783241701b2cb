package audit_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/audit"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, path string) (lines []audit.Line) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := audit.Read(f, func(l audit.Line) error { lines = append(lines, l); return nil }); err != nil {
		t.Fatal(err)
	}
	return lines
}

func TestWriteAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	want := []audit.Line{
		{Time: noon, Principal: "eve", Project: "books", Method: "google.longrunning.Operations/CancelOperation", Resource: "projects/books/locations/l/operations/x", Code: "OK", Seconds: 0.25, RequestID: "r", Remote: "127.0.0.1:1"},
		{Time: noon, Method: "/v1/voices", Code: "UNAUTHENTICATED", Resource: "line\nbreak \"quoted\""},
	}
	for _, line := range want { // each by another start of the server
		l, err := audit.Open(path, slog.New(slog.DiscardHandler), func() time.Time { return noon })
		if err != nil {
			t.Fatal(err)
		}
		l.Write(line)
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if got := read(t, path); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
	if st, err := os.Stat(path); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", st.Mode(), err)
	}
}

// The file may be moved away, or removed, and no line is lost or in two files.
func TestRotation(t *testing.T) {
	dir := t.TempDir()
	path, now := filepath.Join(dir, "audit.jsonl"), noon
	l, err := audit.Open(path, slog.New(slog.DiscardHandler), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	write := func(id string) { l.Write(audit.Line{Time: now, RequestID: id}) }
	write("1")
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	write("2") // within the second
	now = now.Add(time.Second)
	write("3")
	ids := func(path string) (all string) {
		for _, line := range read(t, path) {
			all += line.RequestID
		}
		return all
	}
	if old, fresh := ids(path+".1"), ids(path); old != "12" || fresh != "3" {
		t.Errorf("the old file has %q and the new one %q", old, fresh)
	}
}

// What cannot be written is counted, and told by the next line that can be.
func TestLostLines(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "logs")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	path, now := filepath.Join(dir, "audit.jsonl"), noon
	var said bytes.Buffer
	l, err := audit.Open(path, slog.New(slog.NewTextHandler(&said, nil)), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		now = now.Add(time.Second)
		l.Write(audit.Line{Time: now, RequestID: fmt.Sprint(i)})
	}
	if n := strings.Count(said.String(), "lines of the audit log are lost"); n != 1 {
		t.Errorf("it was told %d times", n)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Second)
	l.Write(audit.Line{Time: now, RequestID: "back"})
	if got := read(t, path); len(got) != 1 || got[0].RequestID != "back" || got[0].Lost != 3 {
		t.Errorf("%+v", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "audit.jsonl")
	l, err := audit.Open(path, slog.New(slog.DiscardHandler), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	const many = 200
	var all sync.WaitGroup
	for range many {
		all.Go(func() { l.Write(audit.Line{Time: noon, Resource: strings.Repeat("x", 200)}) })
	}
	all.Wait()
	if got := read(t, path); len(got) != many {
		t.Errorf("%d lines", len(got))
	}
}

func TestReadPassesOverWhatIsNoLine(t *testing.T) {
	var got []string
	err := audit.Read(strings.NewReader("{\"requestId\":\"1\"}\n{\"reques\n\n{\"requestId\":\"2\"}"), func(l audit.Line) error {
		got = append(got, l.RequestID)
		return nil
	})
	if err != nil || !reflect.DeepEqual(got, []string{"1", "2"}) {
		t.Errorf("%v, %v", got, err)
	}
}
