package lrotest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/wrapperspb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// ToyKind is the name of the kind [Toy].
const ToyKind = "toy"

// Toy is a kind of operation that does what its payloads say. Its outcome, the
// words of all shards, becomes visible in memory.
//
// A payload is a verb and a word: "say w" results in w; "hold w" stops at a
// [Step] first; "away w" does so away from its place (lro.Away);
// "stubborn w" ignores its context there; "fail w" and
// "panic w" do so at the first attempt; "always w" always fails; "permanent w"
// fails for good; "later w" must wait four times; "stall w" does nothing until
// its context ends; "half w" says that half of it is done, and stops at a step; "beat w" takes twice its patience and gives signs of life.
// The request may hold "finish", "commit-holds" to stop at these, "finish-half" to say
// before that half of Finish is done, and
// "finish-fails", "commit-fails", "commit-lies", "discard-fails" to fail there
// once, "redo" to ask for the first shard once more, "redo-always", or
// "finish-always", "commit-always", "committed-always" to fail there always.
// "commit-holds" stops before "commit-fails" does so. With "at:NAME" the outcome
// becomes visible under that name, and replaces what was there.
type Toy struct {
	steps chan *Step
	*world
}

// world is what is to be seen of toy operations, on all nodes.
type world struct {
	mu        sync.Mutex
	visible   map[string]string // by name
	receipts  map[string]string // of what is visible
	scratch   map[string]int
	attempts  map[string]int
	tokens    map[string]bool
	discarded map[string]chan struct{}
}

// Step is a place where a toy operation waits for the test.
type Step struct {
	Op, What string
	Ctx      context.Context
	goOn     chan struct{}
}

// Continue lets the operation go on.
func (s *Step) Continue() { close(s.goOn) }

// NewToy returns a toy that has shown nothing yet.
func NewToy() *Toy {
	return &Toy{steps: make(chan *Step), world: &world{
		visible:   make(map[string]string),
		receipts:  make(map[string]string),
		scratch:   make(map[string]int),
		attempts:  make(map[string]int),
		tokens:    make(map[string]bool),
		discarded: make(map[string]chan struct{}),
	}}
}

// Twin is the same toy on another node: it shows the same, and stops at steps of its
// own.
func (k *Toy) Twin() *Toy { return &Toy{steps: make(chan *Step), world: k.world} }

// Next waits for an operation to come to a step.
func (k *Toy) Next(t testing.TB) *Step {
	t.Helper()
	select {
	case s := <-k.steps:
		return s
	case <-time.After(patience):
		t.Fatal("no operation has come to a step")
		return nil
	}
}

// Outcome is what an operation made visible.
func (k *Toy) Outcome(op string) (string, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	words, ok := k.visible[op]
	return words, ok
}

// Scratch is how many pieces an operation left behind.
func (k *Toy) Scratch(op string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.scratch[op]
}

// AwaitDiscard waits until the operation has been discarded.
func (k *Toy) AwaitDiscard(t testing.TB, op string) {
	t.Helper()
	select {
	case <-k.discardOf(op):
	case <-time.After(patience):
		t.Fatalf("operation %s has not been discarded", op)
	}
}

func (k *Toy) discardOf(op string) chan struct{} {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.discarded[op] == nil {
		k.discarded[op] = make(chan struct{})
	}
	return k.discarded[op]
}

