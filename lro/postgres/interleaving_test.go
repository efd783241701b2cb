package postgres_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
)

// held is a database of one operation, of which a test holds locks by hand while
// calls wait for them, so that they go on with what they saw before.
type held struct {
	t      *testing.T
	url    string
	store  *postgres.Store
	member driver.Membership
	conn   *pgx.Conn
	hand   pgx.Tx // holds the locks
}

// holding makes an operation of so many shards, two of them ready.
func holding(t *testing.T, shards int) *held {
	t.Helper()
	h := &held{t: t, url: database(t)}
	var err error
	if h.store, err = postgres.Open(t.Context(), h.url, silent()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.store.Close() })
	nothing := func(string) {}
	if h.member, err = h.store.Join(t.Context(), driver.Node{Name: "node", Slots: 2, Abilities: func() []string { return []string{"k"} }, Abandoned: time.Hour,
		Work: func() {}, Ended: nothing, Hidden: nothing, Resync: func() {}, Lost: func(error) {}}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.member.Leave(context.Background()) })
	c := driver.Creation{ID: "op", Kind: "k", Parent: parent, Needs: []string{"k"}, Window: 2, Tasks: make([]driver.NewTask, shards)}
	if _, _, err := h.store.Create(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	if h.conn, err = pgx.Connect(t.Context(), h.url); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.conn.Close(context.Background()) })
	return h
}

// lock takes a lock by hand.
func (h *held) lock(query string) {
	h.t.Helper()
	var err error
	if h.hand, err = h.conn.Begin(h.t.Context()); err == nil {
		_, err = h.hand.Exec(h.t.Context(), query)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

const lockTheOperation = `SELECT FROM operations FOR UPDATE`

// release lets those who wait go on.
func (h *held) release() {
	h.t.Helper()
	if err := h.hand.Commit(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// starts makes a call and returns when it is one of n that wait for a lock, or is over.
func (h *held) starts(n int, call func() (bool, error)) <-chan bool {
	h.t.Helper()
	won := make(chan bool, 1)
	go func() {
		ok, err := call()
		if err != nil {
			h.t.Error(err)
		}
		won <- ok
	}()
	for waiting := 0; waiting < n && len(won) == 0; pause(2) {
		const query = `SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted`
		if err := h.conn.QueryRow(h.t.Context(), query).Scan(&waiting); err != nil {
			h.t.Fatal(err)
		}
	}
	return won
}

// claim takes a shard.
func (h *held) claim(index int) driver.Token {
	h.t.Helper()
	task, won, err := h.member.Claim(h.t.Context(), driver.Offer{Token: driver.Token{Op: "op", Index: index}, Role: driver.Shard})
	if err != nil || !won {
		h.t.Fatal(won, err)
	}
	return task.Token
}

func (h *held) complete(t driver.Token) func() (bool, error) {
	return func() (bool, error) { return h.store.Complete(context.Background(), t, nil) }
}

func (h *held) cancel() (bool, error) {
	_, won, err := h.store.End(context.Background(), "op", driver.Ending{From: driver.Running, To: driver.Cancelled, ErrorCode: 1, Keep: time.Hour, Wish: true})
	return won, err
}

// tasks are how many there are of a state.
func (h *held) expectTasks(state string, want int) {
	h.t.Helper()
	var n int
	if err := h.conn.QueryRow(h.t.Context(), `SELECT count(*) FROM op_tasks WHERE role <> 'discard' AND state = $1`, state).Scan(&n); err != nil || n != want {
		h.t.Errorf("%d tasks are %s, not %d (%v)", n, state, want, err)
	}
}

func expectWon(t *testing.T, what string, won <-chan bool, want bool) {
	t.Helper()
	if got := <-won; got != want {
		t.Errorf("%s has won: %t", what, got)
	}
}

// TestTwoResultsAtOnce: each makes another shard ready, though the second began before
// the first had; of the last two, one makes the Finish task.
func TestTwoResultsAtOnce(t *testing.T) {
	for shards, ready := range map[int]int{4: 2, 2: 1} {
		t.Run(fmt.Sprint(shards), func(t *testing.T) {
			h := holding(t, shards)
			first, second := h.complete(h.claim(0)), h.complete(h.claim(1))
			h.lock(lockTheOperation)
			wonFirst, wonSecond := h.starts(1, first), h.starts(2, second)
			h.release()
			expectWon(t, "the first", wonFirst, true)
			expectWon(t, "the second", wonSecond, true)
			h.expectTasks("READY", ready)
		})
	}
}

// TestCancelAfterResult: a cancel that waits for a result finds the shard that this has
// made ready.
func TestCancelAfterResult(t *testing.T) {
	h := holding(t, 4)
	result := h.complete(h.claim(0))
	h.lock(lockTheOperation)
	wonResult, wonCancel := h.starts(1, result), h.starts(2, h.cancel)
	h.release()
	expectWon(t, "the result", wonResult, true)
	expectWon(t, "the cancel", wonCancel, true)
	h.expectTasks("READY", 0)
}

// TestResultAfterRescue: a result that waits for its operation is refused, since its task
// was given to somebody else meanwhile.
func TestResultAfterRescue(t *testing.T) {
	for _, what := range []string{"result", "finalize", "failure"} {
		t.Run(what, func(t *testing.T) {
			h := holding(t, 2)
			token := h.claim(0)
			h.lock(lockTheOperation)
			won := h.starts(1, func() (bool, error) {
				switch what {
				case "result":
					return h.store.Complete(context.Background(), token, nil)
				case "finalize":
					return h.store.Finalize(context.Background(), token, nil)
				}
				_, won, err := h.store.End(context.Background(), "op", driver.Ending{From: driver.Running, To: driver.Failed, ErrorCode: 13, Keep: time.Hour, Fence: &token})
				return won, err
			})
			execute(t, h.url, fmt.Sprintf(`UPDATE op_tasks SET state = 'READY', node = NULL WHERE idx = %d`, token.Index))
			h.claim(1) // whose task has nothing to do with it
			h.release()
			expectWon(t, "the "+what, won, false)
			h.expectTasks("DONE", 0)
		})
	}
}

// TestClaimBesideDiscard: a claim that began before the end of its operation and a
// Discard are not both given their tasks.
func TestClaimBesideDiscard(t *testing.T) {
	h := holding(t, 2)
	h.lock(`SELECT FROM op_tasks WHERE idx = 0 FOR UPDATE`)
	claim := func(index int, role driver.Role) func() (bool, error) {
		return func() (bool, error) {
			_, won, err := h.member.Claim(context.Background(), driver.Offer{Token: driver.Token{Op: "op", Index: index}, Role: role})
			return won, err
		}
	}
	wonShard := h.starts(1, claim(0, driver.Shard))
	// The end has not seen that the shard was ready: it was given back meanwhile.
	execute(t, h.url, `UPDATE operations SET state = 'CANCELLED', end_time = 1, error_code = 1`)
	execute(t, h.url, `INSERT INTO op_tasks (op, idx, role, state, lane, shards, party, needs) VALUES ('op', -1, 'discard', 'READY', 5, 0, '', '{k}')`)
	wonDiscard := h.starts(2, claim(driver.DiscardIndex, driver.Discard))
	h.release()
	if shard, discard := <-wonShard, <-wonDiscard; shard == discard {
		t.Errorf("the shard was claimed: %t; the Discard: %t", shard, discard)
	}
}
