package main

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/proto"
)

// ledger is what the clients of the kill test know: each accepted operation
// and the furthest state in which anybody has seen it. It is safe for
// concurrent use.
type ledger struct {
	mu       sync.Mutex
	entries  []*entry
	byName   map[string]*entry
	breaches []string
}

// entry is one accepted operation.
type entry struct {
	name string
	uri  string
	text *sample
	// doomed says that it shall be cancelled.
	doomed bool
	// cancelSent says that somebody tried to cancel it.
	cancelSent bool
	// unwanted says that it shall be deleted when it has ended, deleteSent that
	// somebody tried to.
	unwanted, deleteSent bool
	known
}

// known is what was known of an operation at some moment.
type known struct {
	progress float64
	// outcome is the first terminal state that was seen; it may not change.
	outcome *longrunningpb.Operation
}

func newLedger() *ledger { return &ledger{byName: map[string]*entry{}} }

func (l *ledger) accept(e *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if before := l.byName[e.name]; before != nil {
		l.breaches = append(l.breaches, fmt.Sprintf("two requests were given the operation %s", e.name))
		return
	}
	l.byName[e.name] = e
	l.entries = append(l.entries, e)
}

// before is what is known of e; take it before asking the server.
func (l *ledger) before(e *entry) known {
	l.mu.Lock()
	defer l.mu.Unlock()
	return e.known
}

// saw compares a state that a client was shown with all that was known before
// it asked. What others learned meanwhile may be newer and proves nothing.
func (l *ledger) saw(e *entry, before known, op *longrunningpb.Operation) {
	l.mu.Lock()
	defer l.mu.Unlock()
	breach := func(format string, args ...any) {
		l.breaches = append(l.breaches, e.name+": "+fmt.Sprintf(format, args...))
	}
	if op.Name != e.name {
		breach("the answer is about %s", op.Name)
	}
	if op.Done != (op.Result != nil) {
		breach("done is %v and the result is %v", op.Done, op.Result)
	}
	if before.outcome != nil && !op.Done {
		breach("it was done and is running again")
	}
	if op.Done {
		if e.outcome == nil {
			e.outcome = op
		} else if !sameResult(e.outcome, op) {
			breach("it ended as %v and as %v", e.outcome.Result, op.Result)
		}
	}
	var meta ttspb.SynthesizeLongAudioMetadata
	if err := op.GetMetadata().UnmarshalTo(&meta); err != nil {
		breach("it has no metadata: %v", err)
		return
	}
	if meta.ProgressPercentage < before.progress {
		breach("its progress went from %.2f to %.2f", before.progress, meta.ProgressPercentage)
	}
	e.progress = max(e.progress, meta.ProgressPercentage)
}

func sameResult(a, b *longrunningpb.Operation) bool {
	return proto.Equal(a.GetError(), b.GetError()) && proto.Equal(a.GetResponse(), b.GetResponse())
}

// cancelling notes that a cancel is being sent; its answer may be lost.
func (l *ledger) cancelling(e *entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e.cancelSent = true
}

// deleting is a random operation that has ended and is not wanted any more; nil when
// there is none. A delete of it is being sent; its answer may be lost.
func (l *ledger) deleting(random *rand.Rand) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	var all []*entry
	for _, e := range l.entries {
		if e.outcome != nil && e.unwanted {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil
	}
	e := all[random.IntN(len(all))]
	e.deleteSent = true
	return e
}

// mayBeGone reports whether somebody has tried to delete e.
func (l *ledger) mayBeGone(e *entry) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return e.deleteSent
}

// pick is a random operation whose end nobody has seen; nil when there is none.
func (l *ledger) pick(random *rand.Rand) *entry {
	open := l.open()
	if len(open) == 0 {
		return nil
	}
	return open[random.IntN(len(open))]
}

// open are the operations whose end nobody has seen.
func (l *ledger) open() []*entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	var open []*entry
	for _, e := range l.entries {
		if e.outcome == nil {
			open = append(open, e)
		}
	}
	return open
}

// any is a random operation; nil when there is none.
func (l *ledger) any(random *rand.Rand) *entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) == 0 {
		return nil
	}
	return l.entries[random.IntN(len(l.entries))]
}

func wasCancelled(op *longrunningpb.Operation) bool {
	return op.GetError().GetCode() == int32(codes.Canceled)
}
