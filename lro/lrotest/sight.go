package lrotest

import (
	"context"
	"slices"
	"sync"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

type sightKey struct{}

// under is a context whose caller knows of what is under these names.
func under(names ...string) context.Context {
	return context.WithValue(context.Background(), sightKey{}, append([]string{}, names...))
}

// A caller reaches what is under its names, by every method and list, and nothing
// else.
func testSight(t *testing.T, h Harness) {
	s := fresh(t, h)
	parents := []string{"projects/a/locations/l", "projects/a/locations/m", "projects/ab/locations/l", "projects/b/locations/l"}
	var names []string
	for _, parent := range parents {
		op, err := s.Start(context.Background(), toyOperation(lro.NewOperation{Parent: parent}, "hold a"))
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, op.GetName())
		s.clock.advance(1)
	}
	for _, c := range []struct {
		caller context.Context
		sees   []int
	}{
		{under(), nil},
		{under("projects/a"), []int{1, 0}},
		{under("projects/a/locations/l"), []int{0}},
		{under("projects/a", "projects/b"), []int{3, 1, 0}},
		{under("projects/b", "projects/nobody"), []int{3}},
		{under("projects"), []int{3, 2, 1, 0}},
		{under("projects/"), nil},
		{under("projects/%"), nil},
		{under("PROJECTS/a", "projects/A"), nil},
		{context.Background(), []int{3, 2, 1, 0}},
	} {
		var listed []string
		for token := ""; ; {
			page, err := s.ListOperations(c.caller, &longrunningpb.ListOperationsRequest{Name: "operations", PageSize: 1, PageToken: token})
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range page.GetOperations() {
				listed = append(listed, op.GetName())
			}
			if token = page.GetNextPageToken(); token == "" {
				break
			}
		}
		var want []string
		for _, i := range c.sees {
			want = append(want, names[i])
		}
		if !slices.Equal(listed, want) {
			t.Errorf("%v lists %v, want %v", c.caller, listed, want)
		}
		for i, name := range names {
			id := name[len(parents[i])+len("/operations/"):]
			for _, form := range []string{name, "operations/" + id, "operations/" + name} {
				_, err := s.GetOperation(c.caller, &longrunningpb.GetOperationRequest{Name: form})
				if seen := slices.Contains(c.sees, i); seen != (err == nil) || !seen && !fault.Is(err, fault.NotFound) {
					t.Errorf("%v gets %s: %v", c.caller, form, err)
				}
				if !slices.Contains(c.sees, i) {
					for method, err := range s.methods(c.caller, form) {
						if !fault.Is(err, fault.NotFound) {
							t.Errorf("%v: %s of %s: %v", c.caller, method, form, err)
						}
					}
				}
			}
			page, err := s.ListOperations(c.caller, &longrunningpb.ListOperationsRequest{Name: parents[i]})
			if err != nil || len(page.GetOperations()) == 1 != slices.Contains(c.sees, i) {
				t.Errorf("%v lists %s: %v, %v", c.caller, parents[i], page, err)
			}
		}
	}
	for _, name := range names {
		if s.get(name).GetDone() {
			t.Errorf("%s was reached", name)
		}
	}

	// A page token of one caller is not another's.
	page, err := s.ListOperations(under("projects/a"), &longrunningpb.ListOperationsRequest{Name: "operations", PageSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.ListOperations(under("projects/b"), &longrunningpb.ListOperationsRequest{Name: "operations", PageSize: 1, PageToken: page.GetNextPageToken()})
	expectFault(t, err, fault.InvalidArgument)
}

// counted is a store that writes down what is asked of it.
type counted struct {
	driver.Store
	mu    sync.Mutex
	calls []string
}

func (c *counted) note(call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls = append(c.calls, call)
}

// taken returns the calls so far, and begins anew.
func (c *counted) taken() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	calls := c.calls
	c.calls = nil
	return calls
}

func (c *counted) Get(ctx context.Context, id string) (driver.Operation, error) {
	c.note("Get")
	return c.Store.Get(ctx, id)
}

func (c *counted) List(ctx context.Context, q driver.Query) ([]driver.Operation, error) {
	c.note("List " + q.Parent)
	return c.Store.List(ctx, q)
}

func (c *counted) Parents(ctx context.Context, owner string, under []string) ([]string, error) {
	c.note("Parents")
	return c.Store.Parents(ctx, owner, under)
}

func (c *counted) Hide(ctx context.Context, id string) (bool, error) {
	c.note("Hide")
	return c.Store.Hide(ctx, id)
}

func (c *counted) End(ctx context.Context, id string, e driver.Ending) (driver.Operation, bool, error) {
	c.note("End")
	return c.Store.End(ctx, id, e)
}

// An operation out of sight costs what one costs that does not exist: the store is
// asked the same, and the errors differ in the name alone.
func testSightTellsNothing(t *testing.T, h Harness) {
	store := &counted{}
	s := openedWith(t, h.Place(t), NewToy(), newClock(), func(c *lro.Config) {
		store.Store = c.Store
		c.Store = store
	})
	op, err := s.Start(context.Background(), toyOperation(lro.NewOperation{Parent: "projects/a/locations/l"}, "hold a"))
	if err != nil {
		t.Fatal(err)
	}
	there := op.GetName()
	stranger := under("projects/b")
	store.taken()
	absent := s.methods(stranger, there[:len(there)-4]+"zzzz")
	asked := store.taken()
	for method, err := range s.methods(stranger, there) {
		f, g := fault.From(err), fault.From(absent[method])
		if f.Code != g.Code || f.Field != g.Field || len(f.Public()) != len(g.Public()) {
			t.Errorf("%s: %v of what is foreign and %v of what is absent", method, f, g)
		}
	}
	if calls := store.taken(); len(calls) == 0 || !slices.Equal(calls, asked) {
		t.Errorf("the store is asked %v for what is foreign and %v for what is absent", calls, asked)
	}
}

// testListLooksAtOwn: a list has the store look at what is in its caller's sight, and at
// nothing of others.
func testListLooksAtOwn(t *testing.T, h Harness) {
	store := &counted{}
	s := openedWith(t, h.Place(t), NewToy(), newClock(), func(c *lro.Config) {
		store.Store = c.Store
		c.Store = store
	})
	for _, parent := range []string{"projects/a/locations/l", "projects/b/locations/l", "projects/b/locations/m", "projects/a/locations/l", "projects/b/locations/l"} {
		s.startWith(lro.NewOperation{Parent: parent}, "say a")
	}
	for _, tt := range []struct {
		of    string
		asked []string
		lists int
	}{
		{"projects/a/locations/l", nil, 0},
		{"projects/absent/locations/l", nil, 0},
		{"projects/b", []string{"List projects/b"}, 0},
		{"projects/b/locations/m", []string{"List projects/b/locations/m"}, 1},
		{"operations", []string{"Parents", "List projects/b/locations/l", "List projects/b/locations/m"}, 3},
	} {
		store.taken()
		page, err := s.ListOperations(under("projects/b"), &longrunningpb.ListOperationsRequest{Name: tt.of})
		if err != nil {
			t.Fatal(err)
		}
		asked := store.taken()
		slices.Sort(asked)
		slices.Sort(tt.asked)
		if !slices.Equal(asked, tt.asked) || len(page.GetOperations()) != tt.lists {
			t.Errorf("%s: %d operations, and the store was asked %q, want %d and %q", tt.of, len(page.GetOperations()), asked, tt.lists, tt.asked)
		}
	}
}

// testParents: the parents of what is under names, in whole segments, of one owner.
func testParents(t *testing.T, h Harness) {
	s := opened(t, h.Place(t), NewToy(), newClock())
	parents := []string{"projects/a", "projects/a!/locations/l", "projects/a-b/locations/l", "projects/a/locations/l", "projects/a/locations/m", "projects/a0", "projects/ab/locations/l"}
	for range 3 {
		for _, parent := range parents {
			s.startWith(lro.NewOperation{Parent: parent}, "say a")
		}
	}
	s.delete(s.startWith(lro.NewOperation{Parent: "projects/a/locations/hidden"}, "say a"))
	if _, err := s.Start(as("another"), toyOperation(lro.NewOperation{Parent: "projects/a/locations/another"}, "say a")); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ under, want []string }{
		{nil, nil},
		{[]string{}, nil},
		{[]string{"projects/a"}, []string{"projects/a", "projects/a/locations/l", "projects/a/locations/m"}},
		{[]string{"projects/a/locations/m", "projects/a", "projects/a"}, []string{"projects/a", "projects/a/locations/l", "projects/a/locations/m"}},
		{[]string{"projects/ab", "projects/absent"}, []string{"projects/ab/locations/l"}},
		{[]string{"projects"}, parents},
		{[]string{"projects/", "projects/%", "PROJECTS/a", "projects/_b", ""}, nil},
	} {
		got, err := s.store.Parents(t.Context(), "", tt.under)
		slices.Sort(got)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("under %q are %q (%v), want %q", tt.under, got, err, tt.want)
		}
	}
}

