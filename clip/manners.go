package clip

import (
	"context"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/hosts"
)

// How a host is asked, whatever documents wish: one of them can name thousands
// of addresses.
const (
	atOnce   = 4                      // requests to a host
	every    = 200 * time.Millisecond // one more request to a host
	burst    = 5                      // requests that need not wait for that
	sulk     = time.Minute            // how long a host that timed out is left alone
	tidyFrom = 1000                   // hosts that are remembered without a look at who may be forgotten
)

// manners are how hosts are asked: some requests at a time, so many a second, and
// not soon again where one has timed out. Safe for concurrent use.
type manners struct {
	now  func() time.Time
	wait func(ctx context.Context, d time.Duration) error

	mu    sync.Mutex
	hosts map[string]*host
}

// host is what is known of one.
type host struct {
	turns  chan struct{} // full when atOnce ask
	visits int           // who ask or wait for a turn
	next   time.Time     // when the request after the burst may be made
	late   time.Time     // until when it is left alone
}

func newManners() *manners {
	return &manners{now: time.Now, wait: sleep, hosts: map[string]*host{}}
}

// sleep waits for d or the end of ctx.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// visit is one fetch, at one host after the other where it is redirected. One
// goroutine uses it. End it with leave.
type visit struct {
	*manners
	name string
	at   *host
}

// to waits until the host of that name may be asked once.
func (v *visit) to(ctx context.Context, name string) error {
	if name = hosts.Canonical(name); v.name != name || v.at == nil {
		v.leave()
		v.name, v.at = name, v.enter(name)
		select {
		case v.at.turns <- struct{}{}:
		case <-ctx.Done():
			v.forgo()
			return context.Cause(ctx)
		}
	}
	v.mu.Lock()
	now := v.now()
	if now.Before(v.at.late) {
		v.mu.Unlock()
		return fault.New(fault.Unavailable, "%s took too long to answer, and is not asked again for a minute.", name)
	}
	if v.at.next.Before(now) {
		v.at.next = now
	}
	v.at.next = v.at.next.Add(every)
	pause := v.at.next.Sub(now) - burst*every
	v.mu.Unlock()
	if pause <= 0 {
		return nil
	}
	return v.wait(ctx, pause)
}

// enter finds a host, or makes it known.
func (m *manners) enter(name string) *host {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := m.hosts[name]
	if h == nil {
		if len(m.hosts) >= tidyFrom {
			m.tidy()
		}
		h = &host{turns: make(chan struct{}, atOnce)}
		m.hosts[name] = h
	}
	h.visits++
	return h
}

// tidy forgets the hosts of which nothing matters any more.
func (m *manners) tidy() {
	now := m.now()
	for name, h := range m.hosts {
		if h.visits == 0 && !h.next.After(now) && !h.late.After(now) {
			delete(m.hosts, name)
		}
	}
}

// tookTooLong says that the host that was asked has not answered in time.
func (v *visit) tookTooLong() {
	if v.at == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.at.late = v.now().Add(sulk)
}

// leave gives the turn to others.
func (v *visit) leave() {
	if v.at != nil {
		<-v.at.turns
		v.forgo()
	}
}

func (v *visit) forgo() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.at.visits--
	v.at = nil
}
