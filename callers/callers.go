// Package callers shares the voices among those who want to hear something now.
//
// [Callers.Turn] lets calls be spoken whose answers are whole: a few at a time, so
// that what has begun is soon finished, short ones beside long ones, and of those
// that wait the one whose caller has least under way. [Callers.Stream] counts calls
// that are heard while they are spoken: those are as slow as their listeners, so
// they take no turns, and a caller may have only so many.
//
// Who is told apart is a [Caller]: a machine, or on this machine a connection. Long
// operations are shared by package lro, and the engines' own queues stand behind
// all of it.
package callers

import (
	"net"
	"runtime"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
)

// Limits bound what callers may have; zero fields mean the defaults.
type Limits struct {
	// Slots is how many utterances the engines speak at once. Default: one for
	// each core.
	Slots int
	// Streams is how many streams one caller may have. Default 100.
	Streams int
	// Waiting is how many calls of one caller may wait for their turns. Default
	// 1,000, which is what a connection of gRPC may carry.
	Waiting int
	// Wait is how long a call may have to wait for its turn, as far as can be
	// foreseen. Default 1 min.
	Wait time.Duration
}

// Callers knows what each caller has under way. Make one with [New]; it is safe for
// concurrent use.
type Callers struct {
	limits Limits

	mu      sync.Mutex
	streams map[string]int // by machine
	short   line
	long    line
}

// New makes a Callers of a server that nobody has called.
func New(limits Limits) *Callers {
	if limits.Slots == 0 {
		limits.Slots = runtime.GOMAXPROCS(0)
	}
	if limits.Streams == 0 {
		limits.Streams = 100
	}
	if limits.Waiting == 0 {
		limits.Waiting = 1000
	}
	if limits.Wait == 0 {
		limits.Wait = time.Minute
	}
	return &Callers{
		limits: limits, streams: map[string]int{},
		// While one short call is encoded another is spoken.
		short: newLine(2 * limits.Slots),
		long:  newLine(limits.Slots),
	}
}

// Caller is who calls. Two calls are of one caller when these are equal.
type Caller struct {
	machine    string
	connection string // on this machine only; see At
}

// At is the caller at the other end of a connection, by its remote address as
// net.Conn and http.Request have it. Another machine is one caller. This machine's
// programs all have one address, so that each connection passes for a program.
func At(remote string) Caller {
	host, _, err := net.SplitHostPort(remote)
	if err != nil {
		return Caller{machine: remote}
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return Caller{machine: host, connection: remote}
	}
	return Caller{machine: host}
}

// Stream counts a stream of a caller's machine until leave is called, or says that
// it has too many.
func (c *Callers) Stream(caller Caller) (leave func(), err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.streams[caller.machine] >= c.limits.Streams {
		return nil, fault.New(fault.ResourceExhausted, "You have %d streams open, and no more are allowed (--max-streams). Close one.", c.limits.Streams).Retry(time.Second)
	}
	c.streams[caller.machine]++
	return sync.OnceFunc(func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.streams[caller.machine]--; c.streams[caller.machine] == 0 {
			delete(c.streams, caller.machine)
		}
	}), nil
}
