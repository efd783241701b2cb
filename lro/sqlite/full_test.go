package sqlite_test

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/sqlite"
)

// listening is a log that tells of warnings.
type listening struct {
	slog.Handler
	warnings chan string
}

func (l listening) Enabled(context.Context, slog.Level) bool { return true }

func (l listening) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l listening) Handle(_ context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		select {
		case l.warnings <- r.Message:
		default:
		}
	}
	return nil
}

// TestDiskFull: the server stays up, new operations are refused, and the ones
// under way wait until there is room.
func TestDiskFull(t *testing.T) {
	store, err := sqlite.Open(t.Context(), place(t), silent())
	if err != nil {
		t.Fatal(err)
	}
	log := listening{silent().Handler(), make(chan string, 1)}
	toy := lrotest.NewToy()
	m, err := lro.Open(t.Context(), lro.Config{Store: store, Kinds: []lro.Kind{toy}, Log: slog.New(log)})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- m.Run(ctx) }()
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = store.Close()
	}()
	word := strings.Repeat("a", 200_000) // more than there can be room for in pages that exist
	o := lro.NewOperation{Kind: lrotest.ToyKind, Parent: parent, Tasks: []lro.Task{{Payload: []byte("hold " + word), Weight: 1}}}
	op, err := m.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	step := toy.Next(t)
	if err := store.Fill(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Start(ctx, o); !fault.Is(err, fault.Unavailable) || strings.Contains(fault.From(err).Public(), "SQL") {
		t.Errorf("on a full disk Start says %v", err)
	}
	step.Continue()
	for message := range log.warnings {
		if strings.Contains(message, "does not answer") {
			break
		}
	}
	get := &longrunningpb.GetOperationRequest{Name: op.GetName()}
	if op, err := m.GetOperation(ctx, get); err != nil || op.GetDone() {
		t.Errorf("on a full disk the operation is %v (%v)", op, err)
	}
	if err := store.Drain(ctx); err != nil {
		t.Fatal(err)
	}
	op, err = m.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: op.GetName()})
	if err != nil || op.GetResponse() == nil {
		t.Errorf("with room again the operation is %v (%v)", op.GetError(), err)
	}
}
