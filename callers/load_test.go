package callers_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lectern/lectern/callers"
	"github.com/lectern/lectern/fault"
)

// each is how long the calls of these tests take once they have their turn.
const each = 100 * time.Millisecond

// book is what became of many calls.
type book struct {
	mu      sync.Mutex
	took    []time.Duration // of those that were answered
	refused int
	late    int                               // refused, but not at once
	lost    int                               // accepted, and not answered
	slow    func(now time.Time) time.Duration // what a call takes; nil: each
	cores   int                               // that calls share; 0: each has its own
	spoken  int                               // calls now
}

// speak takes as long as a call does.
func (b *book) speak() {
	b.mu.Lock()
	b.spoken++
	takes := each
	if b.cores > 0 {
		takes = each * time.Duration(max(b.spoken, b.cores)) / time.Duration(b.cores)
	}
	if b.slow != nil {
		takes = b.slow(time.Now())
	}
	b.mu.Unlock()
	time.Sleep(takes)
	b.mu.Lock()
	b.spoken--
	b.mu.Unlock()
}

// call makes one call and writes down what became of it.
func (b *book) call(ctx context.Context, c *callers.Callers, remote string, bytes int64) {
	began := time.Now()
	_, leave, err := c.Turn(ctx, callers.At(remote), bytes)
	waited := time.Since(began)
	if err == nil {
		b.speak()
		leave()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case err == nil:
		b.took = append(b.took, time.Since(began))
	case !fault.Is(err, fault.ResourceExhausted):
		b.lost++
	case waited > 0:
		b.late++
	default:
		b.refused++
	}
}

func (b *book) p95() time.Duration {
	slices.Sort(b.took)
	return b.took[len(b.took)*95/100]
}

// offer begins calls at a steady rate for so long, and returns when all are answered.
func (b *book) offer(t *testing.T, c *callers.Callers, perSecond int, long time.Duration, remote func(i int) string, bytes int64) {
	var all sync.WaitGroup
	for i := range int(long.Seconds() * float64(perSecond)) {
		all.Go(func() { b.call(t.Context(), c, remote(i), bytes) })
		time.Sleep(time.Second / time.Duration(perSecond))
	}
	all.Wait()
}

// TestTwiceTheLoad: of twice what can be done half is answered about as soon as
// ever, and the rest is refused at once, whether it comes by one connection or many,
// on cores that all calls share.
func TestTwiceTheLoad(t *testing.T) {
	for name, remote := range map[string]func(int) string{
		"one connection":        func(int) string { return "192.0.2.1:1" },
		"a few":                 func(i int) string { return fmt.Sprintf("127.0.0.1:%d", 1+i%5) },
		"more than turns":       func(i int) string { return fmt.Sprintf("127.0.0.1:%d", 1+i%16) },
		"a connection for each": func(i int) string { return fmt.Sprintf("127.0.0.1:%d", i) },
	} {
		for _, bytes := range []int64{short, long} {
			t.Run(fmt.Sprint(name, ", ", bytes, " bytes"), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					const slots = 4
					able := slots * int(time.Second/each)
					b := book{cores: slots}
					c := callers.New(callers.Limits{Slots: slots})
					const minutes = 2
					b.offer(t, c, 2*able, minutes*time.Minute, remote, bytes)
					if p95 := b.p95(); p95 > 3*each {
						t.Errorf("the 95th percentile of what was answered is %v, alone %v", p95, each)
					}
					if answered := len(b.took); answered < minutes*60*able*9/10 {
						t.Errorf("%d were answered of %d that could be", answered, minutes*60*able)
					}
					if b.late > 0 || b.lost > 0 || b.refused == 0 {
						t.Errorf("%d were refused, %d of them late, and %d were lost", b.refused, b.late, b.lost)
					}
					// What comes after it is served as ever, a crowd too.
					time.Sleep(time.Second)
					var after book
					after.offer(t, c, able/2, 10*time.Second, remote, bytes)
					var crowd sync.WaitGroup
					for i := range 40 * slots {
						crowd.Go(func() { after.call(t.Context(), c, remote(i), bytes) })
					}
					crowd.Wait()
					if n := after.refused + after.late + after.lost; n > 0 {
						t.Errorf("after it %d were refused", n)
					}
				})
			})
		}
	}
}

