package keys

import (
	"crypto/sha256"
	"sync"
	"time"
)

const (
	// maxKnown is how many tokens are remembered. A client has one for an hour.
	maxKnown = 8 << 10
	// maxKnownScopes is of how many bytes a token's scopes may be for that. Google's
	// Storage client asks for three, of 160 bytes.
	maxKnownScopes = 1 << 10
)

// known remembers tokens that have been verified, by their hash, so that a client
// that calls often has its signature checked once. That their key still holds is
// looked up at each call.
type known struct {
	mu     sync.Mutex
	tokens map[[sha256.Size]byte]knownToken
}

type knownToken struct {
	key    string
	scopes *string // nil if the token carries none
	until  time.Time
}

func newKnown() *known { return &known{tokens: map[[sha256.Size]byte]knownToken{}} }

// find is what is known of a token.
func (k *known) find(sum [sha256.Size]byte, now time.Time) (t knownToken, ok bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	t, ok = k.tokens[sum]
	return t, ok && now.Before(t.until)
}

// add remembers a token. When there is no more room, all that are over go, or all.
func (k *known) add(sum [sha256.Size]byte, t knownToken, now time.Time) {
	if t.scopes != nil && len(*t.scopes) > maxKnownScopes {
		return
	}
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
	k.tokens[sum] = t
}
