package lrotest

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// testBusyNodeTakesNothing: no task sits on a node that has no place for it while
// another one has.
func testBusyNodeTakesNothing(t *testing.T, place Shared) {
	toy := NewToy()
	first := joined(t, place, toy, asItIs)
	held := first.start("hold a", "hold b", "hold c", "hold d")
	steps := []*Step{toy.Next(t), toy.Next(t)}
	other := toy.Twin()
	joined(t, place, other, asItIs)
	steps = append(steps, other.Next(t), other.Next(t))
	for _, s := range steps {
		s.Continue()
	}
	expectResponse(t, first.server, held, "a b c d")
}

// testCancelElsewhere: the work stops on another node than the one that was asked,
// because that is told.
func testCancelElsewhere(t *testing.T, place Shared) {
	toy := NewToy()
	worker := hearing(t, place, toy, asItIs)
	front := joined(t, place, toy.Twin(), idle)
	name := front.start("hold a", "say b")
	step := toy.Next(t)
	front.cancel(name)
	expectCancelled(t, front.server, name)
	expectCancelled(t, worker.server, name)
	expectCause(t, step, lro.ErrCancelled)
	toy.AwaitDiscard(t, idOf(name))
	if n := toy.Scratch(idOf(name)); n != 0 {
		t.Errorf("%d pieces of scratch are left", n)
	}
}

// testCancelUnheard: it stops too if nobody tells that node.
func testCancelUnheard(t *testing.T, place Shared) {
	toy := NewToy()
	joined(t, place, toy, deaf)
	front := joined(t, place, toy.Twin(), idle)
	name := front.start("hold a")
	step := toy.Next(t)
	front.cancel(name)
	expectCause(t, step, lro.ErrCancelled)
	toy.AwaitDiscard(t, idOf(name))
}

// testWaitElsewhere: who waits on one node hears of an end on another.
func testWaitElsewhere(t *testing.T, place Shared) {
	toy := NewToy()
	joined(t, place, toy, asItIs)
	front := hearing(t, place, toy.Twin(), idle)
	name := front.start("hold a")
	step := toy.Next(t)
	waiting := front.waiting(t.Context(), name, nil)
	step.Continue()
	if a := <-waiting; a.err != nil || a.op.GetResponse() == nil {
		t.Errorf("Wait returned %v", a)
	}
}

// testWaitDeletedElsewhere: and of a deletion, which ends no work.
func testWaitDeletedElsewhere(t *testing.T, place Shared) {
	toy := NewToy()
	worker := joined(t, place, toy, asItIs)
	front := hearing(t, place, toy.Twin(), idle)
	name := front.start("hold a")
	step := toy.Next(t)
	waiting := front.waiting(t.Context(), name, nil)
	worker.delete(name)
	expectFault(t, (<-waiting).err, fault.NotFound)
	if step.Ctx.Err() != nil {
		t.Error("Delete has ended the work")
	}
	step.Continue()
	toy.AwaitDiscard(t, idOf(name))
}

// testWaitUnheard: and looks for itself, if it hears nothing.
func testWaitUnheard(t *testing.T, place Shared) {
	toy := NewToy()
	joined(t, place, toy, asItIs)
	front := joined(t, place, toy.Twin(), func(c *lro.Config) { idle(c); deaf(c) })
	expectResponse(t, front.server, front.start("say a"), "a")
}

// testKindIsElsewhere: a node leaves what it does not know to the others.
func testKindIsElsewhere(t *testing.T, place Shared) {
	toy := NewToy()
	able := apart(t, place, toy, asItIs)
	looks := make(chan struct{})
	joined(t, place, nil, func(c *lro.Config) { c.Store = looking{c.Store, looks} })
	name := able.start("say a")
	for range 3 { // one may have begun before
		<-looks
	}
	if op := able.get(name); op.GetDone() {
		t.Errorf("a node that does not know the kind has ended it: %v", op)
	}
	able.run()
	expectResponse(t, able.server, name, "a")
	toy.AwaitDiscard(t, idOf(name))
}

