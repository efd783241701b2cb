package lectern

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/fault"
)

// readiness is what a server needs to do its work, beyond being alive.
type readiness struct {
	data       string
	identities map[string]os.FileInfo // what is open, by the path it must still have
	operations interface {
		GetOperation(ctx context.Context, r *longrunningpb.GetOperationRequest) (*longrunningpb.Operation, error)
	}
	store   func(context.Context) error // what keeps it from working, or nil
	engines func() int                  // how many there are
	buckets func(context.Context) error
	room    func() error
	now     func() time.Time

	mu     sync.Mutex
	asked  time.Time
	answer error

	stored  time.Time // when the stores of objects were asked
	objects error     // what they said
}

// freeSpace is how many bytes may still be written to the disk of dir.
func freeSpace(dir string) (int64, error) {
	free, _, err := file.Room(dir)
	return free, err
}

// storesFor is how long what the stores of objects say holds: a probe of theirs
// writes an object and removes it, which costs something.
const storesFor = 30 * time.Second

// storesTime is how long they may take to answer.
const storesTime = 3 * time.Second

// readyFor is how long an answer holds: whoever asks often costs no more.
const readyFor = time.Second

// remember notes which files are in use now.
func (r *readiness) remember(paths ...string) error {
	r.identities = map[string]os.FileInfo{}
	for _, path := range paths {
		st, err := os.Stat(path)
		if err != nil {
			return err
		}
		r.identities[path] = st
	}
	return nil
}

// check says why the server should get no traffic, or nil.
func (r *readiness) check(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now := r.now(); r.asked.IsZero() || now.Sub(r.asked) >= readyFor {
		r.answer = errors.Join(r.files(), r.disk(), r.database(ctx), r.store(ctx), r.stores(ctx, now), r.voices())
		r.asked = now
	}
	return r.answer
}

// files sees to it that what is open is what others find there.
func (r *readiness) files() error {
	for path, opened := range r.identities {
		switch now, err := os.Stat(path); {
		case err != nil:
			return fmt.Errorf("what this server has open is gone: %w; restart it", err)
		case !os.SameFile(now, opened):
			return fmt.Errorf("%s was replaced while this server had it open; restart it", path)
		}
	}
	return nil
}

// disk sees to it that there is room, and that files can be written and shown.
func (r *readiness) disk() error {
	if err := r.room(); err != nil {
		return err
	}
	probe, err := os.CreateTemp(r.data, ".ready-*")
	if err != nil {
		return fmt.Errorf("the data directory cannot be written: %w", err)
	}
	_, err = probe.WriteString("ready\n")
	err = errors.Join(err, probe.Close())
	shown := filepath.Join(r.data, ".ready")
	if err == nil {
		err = os.Rename(probe.Name(), shown)
	}
	if err = errors.Join(err, os.Remove(map[bool]string{true: shown, false: probe.Name()}[err == nil])); err != nil {
		return fmt.Errorf("the data directory cannot be written: %w", err)
	}
	return nil
}

// database asks for an operation that nobody has started.
func (r *readiness) database(ctx context.Context) error {
	_, err := r.operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: "projects/lectern/locations/ready/operations/none"})
	var f *fault.Error
	if errors.As(err, &f) && f.Code == fault.NotFound || status.Code(err) == codes.NotFound {
		return nil
	}
	return fmt.Errorf("the database does not answer: %w", err)
}

// stores asks whether objects can be written; a no is asked again at once.
func (r *readiness) stores(ctx context.Context, now time.Time) error {
	if r.stored.IsZero() || r.objects != nil || now.Sub(r.stored) >= storesFor {
		ctx, cancel := context.WithTimeout(ctx, storesTime)
		defer cancel()
		r.objects, r.stored = r.buckets(ctx), now
	}
	return r.objects
}

func (r *readiness) voices() error {
	if r.engines() == 0 {
		return errors.New("no engine can speak")
	}
	return nil
}
