package callers_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/fault"
)

func TestCallers(t *testing.T) {
	for _, c := range []struct {
		one, other string
		same       bool
	}{
		{"192.0.2.1:1000", "192.0.2.1:2000", true},
		{"192.0.2.1:1000", "192.0.2.2:1000", false},
		{"[2001:db8::1]:1", "[2001:db8::1]:2", true},
		{"127.0.0.1:1000", "127.0.0.1:2000", false}, // two programs of this machine
		{"127.0.0.1:1000", "127.0.0.1:1000", true},
		{"[::1]:1", "[::1]:2", false},
		{"@", "@", true}, // a UNIX socket's
	} {
		if same := callers.At(c.one) == callers.At(c.other); same != c.same {
			t.Errorf("%s and %s: one caller %v", c.one, c.other, same)
		}
	}
}

func TestStreamsOfAMachineAreCounted(t *testing.T) {
	c := callers.New(callers.Limits{Streams: 2})
	one, other := callers.At("127.0.0.1:1"), callers.At("127.0.0.1:2") // one machine
	first, err := c.Stream(one)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Stream(other); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Stream(one); !fault.Is(err, fault.ResourceExhausted) {
		t.Errorf("a third stream: %v", err)
	}
	if _, err := c.Stream(callers.At("192.0.2.1:1")); err != nil {
		t.Errorf("another machine: %v", err)
	}
	first.Leave()
	first.Leave() // counts once
	if _, err := c.Stream(one); err != nil {
		t.Error(err)
	}
	if _, err := c.Stream(one); err == nil {
		t.Error("a third stream, after one has left twice")
	}
}

// TestStreamsOfAPrincipal are counted wherever it calls from, and apart from those of
// others behind the same proxy.
func TestStreamsOfAPrincipal(t *testing.T) {
	c := callers.New(callers.Limits{Streams: 1})
	by := func(name, remote string) callers.Caller {
		return callers.Of(auth.With(t.Context(), auth.Principal{Name: name}), remote)
	}
	const proxy = "127.0.0.1:1"
	names := []string{"jo", "al", auth.Anonymous.Name} // a name is anybody's
	for _, name := range names {
		if _, err := c.Stream(by(name, proxy)); err != nil {
			t.Errorf("%s, behind the proxy: %v", name, err)
		}
	}
	if _, err := c.Stream(callers.Of(t.Context(), proxy)); err != nil {
		t.Errorf("who needs no credentials, behind the same: %v", err)
	}
	for _, name := range names {
		if _, err := c.Stream(by(name, "192.0.2.1:1")); !fault.Is(err, fault.ResourceExhausted) {
			t.Errorf("%s from another machine: %v", name, err)
		}
	}
}

// TestAStreamOpensInTurn: its first sound waits for its turn among short calls, and
// when it is there the turn is another's, though the stream goes on.
func TestAStreamOpensInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{t: t, callers: callers.New(callers.Limits{Slots: 1})}
		c.call("before", "192.0.2.1:1", short)
		stream, err := c.callers.Stream(callers.At("192.0.2.2:1"))
		if err != nil {
			t.Fatal(err)
		}
		defer stream.Leave()
		began := time.Now()
		if err := stream.Begin(t.Context()); err != nil || time.Since(began) != time.Second {
			t.Errorf("begun after %v, %v", time.Since(began), err)
		}
		c.call("behind", "192.0.2.3:1", short)
		time.Sleep(time.Second)
		if len(c.served) != 1 {
			t.Errorf("served before the first sound: %v", c.served)
		}
		stream.Heard()
		stream.Heard() // gives back once
		c.all.Wait()
		if took := time.Since(began); took != 3*time.Second {
			t.Errorf("the call behind it was done after %v", took)
		}
	})
}

// TestAStreamAway: until it is heard a stream that waits for something else gives its
// turn to others, and after that it has none to give.
func TestAStreamAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := callers.New(callers.Limits{Slots: 1})
		stream, err := c.Stream(callers.At("192.0.2.1:1"))
		if err != nil {
			t.Fatal(err)
		}
		defer stream.Leave()
		if err := stream.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx := stream.Speaking(t.Context())
		for _, when := range []string{"before it is heard", "after it"} {
			err := callers.Away(ctx, func() error {
				_, leave, err := c.Turn(t.Context(), callers.At("192.0.2.2:1"), short)
				if err == nil {
					leave()
				}
				return err
			})
			if err != nil {
				t.Errorf("another call, %s: %v", when, err)
			}
			stream.Heard()
		}
		if _, leave, err := c.Turn(t.Context(), callers.At("192.0.2.2:1"), short); err != nil {
			t.Error(err)
		} else {
			leave()
		}
	})
}

// TestAStreamThatWouldBeLate is refused at once, where a call would be let wait.
func TestAStreamThatWouldBeLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{t: t, callers: callers.New(callers.Limits{Slots: 1})}
		for i := range 23 {
			c.call("before", fmt.Sprintf("192.0.2.1:%d", i), short)
		}
		time.Sleep(12*time.Second + 500*time.Millisecond) // what a call takes is known, and ten wait
		me := callers.At("192.0.2.1:99")
		stream, err := c.callers.Stream(me)
		if err != nil {
			t.Fatal(err)
		}
		defer stream.Leave()
		began := time.Now()
		err = stream.Begin(t.Context())
		stream.Heard()
		if !fault.Is(err, fault.ResourceExhausted) || fault.From(err).RetryAfter < time.Second || time.Since(began) > 0 {
			t.Errorf("a stream behind ten calls: %v after %v", err, time.Since(began))
		}
		if _, leave, err := c.callers.Turn(t.Context(), me, short); err != nil {
			t.Errorf("a call there: %v", err)
		} else {
			leave()
		}
		c.all.Wait()
	})
}

