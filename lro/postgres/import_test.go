package postgres_test

import (
	"context"
	"testing"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/postgres"
	"github.com/lectern/lectern/lro/sqlite"
)

// TestImport: operations of a data directory go on where they stood, and those that
// have ended look as they did.
func TestImport(t *testing.T) {
	ctx, dir, toy := context.Background(), t.TempDir(), lrotest.NewToy()
	old, err := sqlite.Open(ctx, dir, silent())
	if err != nil {
		t.Fatal(err)
	}
	m, err := lro.Open(ctx, lro.Config{Store: old, Kinds: []lro.Kind{toy}, Slots: 2, Log: silent()})
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- m.Run(running) }()
	done, failed := start(t, m, "say a", "say b"), start(t, m, "permanent c")
	await(t, m, done)
	await(t, m, failed)
	half := startNamed(t, m, "at:there", "say a", "hold b", "say c", "say d", "say e", "say f")
	toy.Next(t)
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	queued := startNamed(t, m, "at:elsewhere", "hold z")

	url := database(t)
	store, err := postgres.Open(ctx, url, silent())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []int{4, 0} { // a second import changes nothing
		fresh := 0
		err := old.Export(ctx, func(r driver.Record) error {
			if r.ID == half[len(parent+"/operations/"):] {
				r.Names, r.Named = nil, false // as a version that knew of no names has left it
			}
			ok, err := store.Import(ctx, r)
			if ok {
				fresh++
			}
			return err
		})
		if err != nil || fresh != want {
			t.Fatalf("%d operations were moved (%v), want %d", fresh, err, want)
		}
	}
	for _, name := range []string{done, failed} {
		id := name[len(parent+"/operations/"):]
		before, err := old.Get(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		after, err := store.Get(ctx, id)
		if err != nil || after.State != before.State || !after.Created.Equal(before.Created) || !after.Ended.Equal(before.Ended) ||
			!after.Expires.Equal(before.Expires) || after.ErrorCode != before.ErrorCode || after.ErrorMessage != before.ErrorMessage || string(after.Response) != string(before.Response) || after.Label != before.Label || after.Label == "" {
			t.Errorf("moved, %+v became %+v (%v)", before, after, err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}

	n, moved := node(t, url, toy)
	first, second := toy.Next(t), toy.Next(t)
	for _, taken := range []string{"there", "elsewhere"} {
		release, err := moved.Hold(ctx, []driver.Name{{Path: taken, Use: "another"}})
		if err == nil {
			release()
			t.Errorf("the name %q was free", taken)
		}
	}
	first.Continue()
	second.Continue()
	for name, words := range map[string]string{half: "a b c d e f", queued: "z"} {
		if op := await(t, n, name); op.GetResponse() == nil {
			t.Errorf("%s ended as %v", name, op)
		} else if said, _ := toy.Outcome(map[string]string{half: "there", queued: "elsewhere"}[name]); said != words {
			t.Errorf("%s shows %q, want %q", name, said, words)
		}
	}
	if n := toy.Attempts(half[len(parent+"/operations/"):], "say a"); n != 1 {
		t.Errorf("a shard that was done ran %d times", n)
	}
}
