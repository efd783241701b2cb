package postgres_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
)

// TestNoDeadlocks: whatever is asked of a few operations at once by many nodes, of which
// some die and go on writing, the database never finds two that wait for each other.
func TestNoDeadlocks(t *testing.T) {
	total := int64(400)
	if testing.Short() {
		total = 100
	}
	url := database(t)
	c := &crowd{t: t, url: url, total: total}
	store := c.open()
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() { c.create(store) })
		all.Go(func() { c.cancel(store) })
		all.Go(func() { c.change(store) })
	}
	for range 4 {
		all.Go(c.live)
	}
	all.Wait()
	if n := c.ended.Load(); n < total/2 {
		t.Errorf("of %d operations %d have ended", total, n)
	}
	var deadlocks int
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(t.Context(), `SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`).Scan(&deadlocks); err != nil {
		t.Fatal(err)
	}
	if deadlocks > 0 || c.failed.Load() > 0 {
		t.Errorf("the database found %d deadlocks; its log says:\n%s", deadlocks, deadlocksOf(needs.Postgres(t).Log()))
	}
}

// deadlocksOf are the first few that a server's log tells of, with their statements.
func deadlocksOf(log string) string {
	told := strings.Split(log, "deadlock detected")
	var b strings.Builder
	for _, one := range told[1:min(4, len(told))] {
		b.WriteString("deadlock" + one[:min(4000, len(one))] + "\n")
	}
	return b.String()
}

// crowd asks everything of few operations at the same time.
type crowd struct {
	t     *testing.T
	url   string
	total int64 // how many operations are made

	made, ended, failed atomic.Int64
	mu                  sync.Mutex
	alive               []string
}

const crowded = 6 // operations under way at once

func (c *crowd) open() *postgres.Store {
	store, err := postgres.Open(context.Background(), c.url+"&deadlock_timeout=20ms&pool_max_conns=8", silent())
	if err != nil {
		c.t.Error(err)
		panic("the store cannot be opened")
	}
	c.t.Cleanup(func() { _ = store.Close() })
	return store
}

// over reports whether all operations have been made and gone.
func (c *crowd) over() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed.Load() > 0 || c.made.Load() >= c.total && len(c.alive) == 0
}

// check fails the test if a call did.
func (c *crowd) check(doing string, err error) {
	if err != nil {
		c.failed.Add(1)
		c.t.Errorf("%s: %v", doing, err)
	}
}

// any is an operation that may be under way.
func (c *crowd) any() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.alive) == 0 {
		return "none"
	}
	return c.alive[rand.IntN(len(c.alive))]
}

// gone says that an operation has been discarded.
func (c *crowd) gone(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.alive, id); i >= 0 {
		c.alive = slices.Delete(c.alive, i, i+1)
		c.ended.Add(1)
	}
}

// room makes an id, if there may be one more.
func (c *crowd) room() (id string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.alive) >= crowded || c.made.Load() >= c.total {
		return "", false
	}
	id = fmt.Sprintf("op%d", c.made.Add(1))
	c.alive = append(c.alive, id)
	return id, true
}

func (c *crowd) create(store *postgres.Store) {
	for !c.over() {
		id, ok := c.room()
		if !ok {
			c.other(store)
			continue
		}
		o := driver.Creation{ID: id, Kind: "k", Parent: parent, Owner: "o", Needs: []string{"k"}, Window: 2, Most: 1000,
			Groups: []driver.Group{{Name: "g", Most: 1000}}, Names: []driver.Name{{Path: "b/" + id, Use: "o"}, {Path: "b/all", Use: "o"}}}
		for range 1 + rand.IntN(8) {
			o.Tasks = append(o.Tasks, driver.NewTask{Weight: 100})
		}
		if rand.IntN(2) == 0 {
			o.Key = fmt.Sprint("key", rand.IntN(4))
		}
		op, created, err := store.Create(context.Background(), o)
		c.check("Create", err)
		if !created || op.ID != id {
			c.gone(id)
		}
	}
}

func (c *crowd) cancel(store *postgres.Store) {
	for !c.over() {
		e := driver.Ending{From: driver.Running, To: driver.Cancelled, ErrorCode: 1, ErrorMessage: "cancelled", Keep: time.Hour, Wish: true}
		if rand.IntN(4) > 0 {
			_, err := store.Get(context.Background(), c.any())
			if err != driver.ErrNotFound {
				c.check("Get", err)
			}
			continue
		}
		_, _, err := store.End(context.Background(), c.any(), e)
		c.check("End", err)
	}
}

func (c *crowd) change(store *postgres.Store) {
	for !c.over() {
		c.other(store)
	}
}

