package postgres_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/postgres"
)

var faults = flag.Int("faults", 6, "how often TestCrash kills, pauses or cuts off a node")

// In the environment these make this program a node that TestCrash disturbs.
const (
	crashDatabase  = "LECTERN_TEST_CRASH_DATABASE"
	crashDirectory = "LECTERN_TEST_CRASH_DIRECTORY"
	crashJournal   = "LECTERN_TEST_CRASH_JOURNAL"
	crashDrain     = "LECTERN_TEST_CRASH_DRAIN"
)

func TestMain(m *testing.M) {
	if os.Getenv(crashDatabase) != "" {
		if err := serveUntilKilled(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := m.Run()
	needs.Tidy()
	os.Exit(code)
}

func serveUntilKilled() error {
	ctx := context.Background()
	store, err := postgres.Open(ctx, os.Getenv(crashDatabase), silent())
	if err != nil {
		return err
	}
	return lrotest.ServeUntilKilled(ctx, store, os.Getenv(crashDirectory), os.Getenv(crashJournal), 200*time.Millisecond, os.Getenv(crashDrain) != "")
}

// nodeProcess is a node in a process of its own.
type nodeProcess struct {
	*exec.Cmd
	journal string
}

func startNode(t *testing.T, url, dir, journal string, more ...string) *nodeProcess {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &nodeProcess{exec.Command(self), journal}
	p.Env = append(append(os.Environ(), crashDatabase+"="+url, crashDirectory+"="+dir, crashJournal+"="+journal), more...)
	p.Stderr = os.Stderr
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// signal is sent to a node that is there.
func (p *nodeProcess) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := p.Process.Signal(s); err != nil {
		t.Fatalf("the node was gone before %s: %v", s, err)
	}
}

// TestCrash kills nodes, pauses them past their lease and ends their connections while
// they start, work on and cancel operations, and then looks whether every promise was
// kept.
func TestCrash(t *testing.T) {
	url, dir := database(t), t.TempDir()
	nodes := make([]*nodeProcess, 3)
	var journals []string
	for i := range nodes {
		journals = append(journals, filepath.Join(dir, fmt.Sprint("journal-", i)))
		nodes[i] = startNode(t, url, dir, journals[i])
	}
	t.Cleanup(func() {
		for _, n := range nodes {
			_ = n.Process.Kill()
			_ = n.Wait()
		}
	})
	for i := range *faults {
		pause(500 + rand.IntN(500))
		n := rand.IntN(len(nodes))
		switch i % 3 {
		case 0:
			nodes[n].signal(t, syscall.SIGKILL)
			_ = nodes[n].Wait()
			nodes[n] = startNode(t, url, dir, journals[n])
		case 1:
			nodes[n].signal(t, syscall.SIGSTOP)
			pause(int(postgres.LeaseTime.Milliseconds()) + 500)
			nodes[n].signal(t, syscall.SIGCONT)
		case 2:
			execute(t, url, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'lectern'`)
		}
	}
	for _, n := range nodes {
		n.signal(t, syscall.SIGKILL)
		_ = n.Wait()
	}
	// Before that, what they have claimed is theirs: the last one may have nothing left
	// to do, and end.
	awaitEndOfLeases(t, url)
	last := startNode(t, url, dir, "", crashDrain+"=1")
	if err := last.Wait(); err != nil {
		t.Fatalf("the last node: %v", err)
	}
	store, err := postgres.Open(t.Context(), url, silent())
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	t.Logf("after %d faults: %v", *faults, lrotest.CheckPromises(t, store, dir, journals...))
	checkDatabase(t, url)
}

// awaitEndOfLeases returns when every node is known to be gone.
func awaitEndOfLeases(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for alive := 1; alive > 0; pause(50) {
		const query = "SELECT count(*) FROM nodes WHERE left_at IS NULL AND lease_until > store_now()"
		if err := conn.QueryRow(t.Context(), query).Scan(&alive); err != nil {
			t.Fatal(err)
		}
	}
}

// pause is the pace of the faults, not a wait for anything.
func pause(milliseconds int) { <-time.After(time.Duration(milliseconds) * time.Millisecond) }

// checkDatabase looks for what should not be left.
func checkDatabase(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for what, query := range map[string]string{
		"live operations": "SELECT count(*) FROM operations WHERE end_time IS NULL",
		"claimed tasks":   "SELECT count(*) FROM op_tasks WHERE state = 'RUNNING'",
		"tasks of shards": "SELECT count(*) FROM op_tasks WHERE role <> 'discard' AND op NOT IN (SELECT op FROM op_tasks WHERE role = 'discard')",
	} {
		var n int
		if err := conn.QueryRow(t.Context(), query).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d, %v", what, n, err)
		}
	}
}
