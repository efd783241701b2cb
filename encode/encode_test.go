package encode_test

import (
	"bytes"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/fault"
)

func catalogue() *encode.Catalogue {
	return encode.NewCatalogue(wav.Linear16(), pcm.Format(), wav.MuLaw(), opusLike{pcm.Format()})
}

// opusLike is PCM under another name that carries some rates only and whose
// parts do not join.
type opusLike struct{ driver.Format }

func (opusLike) Name() string { return "OPUS_LIKE" }

func (opusLike) CanCarry(rate audio.SampleRate) bool {
	return rate == 8000 || rate == 12000 || rate >= 16000 && rate <= 16002 || rate == 48000
}

func lookup(t *testing.T, name string) encode.Format {
	t.Helper()
	f, err := catalogue().Lookup(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestLookup(t *testing.T) {
	if got := lookup(t, "MULAW").Name(); got != "MULAW" {
		t.Errorf("Lookup(MULAW) is named %q", got)
	}
	_, err := catalogue().Lookup("MP3")
	const want = `encoding: This server does not write the encoding "MP3". ` +
		`Use one of: LINEAR16, PCM, MULAW, OPUS_LIKE.`
	if f := fault.From(err); f.Code != fault.InvalidArgument || f.Public() != want {
		t.Errorf("Lookup(MP3): %v %q, want INVALID_ARGUMENT %q", f.Code, f.Public(), want)
	}
}

func TestLookupOfAMissingFormat(t *testing.T) {
	c := encode.NewCatalogue(pcm.Format(), driver.Missing{Encoding: "MP3", Advice: "Build it in."})
	_, err := c.Lookup("MP3")
	const want = "encoding: This server was built without the encoding MP3. Build it in."
	if f := fault.From(err); f.Code != fault.Unimplemented || f.Public() != want {
		t.Errorf("Lookup(MP3): %v %q, want UNIMPLEMENTED %q", f.Code, f.Public(), want)
	}
	if got := c.Names(); len(got) != 1 || got[0] != "PCM" {
		t.Errorf("the names are %v, want PCM alone", got)
	}
	if (driver.Missing{}).CanCarry(8000) {
		t.Error("a missing format carries sound")
	}
	if _, err := (driver.Missing{Encoding: "MP3", Advice: "Build it in."}).NewEncoder(io.Discard, 8000, -1); err == nil {
		t.Error("a missing format encodes")
	}
}

func TestTwoFormatsOfOneNamePanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("NewCatalogue took two formats of one name")
		}
	}()
	encode.NewCatalogue(pcm.Format(), pcm.Format())
}

func TestCheckRate(t *testing.T) {
	for _, c := range []struct {
		name    string
		rate    audio.SampleRate
		message string
	}{
		{"LINEAR16", 8000, ""},
		{"LINEAR16", 22050, ""},
		{"LINEAR16", 48000, ""},
		{"LINEAR16", 7999, "LINEAR16 cannot carry 7999 Hz. It carries 8000 to 48000 Hz."},
		{"LINEAR16", 48001, "LINEAR16 cannot carry 48001 Hz. It carries 8000 to 48000 Hz."},
		{"LINEAR16", -1, "LINEAR16 cannot carry -1 Hz. It carries 8000 to 48000 Hz."},
		{"OPUS_LIKE", 16001, ""},
		{"OPUS_LIKE", 24000, "OPUS_LIKE cannot carry 24000 Hz. It carries 8000, 12000, 16000 to 16002 or 48000 Hz."},
	} {
		f := lookup(t, c.name)
		_, newErr := f.NewEncoder(io.Discard, c.rate, -1)
		for _, err := range []error{f.CheckRate(c.rate), newErr} {
			switch {
			case c.message == "" && err != nil:
				t.Errorf("%s at %v: %v", c.name, c.rate, err)
			case c.message != "" && !fault.Is(err, fault.InvalidArgument):
				t.Errorf("%s at %v: %v, want INVALID_ARGUMENT", c.name, c.rate, err)
			case c.message != "":
				if f := fault.From(err); f.Message != c.message || f.Field != encode.FieldSampleRate {
					t.Errorf("%s at %v: %s: %q, want %q", c.name, c.rate, f.Field, f.Message, c.message)
				}
			}
		}
	}
}

func TestRateFor(t *testing.T) {
	for _, c := range []struct {
		name          string
		natural, want audio.SampleRate
	}{
		{"LINEAR16", 22050, 22050}, {"LINEAR16", 4000, 8000}, {"LINEAR16", 96000, 48000},
		{"OPUS_LIKE", 8000, 8000}, {"OPUS_LIKE", 8001, 12000}, {"OPUS_LIKE", 16001, 16001},
		{"OPUS_LIKE", 22050, 48000}, {"OPUS_LIKE", 96000, 48000},
	} {
		if got := lookup(t, c.name).RateFor(c.natural); got != c.want {
			t.Errorf("%s.RateFor(%v) = %v, want %v", c.name, c.natural, got, c.want)
		}
	}
}