// other is what has little to do with tasks.
func (c *crowd) other(store *postgres.Store) {
	ctx := context.Background()
	var err error
	switch rand.IntN(8) {
	case 0:
		if rand.IntN(8) == 0 {
			_, err = store.Hide(ctx, c.any())
		}
	case 1:
		_, err = store.Expire(ctx, time.Hour, 10)
	case 2:
		var release func()
		if release, err = store.Hold(ctx, []driver.Name{{Path: fmt.Sprint("b/held", rand.IntN(3)), Use: "h"}, {Path: "c", Use: "h"}}); err == nil {
			release()
		} else if _, taken := err.(driver.TakenError); taken {
			err = nil
		}
	case 3:
		err = store.Count(ctx, []driver.Sum{{Day: "2026-01-02", Account: "b", What: "w", N: 1}, {Day: "2026-01-01", Account: "a", What: "w", N: 1}})
	case 4:
		_, err = store.List(ctx, driver.Query{Owner: "o", Limit: 10})
	case 5:
		_, err = store.Load(ctx)
	case 6:
		err = store.Name(ctx, c.any(), nil)
	case 7:
		_, err = store.Drain(ctx, "node", false)
	}
	c.check("something else", err)
}

// live is node after node: each works for a while, and then leaves, or is taken for
// dead and goes on for a moment.
func (c *crowd) live() {
	ctx := context.Background()
	for !c.over() {
		store := c.open()
		lost := make(chan struct{})
		nothing := func(string) {}
		m, err := store.Join(ctx, driver.Node{Name: "node", Slots: 2, Abilities: func() []string { return []string{"k"} }, Abandoned: time.Hour,
			Work: func() {}, Ended: nothing, Hidden: nothing, Resync: func() {}, Lost: func(error) { close(lost) }})
		if err != nil {
			c.check("Join", err)
			return
		}
		n := &life{crowd: c, store: store, member: m}
		var work sync.WaitGroup
		for range 3 {
			work.Go(func() { n.work(100) })
		}
		work.Wait()
		if rand.IntN(2) == 0 {
			execute(c.t, c.url, "UPDATE nodes SET lease_until = store_now() - 1 WHERE id = $1 AND left_at IS NULL", m.ID())
			for range 3 {
				work.Go(func() { n.work(10) })
			}
			work.Wait()
		}
		c.check("Leave", m.Leave(ctx))
		c.check("Close", store.Close())
	}
}

// life is a node while it is one.
type life struct {
	*crowd
	store  *postgres.Store
	member driver.Membership

	mu     sync.Mutex
	recent []driver.Advance // of the tasks claimed last
}

// advance counts progress in several operations at once, of some of which the task is
// over.
func (n *life) advance(ctx context.Context, t driver.Task) {
	n.mu.Lock()
	n.recent = append(n.recent[max(0, len(n.recent)-3):], driver.Advance{Token: t.Token, Left: rand.Int64N(t.Weight + 1)})
	all := slices.Clone(n.recent)
	n.mu.Unlock()
	n.check("Advance", n.store.Advance(ctx, all))
}

// work takes so many tasks.
func (n *life) work(times int) {
	ctx := context.Background()
	for range times {
		if n.over() {
			return
		}
		offers, err := n.member.Offers(ctx, driver.Want{Large: 8, Small: 8, Discards: 8})
		if err != nil {
			return // it may be taken for dead
		}
		for _, all := range [][]driver.Offer{offers.Tasks, offers.Discards} {
			if len(all) == 0 {
				continue
			}
			task, won, err := n.member.Claim(ctx, all[rand.IntN(len(all))])
			if err != nil || !won {
				continue
			}
			n.advance(ctx, task)
			n.attend(ctx, task)
		}
	}
}

// attend does one of the things that may come of a task.
func (n *life) attend(ctx context.Context, t driver.Task) {
	failed := driver.Ending{From: driver.Running, To: driver.Failed, ErrorCode: 13, ErrorMessage: "failed", Keep: time.Hour, Fence: &t.Token}
	if t.State == driver.Finalizing {
		failed.From = driver.Finalizing
	}
	var err error
	switch chance := rand.IntN(20); {
	case chance == 0: // as a node that dies
	case chance == 1:
		_, err = n.store.Release(ctx, t.Token)
	case chance == 2:
		_, err = n.store.Retry(ctx, t.Token, 1, 0)
	case t.Role == driver.Discard:
		var won bool
		if won, err = n.store.Discarded(ctx, t.Token); won {
			n.gone(t.Op)
		}
	case chance == 3:
		_, _, err = n.store.End(ctx, t.Op, failed)
	case t.Role == driver.Shard:
		_, err = n.store.Complete(ctx, t.Token, []byte("result"))
	case chance < 8 && t.State == driver.Running:
		_, err = n.store.Redo(ctx, t.Token, []int{0})
	default:
		err = n.finish(ctx, t)
	}
	n.check("a task", err)
}

// finish is the end of an operation, or almost.
func (n *life) finish(ctx context.Context, t driver.Task) error {
	won, err := n.store.Finalize(ctx, t.Token, []byte("receipt"))
	if err != nil || !won {
		return err
	}
	if rand.IntN(2) == 0 {
		_, _, err := n.store.Reopen(ctx, t.Token, driver.Ending{From: driver.Finalizing, To: driver.Cancelled, ErrorCode: 1, ErrorMessage: "cancelled", Keep: time.Hour})
		return err
	}
	_, _, err = n.store.End(ctx, t.Op, driver.Ending{From: driver.Finalizing, To: driver.Succeeded, Keep: time.Hour, Fence: &t.Token})
	return err
}
