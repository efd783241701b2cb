package sqlite

import (
	"context"
	"os"
	"time"
)

// The next process must know when this one died, to tell what had been at work
// for a while from what had only begun. The time of the lock's file says so, to
// the second: it outlives a kill, and writing it costs next to nothing.

const pulseInterval = time.Second

// lastPulse is when a process that dispatched was last alive.
func (s *Store) lastPulse() (time.Time, error) {
	st, err := os.Stat(s.lock.Name())
	if err != nil {
		return time.Time{}, err
	}
	return st.ModTime(), nil
}

func (s *Store) beginPulse() {
	ctx, stop := context.WithCancel(context.Background())
	s.endPulse = stop
	s.background.Go(func() {
		tick := time.NewTicker(pulseInterval)
		defer tick.Stop()
		for {
			now := s.now()
			_ = os.Chtimes(s.lock.Name(), now, now) // a pulse that is missed makes a crash a suspicion
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	})
}
