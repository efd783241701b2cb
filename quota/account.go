package quota

import (
	"fmt"
	"sync"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// milliseconds is what sound is counted as.
const milliseconds = "milliseconds"

// Account is who a call is counted for. A nil one counts and refuses nothing.
type Account struct {
	quota *Quota
	who   account
}

// Ask counts a request for speech with so many characters, or refuses it as
// RESOURCE_EXHAUSTED, and then counts nothing.
func (a *Account) Ask(characters int64) error {
	if a == nil {
		return nil
	}
	return a.take(1, characters)
}

// More is Ask for characters that belong to a request that was counted already.
func (a *Account) More(characters int64) error {
	if a == nil || characters == 0 {
		return nil
	}
	return a.take(0, characters)
}

func (a *Account) take(requests, characters int64) error {
	q := a.quota
	now := time.Now()
	q.mu.Lock()
	defer q.mu.Unlock()
	who := q.turn(now, a.who)
	for _, sc := range who.scopes() {
		if most, limited := q.rules.of(sc, Characters); limited && q.usage(sc).characters+characters > most {
			return beyondCharacters(sc, most, q.usage(sc).characters, characters, now)
		}
	}
	if requests > 0 {
		if err := q.takeRequest(who, now); err != nil {
			return err
		}
		q.add(who, string(Requests), requests)
	}
	for _, sc := range who.scopes() {
		if _, limited := q.rules.of(sc, Characters); limited {
			q.usage(sc).characters += characters
		}
	}
	q.add(who, string(Characters), characters)
	return nil
}

// takeRequest counts a request of the minute, for all scopes or for none.
func (q *Quota) takeRequest(who account, now time.Time) error {
	scopes := who.scopes()
	for _, sc := range scopes {
		most, limited := q.rules.of(sc, Requests)
		if !limited {
			continue
		}
		if l := q.usage(sc).requests; l.TokensAt(now) < 1 {
			wait := time.Minute
			if most > 0 {
				wait = time.Duration((1 - l.TokensAt(now)) / float64(l.Limit()) * float64(time.Second))
			}
			return beyond(sc, Requests, most, wait, "%s may ask for speech %d times a minute. Ask again in %s.", sc, most, rounded(wait))
		}
	}
	for _, sc := range scopes {
		if _, limited := q.rules.of(sc, Requests); limited {
			q.usage(sc).requests.AllowN(now, 1)
		}
	}
	return nil
}

// Stream counts a stream until leave is called, or refuses it.
func (a *Account) Stream() (leave func(), err error) {
	if a == nil {
		return func() {}, nil
	}
	q := a.quota
	q.mu.Lock()
	defer q.mu.Unlock()
	who := q.turn(time.Now(), a.who)
	var counted []*usage
	for _, sc := range who.scopes() {
		most, limited := q.rules.of(sc, Streams)
		if !limited {
			continue
		}
		u := q.usage(sc)
		if u.streams >= most {
			return nil, beyond(sc, Streams, most, time.Second, "%s may have %d streams open, and has as many. Close one.", sc, most)
		}
		counted = append(counted, u)
	}
	for _, u := range counted {
		u.streams++
	}
	return sync.OnceFunc(func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		for _, u := range counted {
			u.streams--
		}
	}), nil
}

// Operation is what a long operation is counted in while it is under way. It refuses
// one where none is allowed.
func (a *Account) Operation() ([]lro.Group, error) {
	if a == nil {
		return nil, nil
	}
	a.quota.mu.Lock()
	who := a.quota.turn(time.Now(), a.who)
	a.quota.mu.Unlock()
	var groups []lro.Group
	for _, sc := range who.scopes() {
		g := lro.Group{Name: sc.String()}
		if most, limited := a.quota.rules.of(sc, Operations); limited {
			g.Most = int(most)
			g.Full = beyond(sc, Operations, most, 10*time.Second, "%s may have %d long operations queued or running, and has as many. Try again when some have ended.", sc, most)
		}
		if g.Full != nil && g.Most == 0 {
			return nil, g.Full
		}
		groups = append(groups, g)
	}
	return groups, nil
}

// Key names the account where no call is any more; empty for a nil one.
func (a *Account) Key() string {
	if a == nil {
		return ""
	}
	return a.who.key()
}

// Made counts sound that was made for the account with this key.
func (q *Quota) Made(key string, sound time.Duration) {
	if who, ok := accountOf(key); ok && q != nil {
		(&Account{q, who}).Spoken(sound)
	}
}

// Started counts a long operation that has begun.
func (a *Account) Started() { a.count(string(Operations), 1) }

// Spoken counts sound that was made.
func (a *Account) Spoken(sound time.Duration) { a.count(milliseconds, sound.Milliseconds()) }

func (a *Account) count(what string, n int64) {
	if a == nil || n == 0 {
		return
	}
	a.quota.mu.Lock()
	defer a.quota.mu.Unlock()
	a.quota.add(a.quota.turn(time.Now(), a.who), what, n)
}

// turn is who as it is counted, today.
func (q *Quota) turn(now time.Time, who account) account {
	if day := dayOf(now); day != q.today {
		q.newDay(day)
	}
	return q.know(who)
}

func (q *Quota) add(who account, what string, n int64) {
	if n != 0 {
		q.pending[entry{q.today, who, what}] += n
	}
}

func beyondCharacters(sc scope, most, used, more int64, now time.Time) error {
	tomorrow := now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	return beyond(sc, Characters, most, tomorrow.Sub(now), "%s may have %d characters spoken a day and has had %d; this request has %d. The day ends at 00:00 UTC.", sc, most, used, more)
}

func beyond(sc scope, metric Metric, most int64, wait time.Duration, format string, args ...any) error {
	return fault.New(fault.ResourceExhausted, "Quota exceeded for quota metric '%s' and limit '%s': %s", metric, id(metric, sc), fmt.Sprintf(format, args...)).
		Retry(wait).Beyond(fault.Limit{Subject: sc.String(), Metric: string(metric), ID: id(metric, sc), Value: most})
}

// rounded is d in whole seconds, at least one.
func rounded(d time.Duration) time.Duration {
	return max(time.Second, d.Round(time.Second))
}
