package ttsapi

import (
	"sync"
	"time"
)

// alarm rings when all of some sides have waited for a while.
type alarm struct {
	after time.Duration
	mu    sync.Mutex
	waits side
	timer *time.Timer
}

// side is who waits, or both.
type side uint8

const (
	listening side = 1 << iota // for text
	speaking                   // for text that is complete enough
)

func newAlarm(after time.Duration, ring func()) *alarm {
	a := &alarm{after: after, timer: time.AfterFunc(after, ring)}
	a.timer.Stop()
	return a
}

func (a *alarm) wait(s side) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if before := a.waits; before != before|s {
		if a.waits |= s; a.waits == listening|speaking {
			a.timer.Reset(a.after)
		}
	}
}

func (a *alarm) busy(s side) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.waits &^= s
	a.timer.Stop()
}

func (a *alarm) stop() { a.timer.Stop() }
