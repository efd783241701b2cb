package dsp_test

import (
	"io"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

// opening is a stream that tells of being opened and closed.
type opening struct {
	audio.Stream
	closed *int
}

func (o opening) Close() error { *o.closed++; return nil }

func opener(b audio.Buffer, opened, closed *int) func() (audio.Stream, error) {
	return func() (audio.Stream, error) {
		*opened++
		return opening{b.Stream(), closed}, nil
	}
}

func plain(samples ...float32) func() (audio.Stream, error) {
	return func() (audio.Stream, error) { return buffer(samples...).Stream(), nil }
}

func TestMix(t *testing.T) {
	for _, c := range []struct {
		name   string
		tracks []dsp.Track
		want   []float32
	}{
		{"nothing", nil, nil},
		{"one", []dsp.Track{{Open: plain(1, 2)}}, []float32{1, 2}},
		{"silence before", []dsp.Track{{Start: 2, Open: plain(1)}}, []float32{0, 0, 1}},
		{"overlap", []dsp.Track{{Start: 1, Open: plain(1, 1, 1)}, {Start: 2, Open: plain(2)}}, []float32{0, 1, 3, 1}},
		{"a gap", []dsp.Track{{Start: 4, Open: plain(5)}, {Open: plain(1)}}, []float32{1, 0, 0, 0, 5}},
		{"gain", []dsp.Track{{Open: plain(1), Gain: 20}}, []float32{10}},
		{"cut", []dsp.Track{{Open: plain(1, 2, 3), Length: 2}}, []float32{1, 2}},
		{"before the mix", []dsp.Track{{Start: -2, Open: plain(1, 2, 3)}}, []float32{3}},
		{"all before the mix", []dsp.Track{{Start: -9, Open: plain(1, 2, 3)}}, nil},
		{"empty tracks", []dsp.Track{{Open: plain()}, {Start: 2, Open: plain()}}, []float32{0, 0}},
	} {
		if got := readAll(t, dsp.Mix(1000, c.tracks)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestMixOpensLateAndCloses(t *testing.T) {
	opened, closed := 0, 0
	m := dsp.Mix(1000, []dsp.Track{
		{Open: opener(buffer(1, 1), &opened, &closed)},
		{Start: 3, Open: opener(buffer(1, 1, 1), &opened, &closed)},
		{Start: 100, Open: opener(buffer(1), &opened, &closed)},
	})
	if opened != 0 {
		t.Error("a track was opened before the first Read")
	}
	block := make([]float32, 1)
	for i, want := range []struct{ opened, closed int }{{1, 0}, {1, 0}, {1, 1}, {2, 1}, {2, 1}, {2, 1}, {2, 2}} {
		if n, err := m.Read(block); n != 1 || err != nil {
			t.Fatalf("frame %d: %d, %v", i, n, err)
		}
		if opened != want.opened || closed != want.closed {
			t.Errorf("after frame %d %d were opened and %d closed, want %v", i, opened, closed, want)
		}
	}
}

func TestMixClosedEarly(t *testing.T) {
	opened, closed := 0, 0
	m := dsp.Mix(1000, []dsp.Track{
		{Open: opener(buffer(1, 1, 1), &opened, &closed)}, {Open: opener(buffer(1, 1, 1), &opened, &closed)},
		{Start: 2, Open: opener(buffer(1, 1, 1), &opened, &closed)},
	})
	if _, err := m.Read(make([]float32, 1)); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := m.(io.Closer).Close(); err != nil {
			t.Error(err)
		}
	}
	if opened != 2 || closed != 2 {
		t.Errorf("%d opened, %d closed, want 2 and 2", opened, closed)
	}
	if n, err := m.Read(make([]float32, 1)); n != 0 || err != io.EOF {
		t.Errorf("Read after Close = %d, %v", n, err)
	}
}

func TestMixErrors(t *testing.T) {
	failing := func() (audio.Stream, error) { return breaking{buffer(1, 1, 1).Stream()}, nil }
	opened, closed := 0, 0
	m := dsp.Mix(1000, []dsp.Track{
		{Open: opener(buffer(1, 1, 1, 1, 1, 1, 1, 1), &opened, &closed)},
		{Start: 1, Open: failing},
		{Start: 2, Open: opener(buffer(1, 1, 1, 1, 1, 1, 1, 1), &opened, &closed)},
	})
	got, err := audio.ReadAll(m)
	if want := []float32{1, 2, 3, 3}; err != errBroken || !slices.Equal(got.Samples, want) {
		t.Errorf("%v, %v; want %v and the track's error", got.Samples, err, want)
	}
	if n, err := m.Read(make([]float32, 1)); n != 0 || err != errBroken {
		t.Errorf("Read after the error = %d, %v", n, err)
	}
	if opened != 2 || closed != 2 {
		t.Errorf("%d opened, %d closed", opened, closed)
	}
	if _, err := audio.ReadAll(dsp.Mix(2000, []dsp.Track{{Open: plain(1)}})); err == nil {
		t.Error("a track of another rate was mixed")
	}
}

func TestMixDoesNotDependOnBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var tracks []dsp.Track
		for range rapid.IntRange(0, 5).Draw(t, "tracks") {
			sound := drawSound(t, 16000, 3000)
			tracks = append(tracks, dsp.Track{
				Start: int64(rapid.IntRange(-500, 4000).Draw(t, "start")), Gain: rapid.Float64Range(-10, 10).Draw(t, "gain"),
				FadeIn: int64(rapid.IntRange(0, 4000).Draw(t, "in")), FadeOut: int64(rapid.IntRange(0, 4000).Draw(t, "out")),
				Open: func() (audio.Stream, error) {
					return &jerky{Stream: sound.Stream(), sizes: []int{7, 900, 300}}, nil
				},
			})
		}
		want := readAll(t, dsp.Mix(16000, tracks))
		if got := inBlocks(t, dsp.Mix(16000, tracks)); !slices.Equal(got, want) {
			t.Fatalf("in blocks %d frames, at once %d, or other ones", len(got), len(want))
		}
	})
}

