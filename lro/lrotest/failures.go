package lrotest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

func testProgress(t *testing.T, h Harness) {
	s := fresh(t, h)
	o := toyOperation(lro.NewOperation{}, "say a", "say b", "hold c", "say d", "say e", "hold f", "say g")
	var total int64
	for i := range o.Tasks {
		o.Tasks[i].Weight = int64(1 + 10*i)
		total += o.Tasks[i].Weight
	}
	op, err := s.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for range 2 {
			s.toy.Next(t).Continue()
		}
	}()
	var last int64
	for done := false; !done; {
		op := s.get(op.GetName())
		done = op.GetDone()
		if now := progress(t, op.GetMetadata().UnmarshalTo); now < last {
			t.Fatalf("the progress went from %d to %d", last, now)
		} else {
			last = now
		}
	}
	if last != total {
		t.Errorf("at the end the progress is %d of %d", last, total)
	}
}

// progress reads what a toy says of itself.
func progress(t *testing.T, unmarshal func(proto.Message) error) int64 {
	t.Helper()
	var v wrapperspb.Int64Value
	if err := unmarshal(&v); err != nil {
		t.Fatal(err)
	}
	return v.GetValue()
}

// testManyShards: more shards than the window holds, and their order kept.
func testManyShards(t *testing.T, h Harness) {
	s := fresh(t, h)
	var payloads, words []string
	for i := range 60 {
		payloads = append(payloads, fmt.Sprintf("say %d", i))
		words = append(words, fmt.Sprint(i))
	}
	first, second := s.start(payloads...), s.start(payloads...)
	expectResponse(t, s, first, strings.Join(words, " "))
	expectResponse(t, s, second, strings.Join(words, " "))
	for _, p := range payloads {
		if n := s.toy.Attempts(idOf(first), p); n != 1 {
			t.Errorf("%q ran %d times", p, n)
		}
	}
}

func testRetried(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("say a", "fail b", "say c")
	expectResponse(t, s, name, "a b c")
	if n := s.toy.Attempts(idOf(name), "fail b"); n != 2 {
		t.Errorf("the shard ran %d times", n)
	}
}

func testFailsAfterThree(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("say a", "always b")
	message := expectError(t, s, name, fault.ResourceExhausted)
	if message != "The toy is broken." {
		t.Errorf("the message is %q", message)
	}
	if n := s.toy.Attempts(idOf(name), "always b"); n != 3 {
		t.Errorf("the shard ran %d times", n)
	}
	s.toy.AwaitDiscard(t, idOf(name))
}

func testPermanent(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("permanent a")
	expectError(t, s, name, fault.FailedPrecondition)
	if n := s.toy.Attempts(idOf(name), "permanent a"); n != 1 {
		t.Errorf("the shard ran %d times", n)
	}
	// The failure ends the work on the other shards.
	name = s.start("hold a", "permanent b")
	expectError(t, s, name, fault.FailedPrecondition)
	s.toy.AwaitDiscard(t, idOf(name))
}

func testPanic(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("panic a")
	expectResponse(t, s, name, "a")
	if n := s.toy.Attempts(idOf(name), "panic a"); n != 2 {
		t.Errorf("the shard ran %d times", n)
	}
}

func testFinishFails(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("finish-fails")}, "say a", "say b")
	expectResponse(t, s, name, "a b")
	name = s.startWith(lro.NewOperation{Request: []byte("finish-always")}, "say a")
	message := expectError(t, s, name, fault.Internal)
	if strings.Contains(message, "as told") {
		t.Errorf("the message tells the cause: %q", message)
	}
}

func testCommitFails(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("commit-fails")}, "say a")
	expectResponse(t, s, name, "a")
	// Commit returned an error but has taken effect.
	name = s.startWith(lro.NewOperation{Request: []byte("commit-lies")}, "say a")
	expectResponse(t, s, name, "a")
}

func testDiscardFails(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("discard-fails")}, "say a")
	expectResponse(t, s, name, "a")
	s.toy.AwaitDiscard(t, idOf(name))
}

// testCommitAlwaysFails: past the point of no return there is a bound to the
// tries, too, and the end tells the truth.
func testCommitAlwaysFails(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("commit-always")}, "say a")
	expectError(t, s, name, fault.Internal)
	s.toy.AwaitDiscard(t, idOf(name))
	if words, visible := s.toy.Outcome(idOf(name)); visible {
		t.Errorf("the failed operation shows %q", words)
	}
}