// testAbilityIsElsewhere: as testKindIsElsewhere, with what else an operation needs.
func testAbilityIsElsewhere(t *testing.T, place Shared) {
	toy := NewToy()
	looks := make(chan struct{})
	unable := joined(t, place, toy, func(c *lro.Config) { c.Store = looking{c.Store, looks} })
	name := unable.startWith(lro.NewOperation{Needs: []string{"voice:x"}}, "hold a")
	for range 3 {
		<-looks
	}
	other := toy.Twin()
	var abilities atomic.Value
	abilities.Store([]string{"voice:w"})
	able := joined(t, place, other, func(c *lro.Config) {
		c.Store = looking{c.Store, looks}
		c.Abilities = func() []string { return abilities.Load().([]string) }
	})
	for range 6 {
		<-looks
	}
	if able.get(name).GetDone() {
		t.Error("a node without the ability has ended it")
	}
	abilities.Store([]string{"voice:w", "voice:x"}) // such as a voice that was installed
	other.Next(t).Continue()
	expectResponse(t, unable.server, name, "a")
}

// testDiscardWaitsForZombie: scratch is not removed under somebody who writes it, on
// whatever node.
func testDiscardWaitsForZombie(t *testing.T, place Shared) {
	toy := NewToy()
	joined(t, place, toy, asItIs)
	other := joined(t, place, toy.Twin(), asItIs)
	name := other.start("stubborn a", "stubborn b", "stubborn c", "stubborn d")
	steps := []*Step{toy.Next(t), toy.Next(t), other.toy.Next(t), other.toy.Next(t)}
	steps[2].Continue()
	steps[3].Continue()
	other.cancel(name)
	another := other.start("say b")
	other.wait(another)
	toy.AwaitDiscard(t, idOf(another))
	if n := toy.Scratch(idOf(name)); n == 0 {
		t.Error("the scratch is gone while a shard runs")
	}
	steps[0].Continue()
	steps[1].Continue()
	toy.AwaitDiscard(t, idOf(name))
}

// testStopHandsOver: what a node hands back at its stop, another one does.
func testStopHandsOver(t *testing.T, place Shared) {
	toy := NewToy()
	first := joined(t, place, toy, asItIs)
	name := first.start("hold a")
	step := toy.Next(t)
	other := toy.Twin()
	second := joined(t, place, other, asItIs)
	first.stop()
	expectCause(t, step, lro.ErrStopping)
	other.Next(t).Continue()
	expectResponse(t, second.server, name, "a")
}

// rescueTime is how long it may take until what a dead node did is done elsewhere:
// the lease, and a moment.
const rescueTime = 3*time.Second + 1500*time.Millisecond

// testNodeIsCutOff: what a node did that is heard of no more is done elsewhere, and it
// ends its own work; when it is there again, it works again.
func testNodeIsCutOff(t *testing.T, place Shared) {
	toy, other := NewToy(), NewToy()
	other.world = toy.world
	first := joined(t, place, toy, asItIs)
	name := first.start("hold a")
	step := toy.Next(t)
	second := joined(t, place, other, asItIs)
	cut := time.Now()
	first.link.disconnect(true)
	expectCause(t, step, lro.ErrLost)
	next := other.Next(t)
	if took := time.Since(cut); took > rescueTime {
		t.Errorf("the work was begun elsewhere after %s", took)
	}
	next.Continue()
	expectResponse(t, second.server, name, "a")
	first.link.mend()
	second.stop()
	name = first.startAtLast(t, "hold b")
	toy.Next(t).Continue()
	expectResponse(t, first.server, name, "b")
}

// testCutOffBeforeItJoins: a node that cannot reach the store when it begins does so as
// soon as it can.
func testCutOffBeforeItJoins(t *testing.T, place Shared) {
	toy := NewToy()
	p := apart(t, place, toy, asItIs)
	p.link.disconnect(true)
	p.run()
	if _, err := p.Start(t.Context(), toyOperation(lro.NewOperation{}, "say a")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("what cannot be reached takes operations: %v", err)
	}
	p.link.mend()
	expectResponse(t, p.server, p.startAtLast(t, "say b"), "b")
}

// startAtLast starts an operation as soon as the store can be reached.
func (p *peer) startAtLast(t *testing.T, payload string) string {
	t.Helper()
	for range 100 {
		op, err := p.Start(t.Context(), toyOperation(lro.NewOperation{}, payload))
		if err == nil {
			return op.GetName()
		}
		if !fault.Is(err, fault.Unavailable) {
			t.Fatal(err)
		}
	}
	t.Fatal("the store cannot be reached")
	return ""
}