// TestTwiceTheLoadOfSlowCalls: those that come before it is clear that more comes
// than can be done are few, however long a call takes.
func TestTwiceTheLoadOfSlowCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const takes = time.Second
		b := book{slow: func(time.Time) time.Duration { return takes }}
		c := callers.New(callers.Limits{Slots: 2})
		b.offer(t, c, 4, 2*time.Minute, func(i int) string { return fmt.Sprintf("127.0.0.1:%d", 1+i%8) }, long)
		if p95 := b.p95(); p95 > 3*takes || len(b.took) < 2*120*9/10 || b.late+b.lost > 0 {
			t.Errorf("p95 %v of %d, %d refused, %d late, %d lost", p95, len(b.took), b.refused, b.late, b.lost)
		}
	})
}

// TestAnUnsteadyOverload: what can be done changes from second to second, and now and
// then is nearly what comes.
func TestAnUnsteadyOverload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := callers.New(callers.Limits{Slots: 8})
		var b book
		b.slow = func(now time.Time) time.Duration {
			if now.Second()%4 < 3 {
				return 2 * each
			}
			return each / 2
		}
		b.offer(t, c, 100, 2*time.Minute, func(i int) string { return fmt.Sprintf("127.0.0.1:%d", i) }, short)
		if p95 := b.p95(); p95 > 3*2*each || len(b.took) < 50*120 || b.late+b.lost > 0 {
			t.Errorf("p95 %v of %d, %d refused, %d late, %d lost", p95, len(b.took), b.refused, b.late, b.lost)
		}
	})
}

// TestACrowdThatDoesNotGrow: many calls at once that are called anew as they are
// answered are all answered, however long they wait for each other.
func TestACrowdThatDoesNotGrow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b book
		c := callers.New(callers.Limits{Slots: 4})
		ctx, stop := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for i := range 500 {
			time.Sleep(2 * time.Millisecond) // they start within a second
			all.Go(func() {
				for ctx.Err() == nil {
					b.call(t.Context(), c, fmt.Sprintf("127.0.0.1:%d", i), short)
					time.Sleep(time.Duration(i%7) * time.Millisecond)
				}
			})
		}
		time.Sleep(time.Minute)
		stop()
		all.Wait()
		if b.refused+b.late+b.lost > 0 || len(b.took) < 40*60*9/10 {
			t.Errorf("%d were answered, %d refused, %d late, %d lost", len(b.took), b.refused, b.late, b.lost)
		}
	})
}

// TestAModestCallerInAnOverload is not refused, and waits for little.
func TestAModestCallerInAnOverload(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var flood, modest book
		c := callers.New(callers.Limits{Slots: 2})
		var all sync.WaitGroup
		all.Go(func() {
			flood.offer(t, c, 200, time.Minute, func(int) string { return "192.0.2.1:1" }, short)
		})
		modest.offer(t, c, 2, time.Minute, func(int) string { return "192.0.2.2:1" }, short)
		all.Wait()
		if flood.refused == 0 || modest.refused+modest.late+modest.lost > 0 || modest.p95() > 3*each {
			t.Errorf("the flood: %d refused; the other: %d refused, %d late, p95 %v", flood.refused, modest.refused, modest.late, modest.p95())
		}
	})
}

// TestForeseenWaits: a call whose turn cannot come in time is refused at once, by
// what the line has done until then.
func TestForeseenWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := callers.New(callers.Limits{Slots: 1, Wait: 20 * time.Second})
		var before book
		var all sync.WaitGroup
		for range 100 { // ten seconds
			all.Go(func() { before.call(t.Context(), c, "192.0.2.1:1", 1000) })
		}
		time.Sleep(2*time.Second + each/2) // about 80 are left
		due, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		defer cancel()
		_, _, err := c.Turn(due, callers.At("192.0.2.1:1"), 1000)
		if !fault.Is(err, fault.ResourceExhausted) || !strings.Contains(err.Error(), "about 7.9s") || fault.From(err).RetryAfter.Round(time.Second) != 4*time.Second {
			t.Errorf("a deadline of 4 s in a queue of 8: %v, again in %v", err, fault.From(err).RetryAfter)
		}
		if _, leave, err := c.Turn(due, callers.At("192.0.2.2:1"), 1000); err != nil {
			t.Errorf("who has nothing under way: %v", err)
		} else {
			leave()
		}
		all.Wait()
		time.Sleep(time.Minute)
		var after book
		for range 230 { // 23 seconds
			all.Go(func() { after.call(t.Context(), c, "192.0.2.1:1", 1000) })
		}
		all.Wait()
		if n := len(after.took); n < 200 || n > 202 || before.refused+before.late+before.lost+after.late+after.lost > 0 {
			t.Errorf("of 23 s %d calls were answered, %d refused; before them %d, %d late, %d lost", n, after.refused, before.refused, before.late+after.late, before.lost+after.lost)
		}
	})
}
