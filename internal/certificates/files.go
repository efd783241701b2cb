package certificates

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookAgain is how long a look at the files holds.
const lookAgain = time.Second

// files is a pair of files that is read again when they change.
type files struct {
	cert, key string
	log       *slog.Logger
	now       func() time.Time

	mu     sync.Mutex
	pair   *tls.Certificate
	read   [2]os.FileInfo // of what was read last, whether it was good or not
	looked time.Time
}

// Files is the source of a certificate and its key in PEM, which must be there now.
// When they have changed, later connections have the new ones; as long as the new
// ones are no pair, they have the old, and the log says why. now is time.Now or a
// stand-in.
func Files(cert, key string, log *slog.Logger, now func() time.Time) (Source, error) {
	f := &files{cert: cert, key: key, log: log, now: now}
	if err := f.load(); err != nil {
		return nil, err
	}
	return f, nil
}

// Config implements Source.
func (f *files) Config() *tls.Config {
	return &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.get(), nil }}
}

// Run implements Source. Files are somebody else's to renew.
func (f *files) Run(context.Context) error { return nil }

func (f *files) get() *tls.Certificate {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.now(); now.Sub(f.looked) >= lookAgain {
		f.looked = now
		if f.changed() {
			if err := f.load(); err != nil {
				f.log.Error("the changed TLS certificate cannot be used, the one before it stays", "cause", err)
			} else {
				f.log.Info("the TLS certificate was read again", "file", f.cert, "until", f.pair.Leaf.NotAfter)
			}
		}
	}
	return f.pair
}

// changed reports whether the files are others than were read.
func (f *files) changed() bool {
	now := f.look()
	for i, then := range f.read {
		switch {
		case (now[i] == nil) != (then == nil):
			return true
		case then != nil && (!os.SameFile(now[i], then) || !now[i].ModTime().Equal(then.ModTime()) || now[i].Size() != then.Size()):
			return true
		}
	}
	return false
}

// look is nil for a file that is not there.
func (f *files) look() (seen [2]os.FileInfo) {
	for i, name := range []string{f.cert, f.key} {
		seen[i], _ = os.Stat(name)
	}
	return seen
}

func (f *files) load() error {
	f.read = f.look() // before they are read: a change meanwhile is seen
	pair, err := tls.LoadX509KeyPair(f.cert, f.key)
	if err != nil {
		return fmt.Errorf("the certificate %s with the key %s: %w", f.cert, f.key, err)
	}
	if now := f.now(); !now.Before(pair.Leaf.NotAfter) {
		return fmt.Errorf("the certificate %s ended on %s", f.cert, pair.Leaf.NotAfter.Format(time.DateOnly))
	}
	f.pair = &pair
	return nil
}
