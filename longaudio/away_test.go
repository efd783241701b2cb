package longaudio

import (
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/bucket"
	stores "github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/sqlite"
)

// outages are more than the failures that end an operation.
const outages = 5

// cutOff is scratch that cannot be reached at first.
type cutOff struct {
	stores.Scratch
	address string // where nobody listens
	tries   atomic.Int64
}

func (s *cutOff) Create(ctx context.Context, operation, name string) (stores.Piece, error) {
	if s.tries.Add(1) > outages {
		return s.Scratch.Create(ctx, operation, name)
	}
	_, err := new(net.Dialer).DialContext(ctx, "tcp", s.address)
	return nil, &stores.Error{Where: "scratch", Err: err}
}

// A store that cannot be reached for a while costs no operation: it waits.
func TestStoreIsAwayForAWhile(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	lab, dir, log := newFaultLab(t), t.TempDir(), slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(t.Context(), dir, log)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	directory, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	scratch := &cutOff{Scratch: directory.Scratch(), address: listener.Addr().String()}
	buckets := bucket.New(bucket.Config{All: directory, Scratch: scratch})
	defer buckets.Close()
	studio := New(Config{Synth: lab.synth, Buckets: buckets, Log: log})
	operations, err := lro.Open(t.Context(), lro.Config{Store: store, Kinds: []lro.Kind{studio.Kind(faultKind, answers{})}, Slots: 1, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	run, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- operations.Run(run) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	op, err := (&life{studio, operations, nil}).start(t.Context(), deed{Name: "a.wav"})
	if err != nil {
		t.Fatal(err)
	}
	for !op.GetDone() {
		if op, err = operations.WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: op.GetName()}); err != nil {
			t.Fatal(err)
		}
	}
	if op.GetResponse() == nil {
		t.Fatalf("the operation ended with %v after %d tries", op.GetError(), scratch.tries.Load())
	}
	if b, err := os.ReadFile(filepath.Join(dir, "buckets", "books", "a.wav")); err != nil || string(b) != lab.whole[faultTexts[0]] {
		t.Errorf("the object has %d bytes that are not the whole, %v", len(b), err)
	}
}
