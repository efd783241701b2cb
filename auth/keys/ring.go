package keys

import (
	"cmp"
	"context"
	"crypto/rsa"
	"errors"
	"sync"
	"time"
)

// A server looks at its keys again when they are fresh no longer, while it goes on
// with what it has; and it uses none that are stale. So what a command has revoked
// is refused within a second, at the latest, and a store that does not answer
// closes the door.
const (
	fresh = 250 * time.Millisecond
	stale = 900 * time.Millisecond
	// novel is how old keys must be to be looked at again for one that is not among
	// them: it may be new, or made up.
	novel = 20 * time.Millisecond
	// lookTime is how long a store may take to answer.
	lookTime = 2 * time.Second
	// patience is how long a call waits for a look, from when that began; and
	// doubt how long when the look before has failed: a connection's calls come one
	// after the other, so that whoever waits holds up others.
	patience = time.Second
	doubt    = 50 * time.Millisecond
)

var errSlow = errors.New("the store of keys does not answer")

// ring is the keys of a store as they are now.
type ring struct {
	store Store
	now   func() time.Time

	mu      sync.Mutex
	held    snapshot
	looking *look // under way; nil if there is none
	failure error // of the last look
	failed  time.Time
}

// look is one at the store.
type look struct {
	began time.Time
	over  chan struct{} // closed when it is
}

// snapshot is the keys at a time. It is not changed once it is there.
type snapshot struct {
	at     time.Time // before which they were read
	mark   string
	secret []byte
	keys   map[string]held
}

type held struct {
	Key
	public *rsa.PublicKey
}

// find is the key of an id that has not expired; ok is false if there is none.
func (s snapshot) find(id string, now time.Time) (held, bool) {
	k, ok := s.keys[id]
	return k, ok && k.holdsAt(now)
}

// look returns the keys, none of which was revoked longer ago than stale, and with the
// one of this id if it was there when look was called, about.
func (r *ring) look(ctx context.Context, id string) (snapshot, error) {
	s, err := r.within(ctx, stale)
	if _, known := s.keys[id]; err != nil || known {
		return s, err
	}
	return r.within(ctx, novel)
}

// within returns the keys as they were not longer ago than most.
func (r *ring) within(ctx context.Context, most time.Duration) (snapshot, error) {
	for {
		r.mu.Lock()
		now := r.now()
		age := now.Sub(r.held.at)
		switch {
		case age < min(fresh, most):
			defer r.mu.Unlock()
			return r.held, nil
		case r.failure != nil && now.Sub(r.failed) < fresh && age >= most:
			defer r.mu.Unlock()
			return snapshot{}, r.failure
		}
		if r.looking == nil {
			r.looking = &look{began: now, over: make(chan struct{})}
			go r.again(r.held)
		}
		if age < most {
			defer r.mu.Unlock()
			return r.held, nil
		}
		looking, failed := r.looking, r.failure
		r.mu.Unlock()
		if err := looking.await(ctx, now, failed); err != nil {
			return snapshot{}, err
		}
	}
}

// await waits for a look, but not for long: failed is the error of the one before.
func (l *look) await(ctx context.Context, now time.Time, failed error) error {
	most := patience
	if failed != nil {
		most = doubt
	}
	timer := time.NewTimer(l.began.Add(most).Sub(now))
	defer timer.Stop()
	select {
	case <-l.over:
		return nil
	case <-timer.C:
		return cmp.Or(failed, errSlow)
	case <-ctx.Done():
		return ctx.Err()
	}
}

// again replaces old by what the store has now.
func (r *ring) again(old snapshot) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	next, err := r.read(ctx, old)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure, r.failed = err, r.now(); err == nil {
		r.held = next
	}
	close(r.looking.over)
	r.looking = nil
}

func (r *ring) read(ctx context.Context, old snapshot) (snapshot, error) {
	began := r.now()
	document, mark, err := r.store.Load(ctx, old.mark)
	if err != nil {
		return snapshot{}, err
	}
	if mark == old.mark {
		old.at = began
		return old, nil
	}
	b, err := readBook(document)
	if err != nil {
		return snapshot{}, err
	}
	next := snapshot{at: began, mark: mark, secret: b.Secret, keys: make(map[string]held, len(b.Keys))}
	for _, k := range b.Keys {
		h := held{Key: k}
		if k.Kind == ServiceAccount {
			if h.public, err = k.public(); err != nil {
				return snapshot{}, err
			}
		}
		next.keys[k.ID] = h
	}
	return next, nil
}