// crowd is calls that take a second each.
type crowd struct {
	t       *testing.T
	callers *callers.Callers
	mu      sync.Mutex
	served  []string
	all     sync.WaitGroup
}

// call begins one and returns when it waits, or is spoken.
func (c *crowd) call(name, remote string, bytes int64) {
	c.all.Go(func() {
		_, leave, err := c.callers.Turn(c.t.Context(), callers.At(remote), bytes)
		if err != nil {
			c.t.Error(err)
			return
		}
		time.Sleep(time.Second)
		c.mu.Lock()
		c.served = append(c.served, name)
		c.mu.Unlock()
		leave()
	})
	synctest.Wait()
}

const short, long = 500, 501

func TestAShortCallBesideLongOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{t: t, callers: callers.New(callers.Limits{Slots: 2})}
		for i := range 64 {
			c.call("long", fmt.Sprintf("192.0.2.1:%d", i), long)
		}
		began := time.Now()
		_, leave, err := c.callers.Turn(t.Context(), callers.At("192.0.2.1:99"), short)
		if err != nil || time.Since(began) > 0 {
			t.Errorf("a short call waited %v, %v", time.Since(began), err)
		}
		leave()
		c.all.Wait()
		// Two at a time: what has begun is finished first.
		if took := time.Since(began); took != 32*time.Second {
			t.Errorf("64 calls of a second took %v on two slots", took)
		}
	})
}

func TestACallBesideACallersMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{t: t, callers: callers.New(callers.Limits{Slots: 2})}
		for i := range 200 {
			c.call("crowd", fmt.Sprintf("192.0.2.1:%d", i), short)
		}
		for i := range 20 {
			began := time.Now()
			_, leave, err := c.callers.Turn(t.Context(), callers.At("192.0.2.2:1"), short)
			if err != nil {
				t.Fatal(err)
			}
			leave()
			// The one that is spoken, and the oldest, may go before.
			if took := time.Since(began); took > time.Second {
				t.Errorf("call %d waited %v beside another machine's 200", i, took)
			}
			time.Sleep(1500 * time.Millisecond)
		}
		c.all.Wait()
	})
}

// TestTurns: the caller with the fewest goes first, of its calls the last, and each
// fourth turn is the oldest's.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &crowd{t: t, callers: callers.New(callers.Limits{Slots: 1})}
		for _, name := range []string{"a1", "a2", "a3", "a4", "b1", "a5", "b2"} {
			c.call(name, map[byte]string{'a': "192.0.2.1:1", 'b': "192.0.2.2:1"}[name[0]], long)
		}
		c.all.Wait()
		want := "[a1 b2 a5 b1 a2 a4 a3]"
		if got := fmt.Sprint(c.served); got != want {
			t.Errorf("served %s, want %s", got, want)
		}
	})
}

// TestAway: who waits for something else gives the turn to others, and has one again
// before it goes on.
func TestAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := callers.New(callers.Limits{Slots: 1})
		me, other := callers.At("192.0.2.1:1"), callers.At("192.0.2.2:1")
		ctx, leave, err := c.Turn(t.Context(), me, long)
		if err != nil {
			t.Fatal(err)
		}
		failure := errors.New("no such host")
		began := time.Now()
		err = callers.Away(ctx, func() error {
			_, leave, err := c.Turn(t.Context(), other, long)
			if err != nil {
				t.Fatalf("while one is away: %v", err)
			}
			time.AfterFunc(time.Second, leave)
			return failure
		})
		if !errors.Is(err, failure) || time.Since(began) != time.Second {
			t.Errorf("away for %v, %v", time.Since(began), err)
		}
		late, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := c.Turn(late, other, long); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the turn was not taken again: %v", err)
		}
		leave()
		leave() // it is back already
		for range 2 {
			_, leave, err := c.Turn(t.Context(), other, long)
			if err != nil {
				t.Fatal(err)
			}
			leave()
		}
		if err := callers.Away(t.Context(), func() error { return failure }); !errors.Is(err, failure) {
			t.Errorf("without a turn: %v", err)
		}
	})
}

func TestWaitingEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := callers.New(callers.Limits{Slots: 1, Waiting: 1})
		me := callers.At("192.0.2.1:1")
		_, leave, err := c.Turn(t.Context(), me, long)
		if err != nil {
			t.Fatal(err)
		}
		reason := errors.New("the client left")
		ctx, cancel := context.WithCancelCause(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, _, err := c.Turn(ctx, me, long)
			ended <- err
		}()
		synctest.Wait()
		if _, _, err := c.Turn(t.Context(), me, long); !fault.Is(err, fault.ResourceExhausted) {
			t.Errorf("one more than may wait: %v", err)
		}
		if _, _, err := c.Turn(t.Context(), callers.At("192.0.2.2:1"), short); err != nil {
			t.Errorf("another caller's short call: %v", err)
		}
		cancel(reason)
		if err := <-ended; !errors.Is(err, reason) {
			t.Errorf("waiting ended with %v", err)
		}
		leave()
		if _, leave, err = c.Turn(t.Context(), me, long); err != nil {
			t.Fatalf("nobody waits, and the turn is gone: %v", err)
		}
		leave()
	})
}
