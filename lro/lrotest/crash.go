package lrotest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// ServeUntilKilled is a server for a test that kills it: it works on operations of
// the kind fileKind, starts one within each every at most, and cancels some. What
// clients were told goes to the journal, a file of its own. With drain it returns when
// all has ended instead.
func ServeUntilKilled(ctx context.Context, store driver.Store, dir, journal string, every time.Duration, drain bool) error {
	m, err := lro.Open(ctx, lro.Config{Store: store, Kinds: []lro.Kind{fileKind(dir)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	runCtx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- m.Run(runCtx) }()
	if drain {
		if err := errors.Join(checkKeptNames(ctx, m, store), drained(ctx, m)); err != nil {
			return err
		}
		stop()
		return errors.Join(<-ended, store.Close())
	}
	told, err := os.OpenFile(journal, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for {
		if err := startSome(ctx, m, told); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		pace(every)
	}
}

// startSome starts an operation, and cancels it now and then. What the store cannot
// do at the moment nobody was told.
func startSome(ctx context.Context, m *lro.Manager, told *os.File) error {
	o := lro.NewOperation{Kind: "files", Parent: parentName}
	for i := range 1 + rand.IntN(12) {
		o.Tasks = append(o.Tasks, lro.Task{Payload: fmt.Append(nil, i), Weight: 1})
	}
	o.Request = fmt.Append(nil, len(o.Tasks))
	op, err := m.Start(ctx, o)
	if err != nil {
		return err
	}
	fmt.Fprintf(told, "started %s %d\n", op.GetName(), len(o.Tasks))
	if rand.IntN(3) > 0 {
		return nil
	}
	pace(30 * time.Millisecond)
	if _, err := m.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: op.GetName()}); err != nil {
		return err
	}
	op, err = m.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: op.GetName()})
	if err == nil && op.GetError().GetCode() == 1 {
		fmt.Fprintf(told, "cancelled %s\n", op.GetName())
	}
	return err
}

// pace is how quickly clients come and work is done, not a wait for anything.
func pace(most time.Duration) { <-time.After(rand.N(most)) }

// checkKeptNames returns an error if a crash has cost an operation its name.
func checkKeptNames(ctx context.Context, m *lro.Manager, store driver.Store) error {
	page, err := m.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: parentName, Filter: "done=false", PageSize: 1000})
	if err != nil {
		return err
	}
	for _, op := range page.GetOperations() {
		release, err := store.Hold(ctx, []driver.Name{{Path: outcomes + "/" + idOf(op.GetName()), Use: "another"}})
		if errors.As(err, new(driver.TakenError)) {
			continue
		}
		if err != nil {
			return err
		}
		release()
		if op, err = m.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: op.GetName()}); err == nil && !op.GetDone() {
			return fmt.Errorf("%s is under way and its name was free", op.GetName())
		}
	}
	return nil
}

// drained waits for the end of all operations.
func drained(ctx context.Context, m *lro.Manager) error {
	for {
		page, err := m.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: parentName, Filter: "done=false", PageSize: 1})
		if err != nil || len(page.GetOperations()) == 0 {
			return err
		}
		if _, err := m.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: page.GetOperations()[0].GetName()}); err != nil {
			return err
		}
	}
}

// CheckPromises compares the operations with what clients were told, and counts them.
func CheckPromises(t *testing.T, store driver.Store, dir string, journals ...string) (count map[string]int) {
	t.Helper()
	m, err := lro.Open(t.Context(), lro.Config{Store: store, Kinds: []lro.Kind{fileKind(dir)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	count = make(map[string]int)
	for _, journal := range journals {
		told, err := os.Open(journal)
		if err != nil {
			t.Fatal(err)
		}
		for lines := bufio.NewScanner(told); lines.Scan(); {
			checkPromise(t, m, dir, lines.Text(), count)
		}
		_ = told.Close()
	}
	if release, err := store.Hold(t.Context(), []driver.Name{{Path: outcomes, Use: "all of them"}}); err != nil {
		t.Errorf("when all has ended, a name is left: %v", err)
	} else {
		release()
	}
	if count["started"] == 0 {
		t.Error("nothing was started")
	}
	return count
}

func checkPromise(t *testing.T, m *lro.Manager, dir, line string, count map[string]int) {
	t.Helper()
	var what, name string
	var shards int
	_, _ = fmt.Sscan(line, &what, &name, &shards)
	op, err := m.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: name})
	if err != nil {
		t.Errorf("an accepted operation is lost: %v", err)
		return
	}
	content, readErr := os.ReadFile(fileKind(dir).output(filepath.Base(name)))
	count[what]++
	switch {
	case !op.GetDone():
		t.Errorf("%s is not done", name)
	case what == "cancelled" && op.GetError().GetCode() != 1:
		t.Errorf("%s was cancelled and is now %v", name, op)
	case op.GetError() != nil && readErr == nil:
		t.Errorf("%s has ended with %v and shows an outcome", name, op.GetError())
	case op.GetError() == nil && what == "started" && string(content) != wholeOutput(shards):
		t.Errorf("%s has succeeded with %q (%v)", name, content, readErr)
	case op.GetError() != nil && op.GetError().GetCode() != 1:
		count["failed"]++
		if !strings.Contains(op.GetError().GetMessage(), "The server died ") {
			t.Errorf("%s failed: %v", name, op.GetError())
		}
	}
}