// testCancelBySomebodyElse: a cancel by who does not see the operation neither ends it nor
// is remembered for when it might.
func testCancelBySomebodyElse(t *testing.T, h Harness) {
	ctx, place := context.Background(), h.Place(t)
	s := opened(t, place, NewToy(), newClock())
	z := zombies(t, place, s.store, func(driver.Task) bool { return false })
	defer z.leave(t)
	id := idOf(s.start("say a"))
	wish := func(by driver.Caller) bool {
		t.Helper()
		e := cancelled()
		e.Wish, e.By = true, &by
		_, won, err := s.store.End(ctx, id, e)
		if err != nil {
			t.Fatal(err)
		}
		return won
	}
	strangers := []driver.Caller{
		{Owner: "another"}, {Parent: "projects/another"}, {Under: []string{}}, {Under: []string{parentName + "/below", parentName[:len(parentName)-1]}},
	}
	for _, by := range strangers {
		if wish(by) {
			t.Errorf("%+v has cancelled it", by)
		}
	}
	won, err := s.store.Complete(ctx, (<-z.tasks).Token, nil)
	must(t, "Complete", won, err, true)
	finish := <-z.tasks
	won, err = s.store.Finalize(ctx, finish.Token, nil)
	must(t, "Finalize", won, err, true)
	for _, by := range strangers {
		wish(by)
	}
	now, won, err := s.store.Reopen(ctx, finish.Token, cancelled())
	must(t, "Reopen", won, err, true)
	if now != driver.Running {
		t.Errorf("a stranger's wish has made it %s", now)
	}
	hidden, err := s.store.Hide(ctx, id)
	must(t, "Hide", hidden, err, true)
	own := driver.Caller{Parent: parentName, Under: []string{"projects/another", parentName}}
	if wish(own) {
		t.Error("it was hidden, and is cancelled")
	}
	id = idOf(s.start("say b"))
	if !wish(own) {
		t.Error("who sees it cannot cancel it")
	}
}
