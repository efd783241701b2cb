package lrotest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
)

// notified is a server that tells of ends; take says whether a telling is taken.
func notified(t *testing.T, place Place, toy *Toy, take func(name string) error) (s *server, told chan *longrunningpb.Operation) {
	told = make(chan *longrunningpb.Operation, 10)
	s = openedWith(t, place, toy, newClock(), func(c *lro.Config) {
		tell := func(_ context.Context, op *longrunningpb.Operation, ended time.Time) error {
			if ended.IsZero() || !op.GetDone() {
				t.Errorf("told of %v, ended at %v", op, ended)
			}
			if n := toy.Scratch(idOf(op.GetName())); n > 0 {
				t.Errorf("told of %s, which has %d pieces of scratch", op.GetName(), n)
			}
			if err := take(op.GetName()); err != nil {
				return err
			}
			told <- op
			return nil
		}
		c.Notify = func(w lro.Work) lro.Tell {
			if strings.Contains(string(w.Request), "untold") {
				return nil
			}
			return tell
		}
	})
	return s, told
}

// testNotify: every end is told until somebody takes it, after the cleaning up; but
// none of what was deleted.
func testNotify(t *testing.T, h Harness) {
	toy, tries := NewToy(), make(chan string, 100)
	refused := 0
	s, told := notified(t, h.Place(t), toy, func(name string) error {
		tries <- name
		if refused++; refused <= 2 {
			return errors.New("nobody listens")
		}
		return nil
	})
	deleted := s.start("say d")
	s.delete(deleted)
	held := s.start("hold a")
	s.run()
	for step := toy.Next(t); step.What != "a"; step = toy.Next(t) {
	}
	s.cancel(held)
	expect := func(name, outcome string, is func(*longrunningpb.Operation) bool) {
		t.Helper()
		if op := <-told; op.GetName() != name || !is(op) {
			t.Errorf("told of %v, not of %s, which %s", op, name, outcome)
		}
	}
	expect(held, "was cancelled", func(op *longrunningpb.Operation) bool { return op.GetError().GetCode() == 1 })
	s.startWith(lro.NewOperation{Request: []byte("untold")}, "say u")
	expect(s.start("permanent a"), "failed", func(op *longrunningpb.Operation) bool { return op.GetError().GetCode() > 1 })
	expect(s.start("say b"), "succeeded", func(op *longrunningpb.Operation) bool { return op.GetResponse() != nil })
	close(tries)
	times := map[string]int{}
	for name := range tries {
		times[name]++
	}
	if times[held] != 3 || times[deleted] != 0 || len(times) != 3 {
		t.Errorf("told %v times; that of %s was refused twice, and %s is deleted", times, held, deleted)
	}
}

// testNotifyAfterStop: what nobody has taken when the server stops is told by the
// next one.
func testNotifyAfterStop(t *testing.T, h Harness) {
	place, toy, asked := h.Place(t), NewToy(), make(chan string, 10)
	s, _ := notified(t, place, toy, func(name string) error {
		asked <- name
		return errors.New("nobody listens")
	})
	s.run()
	name := s.start("say a")
	<-asked
	s.stop()
	s, told := notified(t, place, toy, func(string) error { return nil })
	s.run()
	if op := <-told; op.GetName() != name {
		t.Errorf("told of %v, not of %s", op, name)
	}
}