func TestEncoderHoldsTheCallerToItsLength(t *testing.T) {
	f := lookup(t, "LINEAR16")
	var file bytes.Buffer
	enc, err := f.NewEncoder(&file, 8000, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := enc.Encode(make([]float32, 2)); err != nil {
		t.Fatal(err)
	}
	if err := enc.Encode(make([]float32, 2)); !errors.Is(err, encode.ErrLength) {
		t.Errorf("a fourth frame of three: %v, want ErrLength", err)
	}
	if err := enc.Close(); !errors.Is(err, encode.ErrLength) {
		t.Errorf("Close after it: %v, want ErrLength", err)
	}

	enc, err = f.NewEncoder(io.Discard, 8000, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := enc.Close(); !errors.Is(err, encode.ErrLength) {
		t.Errorf("Close after 0 frames of 3: %v, want ErrLength", err)
	}
}

func TestEncodeAfterCloseFails(t *testing.T) {
	enc, err := lookup(t, "PCM").NewEncoder(io.Discard, 8000, -1)
	if err != nil {
		t.Fatal(err)
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	if enc.Encode(make([]float32, 1)) == nil {
		t.Error("a closed encoder took a frame")
	}
}

func TestCopyEncodesAWholeStream(t *testing.T) {
	var file bytes.Buffer
	enc, err := lookup(t, "PCM").NewEncoder(&file, 8000, -1)
	if err != nil {
		t.Fatal(err)
	}
	if err := enc.Copy(audio.Silence(8000, 10_001)); err != nil {
		t.Fatal(err)
	}
	if err := enc.Close(); err != nil {
		t.Fatal(err)
	}
	if enc.Frames() != 10_001 || file.Len() != 20_002 {
		t.Errorf("Copy of 10001 frames: Frames() = %d, %d bytes", enc.Frames(), file.Len())
	}
}

// TestAnEncoderIsWatched: silence counts, and nothing is told of nothing.
func TestAnEncoderIsWatched(t *testing.T) {
	enc, err := lookup(t, "PCM").NewEncoder(io.Discard, 8000, -1)
	if err != nil {
		t.Fatal(err)
	}
	var seen []audio.Frames
	enc.Watch(func(frames audio.Frames) { seen = append(seen, frames) })
	if err := errors.Join(enc.Encode(make([]float32, 100)), enc.Encode(nil), enc.Copy(audio.Silence(8000, 1000)), enc.CopyFrames(audio.Silence(8000, 5)), enc.Close()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen, []audio.Frames{100, 1100, 1105}) {
		t.Errorf("seen %v", seen)
	}
}

type failing struct{ error }

func (failing) SampleRate() audio.SampleRate  { return 8000 }
func (f failing) Read([]float32) (int, error) { return 0, f.error }
func (f failing) Write([]byte) (int, error)   { return 0, f.error }

func TestErrorsOfOthersPassThrough(t *testing.T) {
	broken := errors.New("broken")
	enc, err := lookup(t, "PCM").NewEncoder(io.Discard, 8000, -1)
	if err != nil {
		t.Fatal(err)
	}
	if err := enc.Copy(failing{broken}); err != broken {
		t.Errorf("Copy of a broken stream: %v", err)
	}
	if _, err := lookup(t, "LINEAR16").NewEncoder(failing{broken}, 8000, -1); !errors.Is(err, broken) {
		t.Errorf("NewEncoder on a broken writer: %v", err)
	}
	enc, _ = lookup(t, "PCM").NewEncoder(failing{broken}, 8000, -1)
	for range 2 {
		if err := enc.Encode(make([]float32, 1)); !errors.Is(err, broken) {
			t.Errorf("Encode on a broken writer: %v", err)
		}
	}
	if err := enc.Close(); !errors.Is(err, broken) {
		t.Errorf("Close after a failed Encode: %v", err)
	}
}

func TestPartsJoin(t *testing.T) {
	const rate = 24000
	for _, name := range []string{"LINEAR16", "PCM", "MULAW"} {
		f := lookup(t, name)
		parts := f.Parts()
		if !f.Joins() {
			t.Fatalf("%s cannot join", name)
		}
		for _, frames := range []int64{0, 1, 2, 777} {
			var file bytes.Buffer
			enc, err := f.NewEncoder(&file, rate, frames)
			if err != nil {
				t.Fatal(err)
			}
			if err := errors.Join(enc.Copy(audio.Silence(rate, frames)), enc.Close()); err != nil {
				t.Fatal(err)
			}
			header, err := parts.Header(rate, frames)
			if got := int64(len(header)) + parts.Size(rate, frames) + int64(len(parts.Trailer(rate, frames))); err != nil || got != int64(file.Len()) {
				t.Errorf("%s: header, parts and trailer of %d frames are %d bytes, the file has %d; %v", name, frames, got, file.Len(), err)
			}
		}
		if _, err := parts.Header(1, 0); !fault.Is(err, fault.InvalidArgument) {
			t.Errorf("%s: Header at 1 Hz: %v", name, err)
		}
		if _, err := parts.NewEncoder(io.Discard, 1); !fault.Is(err, fault.InvalidArgument) {
			t.Errorf("%s: a part at 1 Hz: %v", name, err)
		}
	}
}

// Where bodies do not join, parts are sound, at the rates of the format.
func TestPartsOfWhatDoesNotJoinAreSound(t *testing.T) {
	f := lookup(t, "OPUS_LIKE")
	if f.Joins() {
		t.Error("a format that cannot join says that it can")
	}
	parts := f.Parts()
	header, err := parts.Header(8000, 3)
	if err != nil || len(header) > 0 || len(parts.Trailer(8000, 3)) > 0 || parts.Size(8000, 3) != 6 {
		t.Errorf("% x, %v, % x, %d bytes", header, err, parts.Trailer(8000, 3), parts.Size(8000, 3))
	}
	var part bytes.Buffer
	enc, err := parts.NewEncoder(&part, 8000)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(enc.Encode([]float32{0.5, -0.5, 0}), enc.Close()); err != nil || !bytes.Equal(part.Bytes(), []byte{0, 0x40, 0, 0xc0, 0, 0}) {
		t.Errorf("% x, %v", part.Bytes(), err)
	}
	if _, err := parts.NewEncoder(io.Discard, 24000); !fault.Is(err, fault.InvalidArgument) {
		t.Errorf("a part at a rate that the format cannot carry: %v", err)
	}
}
