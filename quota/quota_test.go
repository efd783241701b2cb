package quota

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/sqlite"
)

// node is a Quota that runs on a store, until it is stopped.
type node struct {
	*Quota
	stop func()
}

func begin(t *testing.T, store *sqlite.Store, specs ...string) node {
	t.Helper()
	rules, err := ParseRules(specs)
	if err != nil {
		t.Fatal(err)
	}
	q, err := Open(t.Context(), rules, store, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := q.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	return node{q, func() {
		cancel()
		<-ended
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	}}
}

func open(t *testing.T) *sqlite.Store {
	t.Helper()
	store, err := sqlite.Open(context.Background(), t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// of is the account of a principal of one project.
func (n node) of(principal, project string) *Account {
	return n.Of(auth.With(context.Background(), auth.Principal{Name: principal, Projects: []string{project}, Role: auth.Speaker}), "")
}

// expectBeyond checks a refusal.
func expectBeyond(t *testing.T, err error, subject string, metric Metric, retry time.Duration) {
	t.Helper()
	var f *fault.Error
	switch {
	case !errors.As(err, &f) || f.Code != fault.ResourceExhausted || f.Limit == nil:
		t.Errorf("%v is no refusal by a limit", err)
	case f.Limit.Subject != subject || f.Limit.Metric != string(metric) || !strings.Contains(f.Message, subject) || !strings.Contains(f.Message, f.Limit.ID):
		t.Errorf("%v by %+v, want %s of %s", err, *f.Limit, metric, subject)
	case f.RetryAfter.Round(time.Second) != retry:
		t.Errorf("%v: again in %v, want %v", err, f.RetryAfter, retry)
	}
}

func TestRequestsOfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		defer store.Close()
		n := begin(t, store, "requests=6/min", "principals/*:requests=4/min", "projects/free:requests=none")
		defer n.stop()
		jo, al, free := n.of("jo", "acme"), n.of("al", "acme"), n.of("ci", "free")
		for range 4 {
			if err := errors.Join(jo.Ask(1), free.Ask(1)); err != nil {
				t.Fatal(err)
			}
		}
		expectBeyond(t, jo.Ask(1), "principals/jo", Requests, 15*time.Second)
		expectBeyond(t, free.Ask(1), "principals/ci", Requests, 15*time.Second)
		for range 2 { // what was refused has taken nothing of the project's
			if err := al.Ask(1); err != nil {
				t.Error(err)
			}
		}
		expectBeyond(t, al.Ask(1), "projects/acme", Requests, 10*time.Second)
		time.Sleep(10 * time.Second)
		if err := al.Ask(1); err != nil {
			t.Errorf("ten seconds later: %v", err)
		}
		expectBeyond(t, al.Ask(1), "projects/acme", Requests, 10*time.Second)
	})
}

// TestCharactersOfADay: they are those of all nodes, survive a restart, and begin
// anew at midnight.
func TestCharactersOfADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		defer store.Close()
		rules := []string{"characters=100/day", "principals/al:characters=10/day"}
		one, two := begin(t, store, rules...), begin(t, store, rules...)
		if err := errors.Join(one.of("jo", "acme").Ask(60), two.of("jo", "acme").Ask(30)); err != nil {
			t.Fatal(err)
		}
		expectBeyond(t, one.of("jo", "acme").Ask(41), "projects/acme", Characters, 24*time.Hour)
		time.Sleep(2*interval + time.Millisecond) // each has written, and then read
		expectBeyond(t, one.of("jo", "acme").Ask(11), "projects/acme", Characters, 24*time.Hour-2*interval)
		expectBeyond(t, two.of("jo", "acme").More(11), "projects/acme", Characters, 24*time.Hour-2*interval)
		expectBeyond(t, two.of("al", "other").Ask(11), "principals/al", Characters, 24*time.Hour-2*interval)
		if err := two.of("jo", "other").Ask(100); err != nil {
			t.Errorf("another project: %v", err)
		}
		one.stop()
		two.stop()

		again := begin(t, store, rules...)
		defer again.stop()
		if err := again.of("jo", "acme").Ask(10); err != nil {
			t.Errorf("what was left before the restart: %v", err)
		}
		expectBeyond(t, again.of("jo", "acme").Ask(1), "projects/acme", Characters, 24*time.Hour-2*interval)
		if err := again.of("jo", "acme").More(0); err != nil {
			t.Errorf("nothing more: %v", err)
		}
		time.Sleep(24*time.Hour - 2*interval)
		if err := again.of("jo", "acme").Ask(100); err != nil {
			t.Errorf("on the next day: %v", err)
		}
	})
}

func TestStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		defer store.Close()
		n := begin(t, store, "streams=2", "principals/jo:streams=1")
		defer n.stop()
		leave, err := n.of("jo", "acme").Stream()
		if err != nil {
			t.Fatal(err)
		}
		_, err = n.of("jo", "acme").Stream()
		expectBeyond(t, err, "principals/jo", Streams, time.Second)
		if _, err := n.of("al", "acme").Stream(); err != nil {
			t.Error(err)
		}
		_, err = n.of("al", "acme").Stream()
		expectBeyond(t, err, "projects/acme", Streams, time.Second)
		time.Sleep(25 * time.Hour) // a stream goes on over midnight
		n.of("jo", "acme").Started()
		_, err = n.of("al", "acme").Stream()
		expectBeyond(t, err, "projects/acme", Streams, time.Second)
		leave()
		leave() // counts once
		if _, err := n.of("al", "acme").Stream(); err != nil {
			t.Error(err)
		}
		_, err = n.of("al", "acme").Stream()
		expectBeyond(t, err, "projects/acme", Streams, time.Second)
	})
}

func TestOperations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		defer store.Close()
		n := begin(t, store, "operations=2", "principals/guest:operations=0")
		defer n.stop()
		groups, err := n.of("jo", "acme").Operation()
		if err != nil || len(groups) != 2 || groups[0].Name != "projects/acme" || groups[0].Most != 2 || groups[1].Name != "principals/jo" || groups[1].Most != 0 {
			t.Errorf("%+v, %v", groups, err)
		}
		expectBeyond(t, groups[0].Full, "projects/acme", Operations, 10*time.Second)
		_, err = n.of("guest", "acme").Operation()
		expectBeyond(t, err, "principals/guest", Operations, 10*time.Second)
	})
}

// TestReport: what was used is told by day, project and principal, with what was
// counted until the end.
func TestReport(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		defer store.Close()
		n := begin(t, store) // without any limit
		jo := n.of("https://issuer/#jo", "acme")
		if err := errors.Join(jo.Ask(5), jo.More(7), n.Of(context.Background(), "").Ask(2), n.Of(context.Background(), "acme").Ask(1)); err != nil {
			t.Fatal(err)
		}
		jo.Spoken(1500 * time.Millisecond)
		jo.Spoken(500 * time.Millisecond)
		jo.Started()
		time.Sleep(24 * time.Hour)
		jo.Spoken(time.Second)
		n.stop()
		want := []Use{
			{"2000-01-01", "", "anonymous", 1, 2, 0, 0},
			{"2000-01-01", "acme", "anonymous", 1, 1, 0, 0},
			{"2000-01-01", "acme", "https://issuer/#jo", 1, 12, 1, 2 * time.Second},
			{"2000-01-02", "acme", "https://issuer/#jo", 0, 0, 0, time.Second},
		}
		for _, c := range []struct {
			first, last, project string
			want                 []Use
		}{
			{"2000-01-01", "2000-01-02", "", want}, {"2000-01-01", "2000-01-01", "acme", want[1:3]}, {"2000-01-02", "2000-01-02", "", want[3:]}, {"1999-01-01", "1999-12-31", "", nil},
		} {
			if got, err := Report(t.Context(), store, c.first, c.last, c.project); err != nil || !slices.Equal(got, c.want) {
				t.Errorf("%s to %s of %q: %v, %v", c.first, c.last, c.project, got, err)
			}
		}
	})
}

// TestMadeUpProjects: where nobody is asked who he is, names of projects cost a
// bounded room.
func TestMadeUpProjects(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := open(t)
		defer store.Close()
		n := begin(t, store, "characters=5/day")
		for i := range mostAccounts + 5 {
			if err := n.Of(context.Background(), fmt.Sprint("p", i)).Ask(1); err != nil {
				t.Fatal(err)
			}
		}
		expectBeyond(t, n.Of(context.Background(), "one more").Ask(1), "projects/"+others, Characters, 24*time.Hour)
		if accounts := len(n.known); accounts > mostAccounts {
			t.Errorf("%d accounts are known", accounts)
		}
		n.stop()
	})
}

func TestNobodyCounts(t *testing.T) {
	var q *Quota
	a := q.Of(context.Background(), "acme")
	leave, err := a.Stream()
	groups, refused := a.Operation()
	if err := errors.Join(a.Ask(1), a.More(1), err, refused); err != nil || groups != nil {
		t.Errorf("%v, %v", groups, err)
	}
	leave()
	a.Started()
	a.Spoken(time.Second)
}
