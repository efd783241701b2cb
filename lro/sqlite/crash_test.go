package sqlite_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/sqlite"
)

var kills = flag.Int("kills", 20, "how often TestCrash kills the server")

// crashDirectory, in the environment, makes this program the server that
// TestCrash kills; crashDrain makes it end by itself, once all is done.
const (
	crashDirectory = "LECTERN_TEST_CRASH_DIRECTORY"
	crashDrain     = "LECTERN_TEST_CRASH_DRAIN"
	burnCore       = "LECTERN_TEST_BURN_CORE" // see burn
)

func TestMain(m *testing.M) {
	if os.Getenv(burnCore) != "" {
		burn()
	}
	if dir := os.Getenv(crashDirectory); dir != "" {
		if err := serveUntilKilled(dir, os.Getenv(crashDrain) != ""); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// serveUntilKilled runs a manager, starts operations and cancels some. What
// clients were told goes to a journal.
func serveUntilKilled(dir string, drain bool) error {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, dir, silent())
	if err != nil {
		return err
	}
	m, err := lro.Open(ctx, lro.Config{Store: store, Kinds: []lro.Kind{files(dir)}, Log: silent()})
	if err != nil {
		return err
	}
	runCtx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error)
	go func() { ended <- m.Run(runCtx) }()
	if drain {
		if err := drained(ctx, m); err != nil {
			return err
		}
		stop()
		return errors.Join(<-ended, store.Close())
	}
	journal, err := os.OpenFile(filepath.Join(dir, "journal"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for {
		o := lro.NewOperation{Kind: "files", Parent: parent}
		for i := range 1 + rand.IntN(12) {
			o.Tasks = append(o.Tasks, lro.Task{Payload: fmt.Append(nil, i), Weight: 1})
		}
		o.Request = fmt.Append(nil, len(o.Tasks))
		op, err := m.Start(ctx, o)
		if err != nil {
			return err
		}
		fmt.Fprintf(journal, "started %s %d\n", op.GetName(), len(o.Tasks))
		if rand.IntN(3) == 0 {
			wait(time.Duration(rand.IntN(30)) * time.Millisecond)
			if _, err := m.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: op.GetName()}); err != nil {
				return err
			}
			op, err := m.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: op.GetName()})
			if err != nil {
				return err
			}
			if op.GetError().GetCode() == 1 {
				fmt.Fprintf(journal, "cancelled %s\n", op.GetName())
			}
		}
		wait(time.Duration(rand.IntN(20)) * time.Millisecond)
	}
}

// wait is the pace of the clients and the work, not a wait for anything.
func wait(d time.Duration) { <-time.After(d) }

// drained waits for the end of all operations.
func drained(ctx context.Context, m *lro.Manager) error {
	for {
		page, err := m.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: parent, Filter: "done=false", PageSize: 1})
		if err != nil || len(page.GetOperations()) == 0 {
			return err
		}
		if _, err := m.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: page.GetOperations()[0].GetName()}); err != nil {
			return err
		}
	}
}

// TestCrash kills a server at random instants while it starts, works on and
// cancels operations, and then looks whether every promise was kept.
func TestCrash(t *testing.T) {
	dir := t.TempDir()
	for round := range *kills {
		server := child(t, dir)
		ready, err := server.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := server.Start(); err != nil {
			t.Fatal(err)
		}
		// Some die as they begin, the others at work.
		patience := time.Duration(rand.IntN(100)) * time.Millisecond
		if round%4 != 0 {
			if _, err := ready.Read(make([]byte, 1)); err != nil {
				t.Fatalf("the server does not begin: %v", err)
			}
			patience *= 3
		}
		wait(patience)
		if err := server.Process.Kill(); err != nil {
			t.Fatalf("the server was gone before it was killed: %v", err)
		}
		_ = server.Wait()
	}
	last := child(t, dir)
	last.Env = append(last.Env, crashDrain+"=1")
	if err := last.Run(); err != nil {
		t.Fatalf("the last server: %v", err)
	}
	checkPromises(t, dir)
	checkDatabase(t, dir)
}

func child(t *testing.T, dir string) *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), crashDirectory+"="+dir)
	cmd.Stderr = os.Stderr
	return cmd
}

// checkPromises compares the operations with what clients were told.
func checkPromises(t *testing.T, dir string) {
	store, err := sqlite.Open(t.Context(), dir, silent())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	m, err := lro.Open(t.Context(), lro.Config{Store: store, Kinds: []lro.Kind{files(dir)}, Log: silent()})
	if err != nil {
		t.Fatal(err)
	}
	journal, err := os.Open(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	defer journal.Close()
	count := make(map[string]int)
	for lines := bufio.NewScanner(journal); lines.Scan(); {
		var what, name string
		var shards int
		_, _ = fmt.Sscan(lines.Text(), &what, &name, &shards)
		op, err := m.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: name})
		if err != nil {
			t.Errorf("an accepted operation is lost: %v", err)
			continue
		}
		content, readErr := os.ReadFile(files(dir).output(filepath.Base(name)))
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
	t.Logf("after %d kills: %v", *kills, count)
	if count["started"] == 0 {
		t.Error("nothing was started")
	}
}

// checkDatabase looks for what should not be left.
func checkDatabase(t *testing.T, dir string) {
	db, err := sql.Open("sqlite", filepath.Join(dir, "operations.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var integrity string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&integrity); err != nil || integrity != "ok" {
		t.Errorf("integrity_check: %s, %v", integrity, err)
	}
	for what, query := range map[string]string{
		"live operations": "SELECT count(*) FROM operations WHERE end_time IS NULL",
		"tasks of shards": "SELECT count(*) FROM op_tasks WHERE role <> 'discard' AND op NOT IN (SELECT op FROM op_tasks WHERE role = 'discard')",
		"claimed tasks":   "SELECT count(*) FROM op_tasks WHERE state = 'RUNNING'",
	} {
		var n int
		if err := db.QueryRow(query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
}
