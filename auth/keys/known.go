package keys

import (
	"crypto/sha256"
	"sync"
	"time"
)

// maxKnown is how many tokens are remembered. A client has one for an hour.
const maxKnown = 8 << 10

// known remembers tokens that have been verified, by their hash, so that a client
// that calls often has its signature checked once. That their key still holds is
// looked up at each call.
type known struct {
	mu     sync.Mutex
	tokens map[[sha256.Size]byte]knownToken
}

type knownToken struct {
	key   string
	until time.Time
}

func newKnown() *known { return &known{tokens: map[[sha256.Size]byte]knownToken{}} }

// find is the id of a token's key.
func (k *known) find(sum [sha256.Size]byte, now time.Time) (key string, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok := k.tokens[sum]
	return t.key, ok && now.Before(t.until)
}

// add remembers a token. When there is no more room, all that are over go, or all.
func (k *known) add(sum [sha256.Size]byte, key string, until, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.tokens) >= maxKnown {
		for sum, t := range k.tokens {
			if !now.Before(t.until) {
				delete(k.tokens, sum)
			}
		}
		if len(k.tokens) >= maxKnown {
			clear(k.tokens)
		}
	}
	k.tokens[sum] = knownToken{key, until}
}
