package main

import (
	"context"
	"fmt"
	"math"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// history is what clients asked of operations and were told, and when: each call has
// the time at which it was begun and the one at which its answer had come, on one
// clock for all clients. It is safe for concurrent use.
type history struct {
	begun time.Time

	mu    sync.Mutex
	calls []call
	lists []listing
}

// call is one call about one operation.
type call struct {
	operation        string
	what             verb
	saw              sight
	called, returned time.Duration // since the beginning
}

// verb is what a call is meant to do.
type verb string

const (
	doStart  verb = "start"
	doLook   verb = "look" // Get, Wait, List: they change nothing
	doCancel verb = "cancel"
	doDelete verb = "delete"
)

// sight is what the answer tells of the operation.
type sight string

const (
	sawNothing   sight = "nothing" // no answer: it may have happened, now, later or never
	sawDone      sight = "done"    // the answer of a call that changes something
	sawAbsent    sight = "NOT_FOUND"
	sawRunning   sight = "running"
	sawSpoken    sight = "running, all spoken" // perhaps past the point of no return
	sawCancelled sight = "cancelled"
	sawSucceeded sight = "succeeded"
	sawFailed    sight = "failed: " // with its message
)

// never is the end of a call that was not answered: its effect may come at any time.
const never = time.Duration(math.MaxInt64)

// listing is one page of operations, which a server reads at once.
type listing struct {
	call
	saw   map[string]sight
	whole bool // what is not in it is not there
}

func newHistory() *history { return &history{begun: time.Now()} }

// now is the time for started.
func (h *history) now() time.Duration { return time.Since(h.begun) }

func (h *history) add(c call) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, c)
}

// started records a start that was tried from first on until it was answered, the last
// time from last on; a later answer may show more than the start.
func (h *history) started(op *longrunningpb.Operation, first, last time.Duration) {
	h.add(call{op.GetName(), doStart, sawDone, first, h.now()})
	h.add(call{op.GetName(), doLook, sightOf(op), last, h.now()})
}

// look records a Get or a Wait. What is not answered tells nothing.
func (h *history) look(name string, ask func() (*longrunningpb.Operation, error)) (*longrunningpb.Operation, error) {
	called := h.now()
	op, err := ask()
	switch {
	case err == nil:
		h.add(call{name, doLook, sightOf(op), called, h.now()})
	case status.Code(err) == codes.NotFound:
		h.add(call{name, doLook, sawAbsent, called, h.now()})
	}
	return op, err
}

// change records a call that changes the operation.
func (h *history) change(name string, what verb, ask func() error) error {
	c := call{operation: name, what: what, saw: sawNothing, called: h.now()}
	err := ask()
	c.returned = h.now()
	switch {
	case err == nil:
		c.saw = sawDone
	case status.Code(err) == codes.NotFound:
		c.saw = sawAbsent
	default:
		c.returned = never
	}
	h.add(c)
	return err
}

// list records a page.
func (h *history) list(ctx context.Context, c *client, size int32) error {
	l := listing{call: call{what: doLook, called: h.now()}, saw: map[string]sight{}}
	page, err := c.operations.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: parent, PageSize: size})
	if err != nil {
		return err
	}
	l.returned, l.whole = h.now(), page.GetNextPageToken() == ""
	for _, op := range page.GetOperations() {
		l.saw[op.GetName()] = sightOf(op)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lists = append(h.lists, l)
	return nil
}

// sightOf is what a message tells of an operation.
func sightOf(op *longrunningpb.Operation) sight {
	switch {
	case wasCancelled(op):
		return sawCancelled
	case op.GetError() != nil:
		return sawFailed + sight(op.GetError().GetMessage())
	case op.GetDone():
		return sawSucceeded
	}
	var meta ttspb.SynthesizeLongAudioMetadata
	if err := op.GetMetadata().UnmarshalTo(&meta); err == nil && meta.ProgressPercentage >= 100 {
		return sawSpoken
	}
	return sawRunning
}

// byOperation are the calls about each operation that was started, what was listed
// among them.
func (h *history) byOperation() map[string][]call {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := map[string][]call{}
	for _, c := range h.calls {
		all[c.operation] = append(all[c.operation], c)
	}
	for name := range all {
		for _, l := range h.lists {
			saw, listed := l.saw[name]
			if !listed && !l.whole {
				continue
			}
			if !listed {
				saw = sawAbsent
			}
			all[name] = append(all[name], call{name, doLook, saw, l.called, l.returned})
		}
	}
	return all
}

// String is the calls in a line each, for people.
func (c call) String() string {
	until := "never"
	if c.returned != never {
		until = c.returned.Round(time.Microsecond).String()
	}
	return fmt.Sprintf("%s to %s: %s -> %s", c.called.Round(time.Microsecond), until, c.what, c.saw)
}

// ended reports whether an operation of this sight is over.
func (s sight) ended() bool {
	return s == sawCancelled || s == sawSucceeded || strings.HasPrefix(string(s), string(sawFailed))
}
