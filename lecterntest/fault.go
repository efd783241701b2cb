package lecterntest

import (
	"context"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	"github.com/lectern/lectern/fault"
)

// Fault is what happens to a call, or to something that is spoken, before it goes on
// or instead. It waits first and fails then.
type Fault struct {
	// Hold has it stand still until the fault is lifted, or whoever asked for it gives
	// up: cancels, ends its context, or stops the server.
	Hold bool
	// Delay is how much longer it takes.
	Delay time.Duration
	// Code is what it fails with; OK: it does not.
	Code codes.Code
	// Times is how many meet the fault, and no more; 0 is every one.
	Times int
}

// Injected is a fault that a server has.
type Injected struct {
	fault  Fault
	meets  func(what string) bool
	left   int // of Times; guarded by faults.mu
	lifted chan struct{}
	met    chan struct{}
	lift   func()
	meet   func()
}

// Met is closed when something has met the fault for the first time.
func (i *Injected) Met() <-chan struct{} { return i.met }

// Lift takes the fault away: what it holds goes on, and nothing more meets it. Further
// calls do nothing.
func (i *Injected) Lift() { i.lift() }

// OnCalls gives calls of a method a fault, such as "SynthesizeSpeech"; empty means all
// methods, those of operations too. It meets calls over gRPC and REST alike, streams at
// their beginning.
func (s *Server) OnCalls(method string, f Fault) *Injected {
	return s.faults.inject(&s.faults.calls, f, func(full string) bool { return method == "" || strings.HasSuffix(full, "/"+method) })
}

// OnSpeech gives what is spoken a fault where it contains text: utterances, which are
// sentences about, of calls and of long operations alike; empty means all. An operation
// that is held stays as it is, and can be cancelled; one that meets a Code has failed
// with it.
func (s *Server) OnSpeech(text string, f Fault) *Injected {
	return s.faults.inject(&s.faults.speech, f, func(spoken string) bool { return strings.Contains(spoken, text) })
}

// faults are those that a server has; of several that are met the first one counts.
type faults struct {
	mu            sync.Mutex
	calls, speech []*Injected
}

func (a *faults) inject(among *[]*Injected, f Fault, meets func(string) bool) *Injected {
	i := &Injected{fault: f, meets: meets, left: f.Times, lifted: make(chan struct{}), met: make(chan struct{})}
	i.lift = sync.OnceFunc(func() { close(i.lifted) })
	i.meet = sync.OnceFunc(func() { close(i.met) })
	a.mu.Lock()
	defer a.mu.Unlock()
	*among = append(*among, i)
	return i
}

// end lifts all of them.
func (a *faults) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range append(a.calls, a.speech...) {
		i.lift()
	}
}

// find is the fault that something meets, nil if there is none.
func (a *faults) find(among *[]*Injected, what string) *Injected {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, i := range *among {
		select {
		case <-i.lifted:
			continue
		default:
		}
		if !i.meets(what) || i.fault.Times > 0 && i.left == 0 {
			continue
		}
		i.left--
		return i
	}
	return nil
}

// meet has something meet its fault, and returns when it may go on, or why it may not.
func (a *faults) meet(ctx context.Context, among *[]*Injected, what string) error {
	i := a.find(among, what)
	if i == nil {
		return nil
	}
	i.meet()
	if i.fault.Hold {
		select {
		case <-i.lifted:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if i.fault.Delay > 0 {
		over := time.NewTimer(i.fault.Delay)
		defer over.Stop()
		select {
		case <-over.C:
		case <-i.lifted:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	if i.fault.Code != codes.OK {
		return fault.New(fault.Code(i.fault.Code), "The test has this fail.")
	}
	return nil
}

func (a *faults) unary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if err := a.meet(ctx, &a.calls, info.FullMethod); err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func (a *faults) stream(srv any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
	if err := a.meet(stream.Context(), &a.calls, info.FullMethod); err != nil {
		return err
	}
	return handler(srv, stream)
}