// hold waits at a step.
func (k *Toy) hold(ctx context.Context, op, what string) error {
	s := &Step{Op: op, What: what, Ctx: ctx, goOn: make(chan struct{})}
	select {
	case k.steps <- s:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-s.goOn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// first reports whether this is the first time for op and what.
func (k *Toy) first(op, what string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.attempts[op+what]++
	return k.attempts[op+what] == 1
}

// Attempts is how often a shard with this payload began.
func (k *Toy) Attempts(op, payload string) int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.attempts[op+payload]
}

// Name implements lro.Kind.
func (k *Toy) Name() string { return ToyKind }

// Run implements lro.Kind.
func (k *Toy) Run(ctx context.Context, s lro.Shard) ([]byte, error) {
	k.mu.Lock()
	token := fmt.Sprint(s.ID, s.Index, s.Epoch)
	if k.tokens[token] {
		k.mu.Unlock()
		return nil, lro.Permanent(fault.New(fault.DataLoss, "The token %s came twice.", token))
	}
	k.tokens[token] = true
	k.scratch[s.ID]++
	k.mu.Unlock()
	verb, word, _ := strings.Cut(string(s.Payload), " ")
	first := k.first(s.ID, string(s.Payload))
	switch verb {
	case "hold":
		if err := k.hold(ctx, s.ID, word); err != nil {
			return nil, err
		}
	case "away":
		if err := lro.Away(ctx, func() error { return k.hold(ctx, s.ID, word) }); err != nil {
			return nil, err
		}
	case "half":
		s.Progress(0.5)
		if err := k.hold(ctx, s.ID, word); err != nil {
			return nil, err
		}
	case "stubborn":
		if err := k.hold(context.WithoutCancel(ctx), s.ID, word); err != nil {
			return nil, err
		}
	case "fail":
		if first {
			return nil, errors.New("failed as told")
		}
	case "panic":
		if first {
			panic("as told")
		}
	case "always":
		return nil, fault.New(fault.ResourceExhausted, "The toy is broken.").Because(errors.New("a secret"))
	case "later":
		if k.Attempts(s.ID, string(s.Payload)) <= 4 {
			return nil, lro.Later(errors.New("not yet"))
		}
	case "stall":
		<-ctx.Done()
		return nil, ctx.Err()
	case "beat":
		if err := beat(ctx, s.Beat); err != nil {
			return nil, err
		}
	case "permanent":
		return nil, lro.Permanent(fault.New(fault.FailedPrecondition, "The toy is broken for good."))
	}
	return []byte(word), nil
}

// beat works for twice toyPatience.
func beat(ctx context.Context, beat func()) error {
	tick := time.NewTicker(toyPatience / 20)
	defer tick.Stop()
	for range 40 {
		select {
		case <-tick.C:
			beat()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// toyPatience is the patience of the tests of "stall" and "beat".
const toyPatience = time.Second

type toyCommit struct {
	*Toy
	op, request, words, receipt string
}

// place is the name of an operation's outcome.
func place(op, request string) string {
	if _, at, ok := strings.Cut(request, "at:"); ok {
		return strings.Fields(at)[0]
	}
	return op
}

// Finish implements lro.Kind.
func (k *Toy) Finish(ctx context.Context, f lro.Finishing) (lro.Commit, error) {
	request := string(f.Request)
	switch {
	case strings.Contains(request, "finish-always"):
		return nil, errors.New("failed as told")
	case strings.Contains(request, "redo-always"), strings.Contains(request, "redo") && k.first(f.ID, "redo"):
		return nil, lro.Redo(errors.New("the first word is lost"), 0)
	case strings.Contains(request, "finish-fails"):
		if k.first(f.ID, "finish") {
			return nil, errors.New("failed as told")
		}
	case strings.Contains(request, "finish"):
		if strings.Contains(request, "finish-half") {
			f.Progress(0.5)
		}
		if err := k.hold(ctx, f.ID, "finish"); err != nil {
			return nil, err
		}
	}
	words := make([]string, len(f.Results))
	for i, r := range f.Results {
		words[i] = string(r)
	}
	return &toyCommit{Toy: k, op: f.ID, request: request, words: strings.Join(words, " "), receipt: fmt.Sprint(f.ID, f.Epoch)}, nil
}

// Receipt implements lro.Commit.
func (c *toyCommit) Receipt() []byte { return []byte(c.receipt) }

// Commit implements lro.Commit.
func (c *toyCommit) Commit(ctx context.Context) (proto.Message, error) {
	if strings.Contains(c.request, "commit-holds") {
		if err := c.hold(ctx, c.op, "commit"); err != nil {
			return nil, err
		}
	}
	if strings.Contains(c.request, "commit-always") || strings.Contains(c.request, "commit-fails") && c.first(c.op, "commit") {
		return nil, errors.New("failed as told")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.visible[place(c.op, c.request)] = c.words
	c.receipts[place(c.op, c.request)] = c.receipt
	if strings.Contains(c.request, "commit-lies") {
		return nil, errors.New("said to have failed")
	}
	return wrapperspb.String(c.words), nil
}

// Discard implements lro.Commit.
func (c *toyCommit) Discard(context.Context) error { return nil }

// Committed implements lro.Kind.
func (k *Toy) Committed(_ context.Context, w lro.Work, receipt []byte) (proto.Message, bool, error) {
	if strings.Contains(string(w.Request), "committed-always") {
		return nil, false, errors.New("failed as told")
	}
	at := place(w.ID, string(w.Request))
	k.mu.Lock()
	defer k.mu.Unlock()
	return wrapperspb.String(k.visible[at]), k.receipts[at] == string(receipt) && len(receipt) > 0, nil
}

// Names implements lro.Namer: an outcome's name is one operation's at a time.
func (k *Toy) Names(w lro.Work) ([]lro.Name, error) {
	at := place(w.ID, string(w.Request))
	if at == w.ID {
		return nil, nil
	}
	return []lro.Name{{Path: at, Use: w.ID}}, nil
}

// Taken implements lro.Namer.
func (k *Toy) Taken(n lro.Name) error {
	return fault.New(fault.FailedPrecondition, "The name %q is taken.", n.Path)
}

// Kept implements lro.Keeper.
func (k *Toy) Kept(context.Context) ([]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Collect(maps.Keys(k.scratch)), nil
}

// Discard implements lro.Kind.
func (k *Toy) Discard(_ context.Context, w lro.Work) error {
	if strings.Contains(string(w.Request), "discard-fails") && k.first(w.ID, "discard") {
		return errors.New("failed as told")
	}
	k.mu.Lock()
	delete(k.scratch, w.ID)
	k.mu.Unlock()
	done := k.discardOf(w.ID)
	select {
	case <-done: // it may come again
	default:
		close(done)
	}
	return nil
}

// Metadata implements lro.Kind: the work done.
func (k *Toy) Metadata(s lro.Status) proto.Message { return wrapperspb.Int64(s.WorkDone) }
