package lrotest

import (
	"context"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/fault"
)

type answer struct {
	op  *longrunningpb.Operation
	err error
}

// waiting calls Wait and delivers its answer.
func (s *server) waiting(ctx context.Context, name string, timeout *durationpb.Duration) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		op, err := s.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name, Timeout: timeout})
		answers <- answer{op, err}
	}()
	return answers
}

func testWait(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("hold a")
	step := s.toy.Next(t)
	first, second := s.waiting(t.Context(), name, nil), s.waiting(t.Context(), name, durationpb.New(time.Hour))
	gone, leave := context.WithCancel(t.Context())
	third := s.waiting(gone, name, nil)
	leave()
	expectFault(t, (<-third).err, fault.Canceled)
	select {
	case a := <-first:
		t.Fatalf("Wait came back early with %v", a)
	case a := <-second:
		t.Fatalf("Wait came back early with %v", a)
	default:
	}
	step.Continue()
	for _, waiting := range []<-chan answer{first, second} {
		if a := <-waiting; a.err != nil || !a.op.GetDone() {
			t.Errorf("Wait returned %v", a)
		}
	}
	if a := <-s.waiting(t.Context(), name, nil); a.err != nil || !a.op.GetDone() {
		t.Errorf("Wait for the end of what is done returned %v", a)
	}
}

func testWaitDeadline(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("hold a")
	soon, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	for what, waiting := range map[string]<-chan answer{
		"no time":    s.waiting(t.Context(), name, durationpb.New(0)),
		"a little":   s.waiting(t.Context(), name, durationpb.New(time.Millisecond)),
		"a deadline": s.waiting(soon, name, nil),
		"both":       s.waiting(soon, name, durationpb.New(time.Hour)),
	} {
		if a := <-waiting; a.err != nil || a.op.GetDone() || a.op.GetName() != name {
			t.Errorf("%s: Wait returned %v", what, a)
		}
	}
	expectFault(t, (<-s.waiting(t.Context(), name, durationpb.New(-1))).err, fault.InvalidArgument)
}

func testWaitDeleted(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("hold a")
	waiting := s.waiting(t.Context(), name, nil)
	s.toy.Next(t)
	s.delete(name)
	expectFault(t, (<-waiting).err, fault.NotFound)
}

// testWaitStop: who waits is answered when the server stops.
func testWaitStop(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("hold a", "say b")
	s.toy.Next(t)
	waiting := []<-chan answer{s.waiting(t.Context(), name, nil), s.waiting(t.Context(), name, durationpb.New(time.Hour))}
	s.end()
	for _, w := range waiting {
		if a := <-w; a.err != nil || a.op.GetDone() || a.op.GetName() != name {
			t.Errorf("Wait returned %v", a)
		}
	}
}