// testOutcomeIsNotKnown: who cannot be asked is not asked for ever.
func testOutcomeIsNotKnown(t *testing.T, h Harness) {
	t.Parallel()
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("commit-always committed-always")}, "say a")
	expectError(t, s, name, fault.Unknown)
	s.toy.AwaitDiscard(t, idOf(name))
}

func testRedo(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("redo")}, "say a", "say b")
	expectResponse(t, s, name, "a b")
	op := s.get(name)
	if now := progress(t, op.GetMetadata().UnmarshalTo); now != 2 {
		t.Errorf("the progress is %d of 2", now)
	}
	if a, b := s.toy.Attempts(idOf(name), "say a"), s.toy.Attempts(idOf(name), "say b"); a != 2 || b != 1 {
		t.Errorf("the lost shard ran %d times, the other one %d times", a, b)
	}
	name = s.startWith(lro.NewOperation{Request: []byte("redo-always")}, "say a", "say b")
	expectError(t, s, name, fault.Internal)
	if n := s.toy.Attempts(idOf(name), "say a"); n != 4 {
		t.Errorf("what was always lost ran %d times", n)
	}
}

// testLater: to wait is no failure.
func testLater(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("later a")
	expectResponse(t, s, name, "a")
	if n := s.toy.Attempts(idOf(name), "later a"); n != 5 {
		t.Errorf("the shard ran %d times", n)
	}
}

func testPatience(t *testing.T, h Harness) {
	s := openedWith(t, h.Place(t), NewToy(), newClock(), func(c *lro.Config) { c.Patience = toyPatience })
	s.run()
	still, moving := s.start("stall a"), s.start("beat b")
	expectResponse(t, s, moving, "b")
	if n := s.toy.Attempts(idOf(moving), "beat b"); n != 1 {
		t.Errorf("a shard that gave signs of life ran %d times", n)
	}
	expectError(t, s, still, fault.DeadlineExceeded)
}

func testMost(t *testing.T, h Harness) {
	s := openedWith(t, h.Place(t), NewToy(), newClock(), func(c *lro.Config) { c.Most = 2 })
	keyed := toyOperation(lro.NewOperation{IdempotencyKey: "k"}, "say a")
	first, err := s.Start(t.Context(), keyed)
	if err != nil {
		t.Fatal(err)
	}
	second := s.start("say b")
	_, err = s.Start(t.Context(), toyOperation(lro.NewOperation{}, "say c"))
	expectFault(t, err, fault.ResourceExhausted)
	if again, err := s.Start(t.Context(), keyed); err != nil || again.GetName() != first.GetName() {
		t.Errorf("what was accepted before: %v, %v", again, err)
	}
	s.cancel(second)
	s.start("say c")
}

// testSmallOnesPass: large operations keep all slots, and a small one is done.
func testSmallOnesPass(t *testing.T, h Harness) {
	s := fresh(t, h)
	var large []string
	for range 3 {
		large = append(large, s.start("hold a", "hold b", "hold c", "hold d", "hold e", "hold f"))
	}
	s.toy.Next(t)
	s.toy.Next(t)
	expectResponse(t, s, s.start("say hi"), "hi")
	for _, name := range large {
		s.cancel(name)
		s.toy.AwaitDiscard(t, idOf(name))
	}
}

// testUnreadableRow: what cannot be decoded hides nothing else.
func testUnreadableRow(t *testing.T, h Harness) {
	s := opened(t, h.Place(t), NewToy(), newClock())
	bad, good := s.start("say a"), s.start("say b")
	_, won, err := s.store.End(t.Context(), idOf(bad), driver.Ending{From: driver.Running, To: driver.Failed, ErrorCode: 13, Keep: modelRetention})
	must(t, "End", won, err, true)
	s.Manager = open(t, broken{s.store}, s)
	all := s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName})
	if len(all) != 2 || all[0].GetName() != good || all[1].GetName() != bad {
		t.Errorf("the list has %v", all)
	}
}

// broken is a store whose done operations have succeeded with rubbish.
type broken struct{ driver.Store }

func (b broken) List(ctx context.Context, q driver.Query) ([]driver.Operation, error) {
	ops, err := b.Store.List(ctx, q)
	for i, op := range ops {
		if op.State == driver.Failed {
			ops[i].State, ops[i].Response = driver.Succeeded, []byte("\xff")
		}
	}
	return ops, err
}
