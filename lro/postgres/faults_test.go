package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/postgres"
)

const parent = "projects/p/locations/l"

// node runs a manager on the database until the test ends.
func node(t *testing.T, url string, toy *lrotest.Toy) (*lro.Manager, *postgres.Store) {
	t.Helper()
	store, err := postgres.Open(t.Context(), url, silent())
	if err != nil {
		t.Fatal(err)
	}
	m, err := lro.Open(t.Context(), lro.Config{Store: store, Kinds: []lro.Kind{toy}, Slots: 2, Log: silent()})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- m.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-ended, store.Close()); err != nil {
			t.Error(err)
		}
	})
	return m, store
}

func start(t testing.TB, m *lro.Manager, payloads ...string) string {
	t.Helper()
	return startNamed(t, m, "", payloads...)
}

// startNamed starts an operation with a request that tells its name.
func startNamed(t testing.TB, m *lro.Manager, request string, payloads ...string) string {
	t.Helper()
	o := lro.NewOperation{Kind: lrotest.ToyKind, Parent: parent, Request: []byte(request), Label: fmt.Sprint("of ", payloads)}
	for _, p := range payloads {
		o.Tasks = append(o.Tasks, lro.Task{Payload: []byte(p), Weight: 1})
	}
	op, err := m.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return op.GetName()
}

// await waits for the operation's end.
func await(t testing.TB, m *lro.Manager, name string) *longrunningpb.Operation {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	op, err := m.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name})
	if err != nil || !op.GetDone() {
		t.Fatal(op, err)
	}
	return op
}

// TestDatabaseClockRules: whatever the nodes' clocks say, all times are the
// database's, which is an hour before them here.
func TestDatabaseClockRules(t *testing.T) {
	url := database(t)
	if _, _, err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	execute(t, url, `CREATE OR REPLACE FUNCTION store_now() RETURNS bigint LANGUAGE sql STABLE
		AS 'SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint + 3600000000'`)
	toy := lrotest.NewToy()
	m, store := node(t, url, toy)
	name := start(t, m, "say a", "fail b", "hold c")
	toy.Next(t).Continue()
	if op := await(t, m, name); op.GetResponse() == nil {
		t.Errorf("the operation ended as %v", op)
	}
	op, err := store.Get(t.Context(), name[strings.LastIndex(name, "/")+1:])
	if err != nil {
		t.Fatal(err)
	}
	ahead := time.Until(op.Created)
	if ahead < 50*time.Minute || ahead > time.Hour || op.Ended.Before(op.Created) || op.Expires.Sub(op.Ended) != 30*24*time.Hour {
		t.Errorf("it was created %s ahead, ended %s, expires %s", ahead, op.Ended, op.Expires)
	}
	health, err := store.Check(t.Context())
	if err != nil || health.Ahead < 59*time.Minute || health.Ahead > 61*time.Minute {
		t.Errorf("the database is %+v (%v)", health, err)
	}
}

// TestServerCrash: the database dies in the middle of work and comes back longer
// after than a lease lasts; nothing is lost.
func TestServerCrash(t *testing.T) {
	toy := lrotest.NewToy()
	m, _ := node(t, database(t), toy)
	held, queued := start(t, m, "hold a", "say b"), start(t, m, "say c")
	step := toy.Next(t)
	cluster := needs.Postgres(t)
	if err := cluster.Crash(); err != nil {
		t.Fatal(err)
	}
	<-step.Ctx.Done() // which takes the lease's time
	if cause := context.Cause(step.Ctx); !errors.Is(cause, lro.ErrLost) {
		t.Errorf("the work was ended by %v", cause)
	}
	if _, err := m.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: held}); err == nil {
		t.Error("without a database an operation is answered for")
	}
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	toy.Next(t).Continue()
	for _, name := range []string{held, queued} {
		if op := await(t, m, name); op.GetResponse() == nil {
			t.Errorf("%s ended as %v", name, op)
		}
	}
}

// TestManyMigrateAtOnce: nodes that start at once make one schema.
func TestManyMigrateAtOnce(t *testing.T) {
	url := database(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	made := 0
	for range 8 {
		all.Go(func() {
			from, to, err := postgres.Migrate(context.Background(), url)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
			}
			if from < to {
				made++
			}
		})
	}
	all.Wait()
	if made != 1 {
		t.Errorf("%d have migrated", made)
	}
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	url := database(t)
	if _, _, err := postgres.Migrate(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	execute(t, url, `UPDATE schema_version SET version = 99`)
	_, err := postgres.Open(t.Context(), url, silent())
	if err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("the error is %v", err)
	}
}

func TestOpenTellsWhatIsWrong(t *testing.T) {
	cluster := needs.Postgres(t)
	for url, want := range map[string]string{
		"postgres://%zz":                           "address",
		cluster.URL("nothing"):                     "does not exist",
		"postgres://127.0.0.1:1/x?password=secret": "cannot be reached",
		"postgres://u:a@b/secret@127.0.0.1:1/x":    "/ is written as %2F",
		"postgres://u:a/secret@127.0.0.1:1/x":      "address",
	} {
		_, err := postgres.Open(t.Context(), url, silent())
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error is %v", url, err)
		}
	}
}

func TestTransient(t *testing.T) {
	store := &postgres.Store{}
	for code, want := range map[string]bool{
		"40P01": true, "40001": true, "57P01": true, "53100": true, "08006": true, "25006": true,
		"23514": false, "22021": false, "54000": false, "42P01": false,
	} {
		if got := store.Transient(fmt.Errorf("wrapped: %w", &pgconn.PgError{Code: code})); got != want {
			t.Errorf("%s is transient: %t", code, got)
		}
	}
	if !store.Transient(errors.New("the connection was reset")) {
		t.Error("an error without a code stays for ever")
	}
}

// TestDrain: a node that is drained ends what it has and takes no more.
func TestDrain(t *testing.T) {
	url, toy := database(t), lrotest.NewToy()
	m, store := node(t, url, toy)
	held := start(t, m, "hold a")
	step := toy.Next(t)
	nodes, err := store.Nodes(t.Context())
	if err != nil || len(nodes) != 1 || nodes[0].Tasks != 1 || nodes[0].Lease <= 0 || nodes[0].Slots != 2 {
		t.Fatal(nodes, err)
	}
	if n, err := store.Drain(t.Context(), nodes[0].ID, true); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	other := toy.Twin()
	second, _ := node(t, url, other)
	// It knows when it has renewed its lease, and surely when it has done so twice.
	for renewed, last := 0, time.Hour; renewed < 2; {
		now, err := store.Nodes(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range now {
			if n.ID == nodes[0].ID {
				if n.Lease > last {
					renewed++
				}
				last = n.Lease
			}
		}
	}
	name := start(t, second, "hold b", "hold c")
	for range 2 {
		other.Next(t).Continue()
	}
	await(t, m, name)
	step.Continue()
	if op := await(t, m, held); op.GetResponse() == nil {
		t.Errorf("what the drained node had ended as %v", op)
	}
	if n, err := store.Drain(t.Context(), "nobody", true); n != 0 || err != nil {
		t.Error(n, err)
	}
}
