package encodetest

import (
	"bytes"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/internal/needs"
)

func (r run) testPieces(t *testing.T) {
	format, ok := r.Format.(driver.Pieces)
	if !ok {
		t.Skip("this format has no pieces")
	}
	_, first := format.Span(r.rate, 0)
	second, _ := format.Span(r.rate, 1)
	whole := Speechlike(r.rate, int(2*first)+777)
	for _, n := range []int64{0, 1, max(second-1, 0), second + 1, first - 1, first, first + 1, int64(len(whole))} {
		frames := whole[:n]
		want := r.encode(t, frames, -1)
		if !bytes.Equal(r.encode(t, frames, n), want) {
			t.Errorf("%d frames: other bytes when the length is known", n)
		}
		pieces := make([][]byte, format.Count(r.rate, n))
		for i := range slices.Backward(pieces) {
			from, to := format.Span(r.rate, i)
			pieces[i] = r.piece(t, format, i, n, frames[min(from, n):min(to, n)])
			if to <= n && !bytes.Equal(pieces[i], r.piece(t, format, i, -1, frames[from:to])) {
				t.Errorf("%d frames: piece %d is another one when the end is known", n, i)
			}
		}
		var file bytes.Buffer
		err := format.Mux(&file, r.rate, n, func(i int) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(pieces[i])), nil
		})
		if err != nil || !bytes.Equal(file.Bytes(), want) {
			t.Errorf("%d frames: %d pieces give %d bytes that are not the file of %d; %v", n, len(pieces), file.Len(), len(want), err)
		}
	}
	r.pieceAnywhere(t, format, whole)
	r.refusePieces(t, format, whole[:first])
}

func (r run) piece(t *testing.T, format driver.Pieces, i int, n audio.Frames, span []float32) []byte {
	t.Helper()
	var piece bytes.Buffer
	enc, err := format.NewPiece(&piece, r.rate, i, n)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(enc.Encode(span), enc.Close()); err != nil {
		t.Fatalf("piece %d of %d frames: %v", i, n, err)
	}
	return piece.Bytes()
}

// pieceAnywhere gives pieces the same frames, some of them silence.
func (r run) pieceAnywhere(t *testing.T, format driver.Pieces, sound []float32) {
	length := func(i int) int {
		from, to := format.Span(r.rate, i)
		return int(to - from)
	}
	n := length(1)
	for name, span := range map[string][]float32{"sound": sound[:n], "silence": make([]float32, n)} {
		want := r.piece(t, format, 1, -1, span)
		for _, i := range []int{2, 3, 1000} {
			if length(i) == n && !bytes.Equal(r.piece(t, format, i, -1, span), want) {
				t.Errorf("%s: piece %d is not piece 1", name, i)
			}
		}
	}
}

// refusePieces gives what must fail: too few frames, too many, a writer that
// is full, pieces that are cut off, and one that cannot be opened.
func (r run) refusePieces(t *testing.T, format driver.Pieces, span []float32) {
	open := func(w io.Writer, frames []float32) error {
		enc, err := format.NewPiece(w, r.rate, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		return errors.Join(enc.Encode(frames), enc.Close())
	}
	if open(io.Discard, span[1:]) == nil {
		t.Error("a piece with a frame too few was taken")
	}
	if open(io.Discard, append(slices.Clone(span), make([]float32, r.rate)...)) == nil {
		t.Error("a piece with a second too much was taken")
	}
	if err := open(&fullWriter{100}, span); !errors.Is(err, errFull) {
		t.Errorf("a piece on a full writer: %v", err)
	}
	n := int64(len(span)) / 2
	piece := r.piece(t, format, 0, n, span[:n])
	for _, cut := range []int{0, 1, len(piece) / 2, len(piece) - 1} {
		err := format.Mux(io.Discard, r.rate, n, func(int) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(piece[:cut])), nil
		})
		if err == nil {
			t.Errorf("Mux took a piece of %d bytes of %d", cut, len(piece))
		}
	}
	gone := errors.New("gone")
	if err := format.Mux(io.Discard, r.rate, n, func(int) (io.ReadCloser, error) { return nil, gone }); !errors.Is(err, gone) {
		t.Errorf("Mux of pieces that are gone: %v", err)
	}
}

