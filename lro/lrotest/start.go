package lrotest

import (
	"context"
	"regexp"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

var properName = regexp.MustCompile(`^` + parentName + `/operations/[0-9a-z]{26}$`)

func testStart(t *testing.T, h Harness) {
	s := fresh(t, h)
	op, err := s.Start(t.Context(), toyOperation(lro.NewOperation{}, "hold a", "say b"))
	if err != nil {
		t.Fatal(err)
	}
	if !properName.MatchString(op.GetName()) {
		t.Errorf("the name is %q", op.GetName())
	}
	if op.GetDone() || op.GetResult() != nil {
		t.Errorf("a new operation has a result: %v", op)
	}
	if !op.GetMetadata().MessageIs((*wrapperspb.Int64Value)(nil)) {
		t.Errorf("the metadata is %v", op.GetMetadata())
	}
	if id := idOf(op.GetName()); id != "" {
		if _, visible := s.toy.Outcome(id); visible {
			t.Error("the outcome is visible before the end")
		}
	}
	s.toy.Next(t).Continue()
	expectResponse(t, s, op.GetName(), "a b")
	if words, _ := s.toy.Outcome(idOf(op.GetName())); words != "a b" {
		t.Errorf("the outcome is %q", words)
	}
	s.toy.AwaitDiscard(t, idOf(op.GetName()))
	if n := s.toy.Scratch(idOf(op.GetName())); n != 0 {
		t.Errorf("%d pieces of scratch are left", n)
	}
}

// expectResponse waits for success with these words.
func expectResponse(t *testing.T, s *server, name, words string) {
	t.Helper()
	op := s.wait(name)
	var response wrapperspb.StringValue
	if err := op.GetResponse().UnmarshalTo(&response); err != nil {
		t.Fatalf("%v: %v", op, err)
	}
	if response.GetValue() != words {
		t.Errorf("the response is %q, want %q", response.GetValue(), words)
	}
}

// expectError waits for an error with this code and returns its message.
func expectError(t *testing.T, s *server, name string, code fault.Code) string {
	t.Helper()
	op := s.wait(name)
	if op.GetError().GetCode() != int32(code) {
		t.Fatalf("the operation ended as %v, want %s", op, code)
	}
	return op.GetError().GetMessage()
}

// expectFault checks the kind of an error and that it says something.
func expectFault(t *testing.T, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("the error is %v, want %s", err, code)
	} else if fault.From(err).Message == "" {
		t.Errorf("the error %v has nothing to say", err)
	}
}

func testStartRefuses(t *testing.T, h Harness) {
	s := fresh(t, h)
	task := []lro.Task{{Payload: []byte("say a"), Weight: 1}}
	for name, o := range map[string]lro.NewOperation{
		"unknown kind": {Kind: "nothing", Parent: parentName, Tasks: task},
		"no parent":    {Kind: ToyKind, Tasks: task},
		"no tasks":     {Kind: ToyKind, Parent: parentName},
		"no weight":    {Kind: ToyKind, Parent: parentName, Tasks: []lro.Task{{Payload: []byte("say a")}}},
	} {
		_, err := s.Start(t.Context(), o)
		if !fault.Is(err, fault.Internal) {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
	if all := s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName}); len(all) != 0 {
		t.Errorf("a refused operation is there: %v", all)
	}
}

// testStartIsAtomic interrupts Start at any point by the end of its context.
func testStartIsAtomic(t *testing.T, h Harness) {
	s := fresh(t, h)
	accepted := make(map[string]bool)
	for i := range 60 {
		ctx, cancel := context.WithCancel(context.Background())
		done := make(chan struct{})
		go func() {
			for range i * i * 40 { // ever later
				if ctx.Err() != nil {
					break
				}
			}
			cancel()
			close(done)
		}()
		op, err := s.Start(ctx, toyOperation(lro.NewOperation{}, "say a", "say b", "say c"))
		if err == nil {
			accepted[op.GetName()] = true
		}
		cancel()
		<-done
	}
	// What is there is whole, accepted or not: it all comes to its end.
	all := s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName, PageSize: 1000})
	for _, op := range all {
		delete(accepted, op.GetName())
		expectResponse(t, s, op.GetName(), "a b c")
	}
	if len(accepted) != 0 {
		t.Errorf("accepted operations are lost: %v", accepted)
	}
}

func testIdempotency(t *testing.T, h Harness) {
	s := fresh(t, h)
	keyed := func(owner, key, hash string) lro.NewOperation {
		return toyOperation(lro.NewOperation{Owner: owner, IdempotencyKey: key, IdempotencyHash: []byte(hash)}, "say a")
	}
	first, err := s.Start(t.Context(), keyed("o", "k", "h"))
	if err != nil {
		t.Fatal(err)
	}
	same := func(o lro.NewOperation) bool {
		t.Helper()
		op, err := s.Start(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return op.GetName() == first.GetName()
	}
	if !same(keyed("o", "k", "h")) {
		t.Error("the same request started a second operation")
	}
	_, err = s.Start(t.Context(), keyed("o", "k", "another"))
	expectFault(t, err, fault.AlreadyExists)
	elsewhere := keyed("o", "k", "h")
	elsewhere.Parent = "projects/p/locations/elsewhere"
	_, err = s.Start(t.Context(), elsewhere)
	expectFault(t, err, fault.AlreadyExists)
	if same(keyed("p", "k", "h")) || same(keyed("o", "k2", "h")) || same(keyed("o", "", "h")) {
		t.Error("another owner, key or no key led to the same operation")
	}
	ctx, wait := as("o"), &longrunningpb.WaitOperationRequest{Name: first.GetName()}
	if op, err := s.WaitOperation(ctx, wait); err != nil || !op.GetDone() {
		t.Fatal(op, err)
	}
	if !same(keyed("o", "k", "h")) {
		t.Error("the key is forgotten at the operation's end")
	}
	if _, err := s.DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: first.GetName()}); err != nil {
		t.Fatal(err)
	}
	if same(keyed("o", "k", "h")) {
		t.Error("the key still leads to a deleted operation")
	}

	// Many at once, too, start only one.
	names := make(chan string)
	for range 16 {
		go func() {
			op, err := s.Start(context.Background(), keyed("o", "many", "h"))
			names <- op.GetName() + errorText(err)
		}()
	}
	one := <-names
	for range 15 {
		if another := <-names; another != one {
			t.Errorf("both %q and %q were started", one, another)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