// testNodeIsPaused: as testNodeIsCutOff, but nothing says that the way is shut, and
// what was written late arrives.
func testNodeIsPaused(t *testing.T, place Shared) {
	toy := NewToy()
	first := joined(t, place, toy, asItIs)
	name := first.start("stubborn a")
	step := toy.Next(t)
	other := toy.Twin()
	second := joined(t, place, other, asItIs)
	first.link.freeze()
	next := other.Next(t)
	step.Continue() // it has its result, and writes it in vain
	first.link.thaw()
	if op := second.get(name); op.GetDone() {
		t.Errorf("what a lost node wrote counted: %v", op)
	}
	next.Continue()
	expectResponse(t, second.server, name, "a")
	if n := toy.Attempts(idOf(name), "stubborn a"); n != 2 {
		t.Errorf("the shard ran %d times", n)
	}
}

// testPausedBeforeCommit: a node that is taken for dead past the point of no return
// leaves it to its successor, which shows the outcome once.
func testPausedBeforeCommit(t *testing.T, place Shared) {
	toy := NewToy()
	first := joined(t, place, toy, asItIs)
	name := first.startWith(lro.NewOperation{Request: []byte("finish")}, "say a")
	step := toy.Next(t)
	other := toy.Twin()
	second := joined(t, place, other, asItIs)
	first.link.freeze()
	expectCause(t, step, lro.ErrLost)
	other.Next(t).Continue()
	first.link.thaw()
	expectResponse(t, second.server, name, "a")
	expectResponse(t, first.server, name, "a")
}

// testConnectionsBreak: connections that end at any moment cost nothing but time.
func testConnectionsBreak(t *testing.T, place Shared) {
	toy := NewToy()
	first := joined(t, place, toy, asItIs)
	second := joined(t, place, toy.Twin(), asItIs)
	names := []string{first.start("hold a", "hold b", "hold c", "hold d")}
	for _, s := range []*Step{toy.Next(t), toy.Next(t), second.toy.Next(t), second.toy.Next(t)} {
		s.Continue() // both are nodes now
	}
	for i := range 20 {
		names = append(names, second.startAtLast(t, fmt.Sprintf("say %d", i)))
		first.link.disconnect(false)
		if i%3 == 0 {
			second.link.disconnect(false)
		}
	}
	watcher := joined(t, place, toy.Twin(), idle)
	for _, name := range names {
		if op := watcher.wait(name); op.GetError() != nil {
			t.Errorf("%s: %v", name, op)
		}
		toy.AwaitDiscard(t, idOf(name))
	}
}

// testThreeNodesShare: the shards of one operation are done by all nodes, each once.
func testThreeNodesShare(t *testing.T, place Shared) {
	toys := []*Toy{NewToy()}
	toys = append(toys, toys[0].Twin(), toys[0].Twin())
	var nodes []*peer
	for _, toy := range toys {
		nodes = append(nodes, joined(t, place, toy, asItIs))
	}
	o := lro.NewOperation{}
	var payloads []string
	for i := range 6 {
		payloads = append(payloads, fmt.Sprintf("hold %d", i))
	}
	// The window of one node is narrower than what three can do.
	names := []string{nodes[0].startWith(o, payloads[:3]...), nodes[0].startWith(o, payloads[3:]...)}
	var steps []*Step
	for _, toy := range toys {
		steps = append(steps, toy.Next(t), toy.Next(t))
	}
	for _, s := range steps {
		s.Continue()
	}
	expectResponse(t, nodes[1].server, names[0], "0 1 2")
	expectResponse(t, nodes[2].server, names[1], "3 4 5")
	for _, p := range payloads[:3] {
		if n := toys[0].Attempts(idOf(names[0]), p); n != 1 {
			t.Errorf("%q ran %d times", p, n)
		}
	}
}

// testFairAcrossNodes: a turn goes to the operation that holds the fewest places on
// all nodes, not on one.
func testFairAcrossNodes(t *testing.T, place Shared) {
	toy := NewToy()
	first := joined(t, place, toy, asItIs)
	large := first.start("hold a", "hold b", "hold c", "hold d")
	steps := []*Step{toy.Next(t), toy.Next(t)}
	second := first.start("hold e", "hold f", "hold g", "hold h")
	other := toy.Twin()
	joined(t, place, other, func(c *lro.Config) { c.Slots = 1 })
	step := other.Next(t)
	if step.Op != idOf(second) {
		t.Errorf("the free place went to the operation that has two")
	}
	for _, s := range append(steps, step) {
		s.Continue()
	}
	for _, name := range []string{large, second} {
		first.cancel(name)
		if a := <-first.waiting(t.Context(), name, durationpb.New(patience)); a.err != nil || !a.op.GetDone() {
			t.Errorf("Wait returned %v", a)
		}
		toy.AwaitDiscard(t, idOf(name))
	}
}
