package lrotest

import (
	"fmt"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
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
