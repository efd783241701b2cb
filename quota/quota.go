package quota

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/lro/driver"
)

const (
	// interval is how often what was counted is written, and read again.
	interval = 2 * time.Second
	// kept is how long the sums of a day can be asked for.
	kept = 400 * 24 * time.Hour
	// mostAccounts is how many pairs of project and principal are told apart in a
	// day. Where nobody is asked who he is, anybody may make up projects.
	mostAccounts = 10_000
	// others is the project of what is beyond them.
	others = "(others)"
	// lastWrite is how long what is left may take to be written at the end.
	lastWrite = 5 * time.Second
)

// Quota knows what everybody has used. It is safe for concurrent use.
type Quota struct {
	rules   Rules
	counter driver.Counter
	log     *slog.Logger

	mu      sync.Mutex
	today   string
	pending map[entry]int64  // what is not written yet
	known   map[account]bool // of today
	scopes  map[scope]*usage // of those who have limits
}

// account is who is counted: a principal for a project, which is empty where no
// project is known.
type account struct{ project, principal string }

func (a account) scopes() [2]scope {
	return [2]scope{{projects, a.project}, {principals, a.principal}}
}

// entry is a sum of the store.
type entry struct {
	day string
	account
	what string
}

// usage is what a limited scope has used.
type usage struct {
	requests   *rate.Limiter
	characters int64 // of today, of all nodes
	streams    int64
}

// Open makes a Quota that goes on from what was counted today.
func Open(ctx context.Context, rules Rules, counter driver.Counter, log *slog.Logger) (*Quota, error) {
	q := &Quota{rules: rules, counter: counter, log: log, pending: map[entry]int64{}}
	q.newDay(dayOf(time.Now()))
	if err := q.read(ctx); err != nil {
		return nil, err
	}
	return q, nil
}

func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Run writes what was counted until ctx ends; see Close.
func (q *Quota) Run(ctx context.Context) error {
	tick := time.NewTicker(interval)
	defer tick.Stop()
	forgotten := ""
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if err := q.write(ctx); err != nil && ctx.Err() == nil {
			q.log.Warn("what was used cannot be written; it is tried again", "cause", err)
		}
		if q.rules.limit(Characters) {
			if err := q.read(ctx); err != nil && ctx.Err() == nil {
				q.log.Warn("what was used today cannot be read; this node's own counts hold meanwhile", "cause", err)
			}
		}
		if first := dayOf(time.Now().Add(-kept)); first != forgotten {
			if err := q.counter.Uncount(ctx, first); err == nil {
				forgotten = first
			}
		}
	}
}

// Close writes what is left, when Run has ended and nobody counts any more.
func (q *Quota) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), lastWrite)
	defer cancel()
	return q.write(ctx)
}

// write adds what is pending to the store's sums. After an error it is pending again.
func (q *Quota) write(ctx context.Context) error {
	q.mu.Lock()
	writing := q.pending
	q.pending = map[entry]int64{}
	q.mu.Unlock()
	if len(writing) == 0 {
		return nil
	}
	sums := make([]driver.Sum, 0, len(writing))
	for e, n := range writing {
		sums = append(sums, driver.Sum{Day: e.day, Account: e.account.key(), What: e.what, N: n})
	}
	err := q.counter.Count(ctx, sums)
	if err != nil {
		q.mu.Lock()
		defer q.mu.Unlock()
		for e, n := range writing {
			q.pending[e] += n
		}
	}
	return err
}

// read takes today's characters from the store, with what is not there yet.
func (q *Quota) read(ctx context.Context) error {
	q.mu.Lock()
	day := q.today
	q.mu.Unlock()
	sums, err := q.counter.Counted(ctx, day, day)
	if err != nil {
		return err
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.today != day {
		return nil
	}
	used := map[scope]int64{}
	for _, s := range sums {
		who, ok := accountOf(s.Account)
		if !ok {
			continue
		}
		q.know(who)
		if s.What == string(Characters) {
			for _, sc := range who.scopes() {
				used[sc] += s.N
			}
		}
	}
	for e, n := range q.pending {
		if e.day == day && e.what == string(Characters) {
			for _, sc := range e.scopes() {
				used[sc] += n
			}
		}
	}
	for sc := range used {
		if _, limited := q.rules.of(sc, Characters); limited {
			q.usage(sc).characters = used[sc]
		}
	}
	return nil
}

// newDay begins to count anew. Streams go on, and so do minutes.
func (q *Quota) newDay(day string) {
	q.today, q.known = day, map[account]bool{}
	before := q.scopes
	q.scopes = map[scope]*usage{}
	for sc, u := range before {
		if u.streams > 0 {
			u.characters = 0
			q.scopes[sc] = u
		}
	}
}

// usage is that of a scope that has limits.
func (q *Quota) usage(sc scope) *usage {
	u := q.scopes[sc]
	if u == nil {
		u = &usage{}
		if most, limited := q.rules.of(sc, Requests); limited {
			u.requests = rate.NewLimiter(rate.Limit(float64(most)/60), int(most))
		}
		q.scopes[sc] = u
	}
	return u
}

// know is who, or who stands for what is beyond mostAccounts.
func (q *Quota) know(who account) account {
	if !q.known[who] {
		if len(q.known) >= mostAccounts {
			return account{project: others}
		}
		q.known[who] = true
	}
	return who
}

// Of is the account of a call: its principal's, for project; without one, for the
// only project that the principal has.
func (q *Quota) Of(ctx context.Context, project string) *Account {
	if q == nil {
		return nil
	}
	p := auth.From(ctx)
	if project == "" && len(p.Projects) == 1 && p.Projects[0] != auth.AllProjects {
		project = p.Projects[0]
	}
	return &Account{quota: q, who: account{project, p.Name}}
}
