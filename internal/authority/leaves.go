package authority

import (
	"crypto/tls"
	"sync"
	"time"
)

// Leaves are certificates of one authority, made when they are first needed and
// again in the last third of their life.
type Leaves struct {
	authority *Authority

	mu   sync.Mutex
	made map[string]*tls.Certificate // by the first of their names
}

// Leaves are those of a, none of them made yet.
func (a *Authority) Leaves() *Leaves {
	return &Leaves{authority: a, made: map[string]*tls.Certificate{}}
}

// For is the certificate for these names, the same one for as long as it is good.
func (l *Leaves) For(names ...string) (*tls.Certificate, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(names) > 0 {
		if leaf := l.made[names[0]]; leaf != nil && l.fresh(leaf) {
			return leaf, nil
		}
	}
	leaf, err := l.authority.Issue(names...)
	if err == nil {
		l.made[names[0]] = leaf
	}
	return leaf, err
}

// fresh reports whether leaf has more than a third of its life before it. At the
// authority's own end there is nothing better to be had.
func (l *Leaves) fresh(leaf *tls.Certificate) bool {
	end := leaf.Leaf.NotAfter
	return l.authority.now().Before(end.Add(-leafLife/3)) || !end.Before(l.authority.cert.NotAfter.Truncate(time.Second))
}
