package synth_test

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/fault"
)

// A file, a stream, and the pieces of the sound of a plan's parts are the same.
func TestPiecesOfThePartsMakeTheFile(t *testing.T) {
	for _, encoding := range []string{"MP3", "OGG_OPUS"} {
		s := newSynth(t, tone.Options{})
		r := request(strings.Repeat("One two three. Four five six seven!\n\n", 120))
		r.Encoding = encoding
		p := plan(t, s, r)
		want := file(t, s, p)

		var stream bytes.Buffer
		spoken, err := s.Stream(t.Context(), engine.Interactive, p, &stream, 0)
		if err != nil || !bytes.Equal(stream.Bytes(), want) {
			t.Errorf("%s: the stream has %d bytes that are not the file's %d; %v", encoding, stream.Len(), len(want), err)
		}

		frames := spoken.Frames
		var sound bytes.Buffer
		for _, part := range p.Parts() {
			if _, err := s.Body(t.Context(), engine.Batch, part, &sound); err != nil {
				t.Fatal(err)
			}
		}
		if got := int64(sound.Len()) / 2; got != frames {
			t.Fatalf("%s: the parts have %d frames, the stream %d", encoding, got, frames)
		}
		samples := make([]float32, frames)
		for i := range samples {
			samples[i] = float32(int16(uint16(sound.Bytes()[2*i])|uint16(sound.Bytes()[2*i+1])<<8)) / 32768
		}
		pieces, ok, err := s.Pieces(p.Settings)
		if err != nil || !ok {
			t.Fatalf("%s: no pieces; %v", encoding, err)
		}
		var again bytes.Buffer
		err = pieces.Mux(&again, p.SampleRate, frames, func(i int) (io.ReadCloser, error) {
			from, to := pieces.Span(p.SampleRate, i)
			var piece bytes.Buffer
			encoder, err := pieces.NewEncoder(&piece, p.SampleRate, i, frames)
			if err != nil {
				return nil, err
			}
			span := audio.Buffer{Rate: p.SampleRate, Samples: samples[from:min(to, frames)]}
			if err := encoder.Copy(span.Stream()); err != nil {
				return nil, err
			}
			return io.NopCloser(&piece), encoder.Close()
		})
		if err != nil || !bytes.Equal(again.Bytes(), want) {
			t.Errorf("%s: the pieces make %d bytes that are not the file's %d; %v", encoding, again.Len(), len(want), err)
		}
	}
}

// listener is a file that was told how much sound it holds.
type listener struct {
	bytes.Buffer
	told []time.Duration
}

func (l *listener) Sounds(length time.Duration) { l.told = append(l.told, length) }

// Who listens is told how much sound there is, and gets the same bytes. (Where pages of Ogg
// end is the engine's pace.)
func TestAListenerIsTold(t *testing.T) {
	for _, encoding := range []string{"PCM", "MP3"} {
		s := newSynth(t, tone.Options{})
		r := request(strings.Repeat("One two three. Four five six seven!\n\n", 20))
		r.Encoding = encoding
		p := plan(t, s, r)
		var plain bytes.Buffer
		var told listener
		spoken, err := s.Stream(t.Context(), engine.Interactive, p, &plain, 100*time.Millisecond)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.Stream(t.Context(), engine.Interactive, p, &told, 100*time.Millisecond); err != nil || !bytes.Equal(told.Bytes(), plain.Bytes()) {
			t.Errorf("%s: %v, %d bytes, %d for who is not told", encoding, err, told.Len(), plain.Len())
		}
		length := p.SampleRate.Duration(spoken.Frames)
		if last := told.told[len(told.told)-1]; !slices.IsSorted(told.told) || last > length || last < length-time.Second {
			t.Errorf("%s: of %v it is told %v", encoding, length, told.told)
		}
	}
}

// The limit is for the sound, whatever it is encoded to.
func TestLimitOfAnEncodedFile(t *testing.T) {
	s := newSynth(t, tone.Options{})
	r := request("abc")
	r.Encoding = "MP3"
	p := plan(t, s, r)
	const size = 3 * character * 2
	if _, _, err := s.File(t.Context(), engine.Interactive, p, size); err != nil {
		t.Errorf("as much sound as is allowed: %v", err)
	}
	if _, _, err := s.File(t.Context(), engine.Interactive, p, size-2); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("a frame too many: %v, want INVALID_ARGUMENT", err)
	}
}

func TestJoinedEncodingsHaveNoPieces(t *testing.T) {
	s := newSynth(t, tone.Options{})
	if _, ok, err := s.Pieces(plan(t, s, request("a")).Settings); ok || err != nil {
		t.Errorf("%s has pieces: %v, %v", pcm.Name, ok, err)
	}
}
