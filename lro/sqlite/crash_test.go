package sqlite_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern/lectern/lro/lrotest"
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

// serveUntilKilled is the server that TestCrash kills.
func serveUntilKilled(dir string, drain bool) error {
	ctx := context.Background()
	store, err := sqlite.Open(ctx, dir, silent())
	if err != nil {
		return err
	}
	return lrotest.ServeUntilKilled(ctx, store, dir, filepath.Join(dir, "journal"), 20*time.Millisecond, drain)
}

// wait is the pace of the killer, not a wait for anything.
func wait(d time.Duration) { <-time.After(d) }

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
	count := lrotest.CheckPromises(t, store, dir, filepath.Join(dir, "journal"))
	t.Logf("after %d kills: %v", *kills, count)
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