func TestFadeInOut(t *testing.T) {
	ones := slices.Repeat([]float32{1}, 1000)
	sound := audio.Buffer{Rate: 1000, Samples: ones}
	for _, length := range []int64{0, 1000} {
		got := readAll(t, dsp.FadeInOut(sound.Stream(), 100, 300, length))
		if len(got) != 1000 || got[0] > 0.001 || got[999] > 0.001 || got[100] != 1 || got[699] != 1 {
			t.Errorf("length %d: %d frames, from %v to %v", length, len(got), got[0], got[len(got)-1])
		}
		if mid := got[50]; math.Abs(float64(mid)-0.5) > 0.01 {
			t.Errorf("length %d: the fade in is at %v in its middle", length, mid)
		}
		if mid := got[849]; math.Abs(float64(mid)-0.5) > 0.01 {
			t.Errorf("length %d: the fade out is at %v in its middle", length, mid)
		}
		// Longer than the sound: the level is never reached, or not to begin with.
		got = readAll(t, dsp.FadeInOut(sound.Stream(), 2000, 0, length))
		if got[0] > 0.001 || math.Abs(float64(got[999])-0.5) > 0.01 {
			t.Errorf("length %d: a fade in of twice the length goes from %v to %v", length, got[0], got[999])
		}
		got = readAll(t, dsp.FadeInOut(sound.Stream(), 0, 2000, length))
		if math.Abs(float64(got[0])-0.5) > 0.01 || got[999] > 0.001 {
			t.Errorf("length %d: a fade out of twice the length goes from %v to %v", length, got[0], got[999])
		}
	}
	if got := readAll(t, dsp.FadeInOut(sound.Stream(), 0, 100, 500)); len(got) != 500 || got[499] > 0.001 || got[399] != 1 {
		t.Errorf("cut at 500: %d frames, the last %v", len(got), got[len(got)-1])
	}
	s := sound.Stream()
	if dsp.FadeInOut(s, 0, 0, 0) != s {
		t.Error("no fade made another stream")
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		from, to int64
		want     []float32
	}{
		{0, -1, []float32{1, 2, 3, 4}}, {1, 3, []float32{2, 3}}, {0, 9, []float32{1, 2, 3, 4}},
		{2, -1, []float32{3, 4}}, {4, -1, nil}, {9, -1, nil}, {3, 3, nil}, {3, 1, nil}, {-5, 2, []float32{1, 2}},
	} {
		if got := readAll(t, dsp.Clip(buffer(1, 2, 3, 4).Stream(), c.from, c.to)); !slices.Equal(got, c.want) {
			t.Errorf("from %d to %d: %v, want %v", c.from, c.to, got, c.want)
		}
	}
	// What lies behind the end is not read: the source would fail there.
	if got := readAll(t, dsp.Clip(breaking{buffer(1, 2).Stream()}, 0, 2)); len(got) != 2 {
		t.Errorf("%v", got)
	}
}

func TestRepeat(t *testing.T) {
	for _, c := range []struct {
		count      int
		most       int64
		want       []float32
		opened     int
		openedMost int
	}{
		{3, -1, []float32{1, 2, 1, 2, 1, 2}, 3, 3}, {1, -1, []float32{1, 2}, 1, 1}, {0, -1, nil, 0, 0},
		{10, 5, []float32{1, 2, 1, 2, 1}, 3, 3}, {2, 9, []float32{1, 2, 1, 2}, 2, 2}, {2, 0, nil, 0, 0},
	} {
		opened, closed := 0, 0
		got := readAll(t, dsp.Repeat(1000, opener(buffer(1, 2), &opened, &closed), c.count, c.most))
		if !slices.Equal(got, c.want) || opened != c.opened || closed != c.opened {
			t.Errorf("%d times, at most %d: %v, opened %d times, closed %d; want %v", c.count, c.most, got, opened, closed, c.want)
		}
	}
	opened, closed := 0, 0
	if got := readAll(t, dsp.Repeat(1000, opener(buffer(), &opened, &closed), math.MaxInt, -1)); len(got) != 0 || opened != 1 || closed != 1 {
		t.Errorf("nothing, repeated for ever: %d frames, opened %d times, closed %d", len(got), opened, closed)
	}
}

func TestBleep(t *testing.T) {
	got := readAll(t, dsp.Bleep(24000, 24000))
	if len(got) != 24000 {
		t.Fatalf("%d frames", len(got))
	}
	if p := tonePower(got[2400:21600], 24000, 1000); math.Abs(dB(p)+15.05) > 0.1 {
		t.Errorf("1 kHz is at %.1f dB, want -15.05", dB(p))
	}
	if got[0] > 0.01 || got[len(got)-1] > 0.01 {
		t.Error("the ends are not faded")
	}
}

func BenchmarkMix(b *testing.B) {
	sound := sine(24000, 440, 10*24000)
	open := func() (audio.Stream, error) { return sound.Stream(), nil }
	benchmark(b, sound, func(audio.Stream) audio.Stream {
		return dsp.Mix(24000, []dsp.Track{
			{Open: open, FadeIn: 24000, FadeOut: 48000}, {Start: 24000, Open: open, Gain: -6, Length: 216000}, {Start: 48000, Open: open, FadeOut: 4800, Length: 192000},
		})
	})
}
