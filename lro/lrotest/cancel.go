package lrotest

import (
	"context"
	"errors"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// expectCancelled checks what holds from the moment that Cancel has returned.
func expectCancelled(t *testing.T, s *server, name string) {
	t.Helper()
	op := s.get(name)
	if !op.GetDone() || op.GetError().GetCode() != 1 || op.GetError().GetMessage() != "Operation was cancelled." {
		t.Fatalf("after Cancel the operation is %v", op)
	}
	if words, visible := s.toy.Outcome(idOf(name)); visible {
		t.Fatalf("a cancelled operation shows %q", words)
	}
}

func testCancelQueued(t *testing.T, h Harness) {
	s := opened(t, h.Place(t), NewToy(), newClock())
	name := s.start("say a", "say b") // nobody works yet
	s.cancel(name)
	expectCancelled(t, s, name)
	s.run()
	s.toy.AwaitDiscard(t, idOf(name))
	expectCancelled(t, s, name)
	if n := s.toy.Attempts(idOf(name), "say a"); n != 0 {
		t.Errorf("a shard of a cancelled operation began %d times", n)
	}
}

func testCancelRunning(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("hold a", "say b")
	step := s.toy.Next(t)
	s.cancel(name)
	expectCancelled(t, s, name)
	<-step.Ctx.Done()
	if cause := context.Cause(step.Ctx); !errors.Is(cause, lro.ErrCancelled) {
		t.Errorf("the work was ended by %v", cause)
	}
	s.cancel(name) // again, which changes nothing
	s.toy.AwaitDiscard(t, idOf(name))
	expectCancelled(t, s, name)
	if n := s.toy.Scratch(idOf(name)); n != 0 {
		t.Errorf("%d pieces of scratch are left", n)
	}
}

func testCancelDone(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("say a")
	s.wait(name)
	before := s.get(name)
	s.cancel(name)
	if after := s.get(name); !proto.Equal(before, after) {
		t.Errorf("Cancel changed\n%v to\n%v", before, after)
	}
	failed := s.start("permanent a")
	s.wait(failed)
	s.cancel(failed)
	expectError(t, s, failed, fault.FailedPrecondition)
}

// testCancelBeforeNoReturn: the cancel comes while Finish is at work, and wins.
func testCancelBeforeNoReturn(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("finish")}, "say a")
	step := s.toy.Next(t)
	if step.What != "finish" {
		t.Fatalf("the operation is at %q", step.What)
	}
	s.cancel(name)
	expectCancelled(t, s, name)
	step.Continue()
	s.toy.AwaitDiscard(t, idOf(name))
	expectCancelled(t, s, name)
}

// testCancelAfterNoReturn: the cancel comes while Commit is at work, and is
// too late.
func testCancelAfterNoReturn(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("commit-holds")}, "say a")
	step := s.toy.Next(t)
	s.cancel(name)
	if op := s.get(name); op.GetDone() {
		t.Fatalf("past the point of no return, Cancel ended the operation: %v", op)
	}
	if step.Ctx.Err() != nil {
		t.Error("the cancel has reached Commit")
	}
	step.Continue()
	expectResponse(t, s, name, "a")
}

// testCancelIsRemembered: the cancel comes while Commit is at work, which then
// fails: the operation does not begin anew.
func testCancelIsRemembered(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.startWith(lro.NewOperation{Request: []byte("commit-holds commit-always")}, "say a")
	waiting := s.waiting(t.Context(), name, nil)
	step := s.toy.Next(t)
	s.cancel(name)
	s.cancel(name)
	step.Continue()
	if a := <-waiting; a.err != nil || a.op.GetError().GetCode() != int32(fault.Canceled) {
		t.Errorf("Wait returned %v", a)
	}
	expectCancelled(t, s, name)
	s.toy.AwaitDiscard(t, idOf(name))
}

// testDiscardWaitsForRun: scratch is not removed under somebody who writes it.
func testDiscardWaitsForRun(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("stubborn a")
	step := s.toy.Next(t)
	s.cancel(name)
	expectCancelled(t, s, name)
	// Another operation's discard overtakes.
	another := s.start("say b")
	s.wait(another)
	s.toy.AwaitDiscard(t, idOf(another))
	if n := s.toy.Scratch(idOf(name)); n != 1 {
		t.Errorf("%d pieces of scratch are there while a shard runs", n)
	}
	step.Continue()
	s.toy.AwaitDiscard(t, idOf(name))
	expectCancelled(t, s, name)
}

func testDeleteRunning(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("hold a")
	step := s.toy.Next(t)
	s.delete(name)
	s.expectGone(t, name)
	if step.Ctx.Err() != nil {
		t.Error("Delete has ended the work")
	}
	step.Continue()
	s.toy.AwaitDiscard(t, idOf(name))
	if words, _ := s.toy.Outcome(idOf(name)); words != "a" {
		t.Errorf("the outcome of a deleted operation is %q", words)
	}
	s.expectGone(t, name)
}

func testDeleteDone(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("say a")
	s.wait(name)
	s.delete(name)
	s.expectGone(t, name)
}

func (s *server) expectGone(t *testing.T, name string) {
	t.Helper()
	for _, err := range s.methods(context.Background(), name) {
		expectFault(t, err, fault.NotFound)
	}
	if all := s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName}); len(all) != 0 {
		t.Errorf("the deleted operation is listed: %v", all)
	}
}
