package lectern

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/lro/sqlite"
)

// TestReserve: it is there while there is room, and gone for those who make
// some when there is none.
func TestReserve(t *testing.T) {
	free := int64(1 << 40)
	r := newReserve(t.TempDir(), slog.New(slog.DiscardHandler))
	r.free = func(string) (int64, error) { return free, nil }
	there := func() bool {
		st, err := os.Stat(r.path)
		return err == nil && st.Size() >= reserveSize
	}
	call := func(method string) (sawReserve bool) {
		_, err := admission{reserve: r}.unary(t.Context(), nil, &grpc.UnaryServerInfo{FullMethod: method}, func(context.Context, any) (any, error) {
			sawReserve = there()
			return nil, nil
		})
		must(t, err)
		return sawReserve
	}
	if r.keep(); !there() {
		t.Fatal("there is room, and no reserve")
	}
	cancel := longrunningpb.Operations_CancelOperation_FullMethodName
	if !call(cancel) {
		t.Error("it was given up though there is room")
	}
	free = 0
	if !call(longrunningpb.Operations_GetOperation_FullMethodName) {
		t.Error("it was given up for a call that makes no room")
	}
	if call(cancel) {
		t.Error("it was not given up on a full disk")
	}
	if there() {
		t.Error("it was made anew on a full disk")
	}
	free = 1 << 40
	if call(cancel); !there() {
		t.Error("it was not made anew when there was room")
	}
}

// TestAFullDiskStartsWithoutTheReserve: what a start writes later needs room too.
func TestAFullDiskStartsWithoutTheReserve(t *testing.T) {
	free := int64(1 << 40)
	r := newReserve(t.TempDir(), slog.New(slog.DiscardHandler))
	r.free = func(string) (int64, error) { return free, nil }
	r.keep()
	r.onFullDisk()
	if _, err := os.Stat(r.path); err != nil {
		t.Errorf("it was given up though there is room: %v", err)
	}
	free = r.size / 10
	r.onFullDisk()
	if _, err := os.Stat(r.path); err == nil {
		t.Error("it was not given up on a full disk")
	}
}

func TestAFullDiskOpensWithoutTheReserve(t *testing.T) {
	r := newReserve(t.TempDir(), slog.New(slog.DiscardHandler))
	r.keep()
	tries := 0
	opened, err := openedWithRoom(r, func() (int, error) {
		if tries++; tries == 1 {
			return 0, errors.New("database or disk is full (13)")
		}
		return tries, nil
	})
	if opened != 2 || err != nil {
		t.Errorf("got %d, %v", opened, err)
	}
	// Now there is no reserve.
	if _, err := openedWithRoom(r, func() (int, error) { return 0, errors.New("no space left on device") }); err == nil || !strings.Contains(err.Error(), "remove objects") {
		t.Errorf("got %v", err)
	}
}

// TestADamagedDatabaseSaysWhatToDo: whatever has happened to the file.
func TestADamagedDatabaseSaysWhatToDo(t *testing.T) {
	quiet := slog.New(slog.DiscardHandler)
	whole := t.TempDir()
	store, err := sqlite.Open(t.Context(), whole, quiet)
	must(t, err)
	must(t, store.Close())
	good, err := os.ReadFile(filepath.Join(whole, "operations.db"))
	must(t, err)
	for name, damaged := range map[string][]byte{
		"text":      []byte(strings.Repeat("no database at all\n", 1000)),
		"truncated": good[:len(good)/2],
		"garbled":   append(append([]byte{}, good[:100]...), make([]byte, len(good)-100)...),
	} {
		dir := t.TempDir()
		must(t, os.WriteFile(filepath.Join(dir, "operations.db"), damaged, 0o600))
		store, err := openedWithRoom(newReserve(dir, quiet), func() (*sqlite.Store, error) { return sqlite.Open(t.Context(), dir, quiet) })
		if err == nil {
			_ = store.Close()
			t.Errorf("%s: opened", name)
		} else if !strings.Contains(err.Error(), "restore a backup") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
