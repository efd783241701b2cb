package longaudio

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/m4a"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// stand is a studio with real buckets and the engine of sines.
type stand struct {
	*Studio
	directory *file.Store
	dir       string
}

func newStand(t *testing.T) *stand {
	t.Helper()
	dir := t.TempDir()
	directory, err := file.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { directory.Close() })
	buckets := bucket.New(bucket.Config{All: directory, Scratch: directory.Scratch()})
	log := slog.New(slog.DiscardHandler)
	engines, err := engine.Open(t.Context(), engine.Config{Slots: 2, Log: log, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{}), nil },
	}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engines.Close() })
	formats := encode.NewCatalogue(wav.Linear16(), mp3.MP3(), oggopus.Format(), m4a.Format())
	pipeline := synth.New(synth.Config{Engines: engines, Formats: formats, Log: log})
	return &stand{Studio: New(Config{Synth: pipeline, Buckets: buckets, Log: log}), directory: directory, dir: dir}
}

// kind is a kind that nobody has used yet, as after a restart.
func (s *stand) kind() *Kind { return s.Kind("long-audio.test", answers{}) }

// mustHoldNothing fails when anything is staged or in scratch.
func (s *stand) mustHoldNothing(t *testing.T) {
	t.Helper()
	for _, sub := range []string{"staging", "scratch"} {
		if left, err := os.ReadDir(filepath.Join(s.dir, sub)); err != nil || len(left) > 0 {
			t.Errorf("left over in %s: %v, %v", sub, left, err)
		}
	}
}

// answers are messages that any program has.
type answers struct{}

func (answers) Progress(s lro.Status) proto.Message {
	return durationpb.New(s.UpdateTime.Sub(s.CreateTime))
}
func (answers) Done() proto.Message { return &emptypb.Empty{} }
