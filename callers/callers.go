// Package callers shares the voices among those who want to hear something now.
//
// [Callers.Turn] lets calls be spoken whose answers are whole: a few at a time, so
// that what has begun is soon finished, short ones beside long ones, and of those
// that wait the one whose caller has least under way. A [Stream] is heard while it is
// spoken: it takes a turn for its first sound only, since then it is as slow as
// its listener, and a caller may have only so many.
//
// Who is told apart is a [Caller]: a principal, and a machine, or on this machine a
// connection. Long operations are shared by package lro, and the engines' own queues
// stand behind all of it.
package callers

import (
	"context"
	"net"
	"runtime"
	"sync"
	"time"

	"github.com/lectern/lectern/auth"
)

// Limits bound what callers may have; zero fields mean the defaults.
type Limits struct {
	// Slots is how many utterances the engines speak at once. Default: one for
	// each core.
	Slots int
	// Streams is how many streams one principal may have, or one machine where nobody
	// is asked who calls. Default 100.
	Streams int
	// Waiting is how many calls of one caller may wait for their turns. Default
	// 1,000, which is what a connection of gRPC may carry; less than 0: none.
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
	streams map[Caller]int // by owner
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
		limits: limits, streams: map[Caller]int{},
		// No more than can be spoken: what shares a core takes as much longer.
		short: newLine(limits.Slots),
		long:  newLine(limits.Slots),
	}
}

// Caller is who calls. Two calls are of one caller when these are equal.
type Caller struct {
	principal  string // empty where nobody is asked who calls
	machine    string
	connection string // on this machine only; see At
}

// Of is who makes the call that ctx belongs to, over a connection as [At] has it.
func Of(ctx context.Context, remote string) Caller {
	caller := At(remote)
	if p := auth.From(ctx); !p.IsAnonymous() {
		caller.principal = p.Name
	}
	return caller
}

// At is the caller at the other end of a connection, by its remote address as
// net.Conn and http.Request have it, where nobody is asked who calls. Another
// machine is one caller. This machine's programs all have one address, so that each
// connection passes for a program.
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

// owner is whose streams a caller's are: its principal's, wherever it calls from,
// since many may call by one proxy.
func (c Caller) owner() Caller {
	if c.principal != "" {
		return Caller{principal: c.principal}
	}
	return Caller{machine: c.machine}
}
