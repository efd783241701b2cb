package lectern

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/synth"
)

// Who asks whether the server is ready hears what new operations and new objects
// hear, on small disks and on large ones, whichever of them is full.
func TestRoomIsOneForAll(t *testing.T) {
	const mib = 1 << 20
	for _, tt := range []struct {
		free, total int64
		enough      bool
	}{
		{62 * mib, 64 * mib, true},
		{4 * mib, 64 * mib, true},
		{3 * mib, 64 * mib, false},
		{0, 64 * mib, false},
		{100 * mib, 2000 * mib, true},
		{100*mib - 1, 2000 * mib, false},
		{255 * mib, 1 << 40, false},
		{256 * mib, 1 << 40, true},
	} {
		for which := range 2 {
			r := newRoom(t.TempDir(), nil)
			for i := range r.disks {
				r.disks[i].room = func() (int64, int64, error) {
					if i == which {
						return tt.free, tt.total, nil
					}
					return 1 << 40, 1 << 40, nil
				}
			}
			for who, err := range asked(t, r) {
				if (err == nil) != tt.enough {
					t.Errorf("%s: %d of %d bytes free on disk %d: %v", who, tt.free, tt.total, which, err)
				}
			}
		}
	}
}

// asked is what each says that asks for room.
func asked(t *testing.T, r room) map[string]error {
	all, err := file.Open(t.TempDir())
	must(t, err)
	buckets := bucket.New(bucket.Config{All: all, Scratch: all.Scratch()})
	defer buckets.Close()
	ready := newReady(t, r)
	must(t, ready.remember(ready.data))
	quiet := slog.New(slog.DiscardHandler)
	studio := longaudio.New(longaudio.Config{
		Synth: synth.New(synth.Config{Formats: encode.NewCatalogue(), Log: quiet}), Buckets: buckets, Log: quiet,
		Room: func() error { return r.refuse("new long operations") },
	})
	object, err := bucket.ParseURI("gs://room/object.wav")
	must(t, err)
	said := map[string]error{
		"readiness":     ready.check(t.Context()),
		"an operation":  studio.Check(t.Context(), object, nil),
		"an object":     r.refuse("objects"),
		"a later asker": ready.check(t.Context()),
	}
	for _, who := range []string{"an operation", "an object"} {
		if err := said[who]; err != nil && !fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", who, err)
		}
	}
	return said
}

// newReady is a readiness with nothing wrong but its room.
func newReady(t *testing.T, r room) *readiness {
	now := time.Now()
	return &readiness{
		data: t.TempDir(), operations: &answeringOperations{fault.New(fault.NotFound, "There is none.")},
		buckets: func(context.Context) error { return nil },
		store:   func(context.Context) error { return nil },
		engines: func() int { return 1 }, now: func() time.Time { return now },
		room: r.check,
	}
}