// What a joint may cost, against the same sound without one: a codec's bits
// fall elsewhere, but not much worse, and nothing clicks.
const (
	jointTime  = 0.3 // seconds on both sides
	jointLoss  = 1.5 // dB of the SNR of that time
	jointClick = 2.0 // times the greatest error of that time, next to the joint
)

// testJoints compares a file of pieces with one of the same codec that was
// encoded in one go: at the joints it must be as good.
func (r run) testJoints(t *testing.T) {
	format, ok := r.Format.(driver.Pieces)
	if !ok {
		t.Skip("this format has no pieces")
	}
	if len(r.Decoders) == 0 || r.Whole == nil {
		t.Fatal("the harness does not say what to compare with")
	}
	d := r.Decoders[0]
	needs.Program(t, d.Tool)
	_, first := format.Span(r.rate, 0)
	sound := Speechlike(r.rate, int(8*first))
	decode := func(r run) []float32 {
		path := filepath.Join(t.TempDir(), "sound")
		if err := os.WriteFile(path, r.encode(t, sound, int64(len(sound))), 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := d.Decode(path, r.rate)
		if err != nil || len(got) < len(sound) {
			t.Fatalf("%d frames of %d, %v", len(got), len(sound), err)
		}
		return got
	}
	joined := decode(r)
	r.Format = r.Whole
	whole := decode(r)

	around := int(jointTime * float64(r.rate))
	for i := 1; i < format.Count(r.rate, int64(len(sound))); i++ {
		_, end := format.Span(r.rate, i-1)
		from, to := max(int(end)-around, 0), min(int(end)+around, len(sound))
		before, after := snr(sound[from:to], whole[from:to]), snr(sound[from:to], joined[from:to])
		if after < before-jointLoss {
			t.Errorf("joint %d: an SNR of %.1f dB, %.1f without a joint", i, after, before)
		}
		// A decoder reaches the joint up to two blocks before the span's end.
		near := max(from, int(end)-around/2)
		usual, click := worst(sound[from:to], whole[from:to]), worst(sound[near:to], joined[near:to])
		if click > jointClick*usual {
			t.Errorf("joint %d: an error of %.3f, %.3f without a joint", i, click, usual)
		}
		t.Logf("joint %d: SNR %.1f dB, worst error %.3f; without a joint %.1f dB, %.3f", i, after, click, before, usual)
	}
}

// worst is the greatest error of a decoded sound.
func worst(sound, decoded []float32) (e float32) {
	for i := range sound {
		e = max(e, sound[i]-decoded[i], decoded[i]-sound[i])
	}
	return e
}

// Speechlike is n frames of buzzes with moving pitch and formants, hisses and
// pauses, the same at every call: what codecs for speech expect.
func Speechlike(rate audio.SampleRate, n int) []float32 {
	random := rand.New(rand.NewPCG(1, 2))
	frames := make([]float32, n)
	var phase, low, band, level, target, pitch, formant, hiss float64
	next := 0
	for i := range frames {
		if i == next { // a new sound every 80 to 240 ms
			next += int(rate) * (80 + random.IntN(160)) / 1000
			pitch, formant = 90+110*random.Float64(), 300+900*random.Float64()
			target = []float64{0, 0.3, 0.5, 0.7}[random.IntN(4)]
			hiss = []float64{0.02, 0.02, 0.6}[random.IntN(3)]
		}
		level += (target - level) * 200 / float64(rate)
		phase += pitch / float64(rate)
		phase -= math.Floor(phase)
		pulse := (1-hiss)*(math.Exp(-12*phase)-0.08) + hiss*0.3*random.NormFloat64()
		// a resonance at the formant
		f := 2 * math.Sin(math.Pi*formant/float64(rate))
		low += f * band
		band += f * (pulse - low - 0.25*band)
		frames[i] = float32(max(-0.95, min(0.95, level*(band+0.3*pulse))))
	}
	return frames
}
