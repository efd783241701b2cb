package synth

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
)

const (
	// maxFetched is how many sounds a document may have fetched.
	maxFetched = 100
	// fetchTime and patientFetchTime are how long a document waits for all of
	// them together, while a caller waits for it or nobody does. What comes
	// later has its fallback spoken.
	fetchTime        = 30 * time.Second
	patientFetchTime = time.Minute
)

// isFetched reports whether a source is asked for over the network.
func isFetched(src string) bool {
	scheme, _, _ := strings.Cut(strings.TrimSpace(src), ":")
	return !strings.EqualFold(scheme, "data") && !strings.EqualFold(scheme, "clips")
}

// fetchTimes are what is left of the documents' times, by the ids that their
// plans give them: the parts of a long document share one. They live in memory; a
// restart gives all of it anew.
type fetchTimes struct {
	interactive, patient time.Duration

	mu    sync.Mutex
	spent map[string]*spentTime
}

type spentTime struct {
	time time.Duration
	last time.Time
}

func newFetchTimes() *fetchTimes {
	return &fetchTimes{interactive: fetchTime, patient: patientFetchTime, spent: map[string]*spentTime{}}
}

// left is how long the document may still wait.
func (f *fetchTimes) left(id string, class engine.Class) time.Duration {
	whole := f.patient
	if class == engine.Interactive {
		whole = f.interactive
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if s := f.spent[id]; s != nil {
		return whole - s.time
	}
	return whole
}

// spend notes that a document has waited.
func (f *fetchTimes) spend(id string, d time.Duration) {
	const many, longAgo = 1000, time.Hour
	f.mu.Lock()
	defer f.mu.Unlock()
	s := f.spent[id]
	if s == nil {
		if len(f.spent) >= many {
			for id, s := range f.spent {
				if time.Since(s.last) > longAgo {
					delete(f.spent, id)
				}
			}
		}
		s = &spentTime{}
		f.spent[id] = s
	}
	s.time += d
	s.last = time.Now()
}

var errFetchTime = fault.New(fault.Unavailable, "The document has waited for its sounds as long as it may.")

// open opens a clip. Close what it returns, which ends the clip's sound, too.
func (r *rendering) open(src string) (s audio.Stream, done func(), err error) {
	if !isFetched(src) {
		s, err = r.synth.clips.Open(r.ctx, src)
		return s, func() {}, err
	}
	id := r.settings.Document
	left := r.synth.fetchTimes.left(id, r.class)
	if left <= 0 {
		return nil, nil, errFetchTime
	}
	// The sound is read as long as its context goes on, so that the time ends
	// the opening only.
	ctx, cancel := context.WithCancelCause(r.ctx)
	err = r.synth.waiting(r.ctx, func() (err error) {
		began := time.Now()
		timer := time.AfterFunc(left, func() { cancel(errFetchTime) })
		defer timer.Stop()
		s, err = r.synth.clips.Open(ctx, src)
		r.synth.fetchTimes.spend(id, time.Since(began))
		return err
	})
	if err != nil {
		cancel(nil)
		return nil, nil, err
	}
	return s, func() { cancel(nil) }, nil
}
