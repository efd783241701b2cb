package dsp_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/dsp"
)

func profile(t testing.TB, id string) dsp.Effect {
	t.Helper()
	effect, ok := dsp.Profile(id)
	if !ok {
		t.Fatalf("no profile %s", id)
	}
	return effect
}

// response is the gain of an effect for a soft sine of hertz, in dB.
func response(t testing.TB, effect dsp.Effect, rate audio.SampleRate, hertz float64) float64 {
	soft := dsp.Gain(sine(rate, hertz, 2*int(rate)).Stream(), -60)
	got := readAll(t, effect(soft))
	return dB(tonePower(got[rate:], rate, hertz)/0.125) + 60
}

func TestProfilesAreKnown(t *testing.T) {
	if ids := dsp.Profiles(); len(ids) != 8 {
		t.Errorf("%d profiles: %v", len(ids), ids)
	}
	for _, id := range dsp.Profiles() {
		profile(t, id)
		if text, ok := dsp.DescribeProfile(id); !ok || text.ID != id || text.Purpose == "" || text.Equalizer == "" || text.Dynamics == "" {
			t.Errorf("%s is described as %+v", id, text)
		}
	}
	if _, ok := dsp.Profile("toaster-class-device"); ok {
		t.Error("toasters have a profile")
	}
}

// A telephone line passes 300 to 3,400 Hz: -3 dB there, and little outside.
func TestTelephonyProfile(t *testing.T) {
	effect := profile(t, "telephony-class-application")
	for _, rate := range []audio.SampleRate{8000, 16000, 24000, 48000} {
		at := func(hertz float64) float64 { return response(t, effect, rate, hertz) - response(t, effect, rate, 1000) }
		for _, edge := range []float64{300, 3400} {
			if got := at(edge); math.Abs(got+3) > 0.2 {
				t.Errorf("%v: %.0f Hz is at %.2f dB, want -3", rate, edge, got)
			}
		}
		if got := at(60); got > -20 {
			t.Errorf("%v: 60 Hz is at %.1f dB, want -20 or less", rate, got)
		}
		if rate > 8000 {
			if got := at(6000); got > -20 {
				t.Errorf("%v: 6 kHz is at %.1f dB, want -20 or less", rate, got)
			}
		}
		for _, inside := range []float64{500, 800, 2000, 2500} {
			if got := at(inside); math.Abs(got) > 2 {
				t.Errorf("%v: %.0f Hz is at %.1f dB", rate, inside, got)
			}
		}
	}
}

// The same curve at every rate, as far as it goes.
func TestProfilesDoNotDependOnTheRate(t *testing.T) {
	for _, id := range dsp.Profiles() {
		effect := profile(t, id)
		for _, hertz := range []float64{60, 150, 400, 1000, 2500} {
			want := response(t, effect, 48000, hertz)
			for _, rate := range []audio.SampleRate{16000, 22050, 24000} {
				if got := response(t, effect, rate, hertz); math.Abs(got-want) > 0.6 {
					t.Errorf("%s at %v: %.0f Hz is at %.1f dB, at 48 kHz %.1f", id, rate, hertz, got, want)
				}
			}
		}
	}
}

func TestProfilesSuitTheirDevices(t *testing.T) {
	for _, c := range []struct {
		id            string
		hertz         float64
		lowest, above float64 // dB against 1 kHz
	}{
		{"wearable-class-device", 60, -40, -15}, {"wearable-class-device", 2800, 2, 6},
		{"handset-class-device", 60, -40, -10}, {"handset-class-device", 2500, 1.5, 5},
		{"headphone-class-device", 60, 1, 3}, {"headphone-class-device", 5000, -1.5, 1.5},
		{"small-bluetooth-speaker-class-device", 50, -30, -10}, {"small-bluetooth-speaker-class-device", 220, 1, 4},
		{"medium-bluetooth-speaker-class-device", 120, 1, 4}, {"medium-bluetooth-speaker-class-device", 30, -20, -6},
		{"large-home-entertainment-class-device", 60, 1, 4}, {"large-home-entertainment-class-device", 10000, 1, 3},
		{"large-automotive-class-device", 100, 2, 5}, {"large-automotive-class-device", 2500, 2, 5},
	} {
		effect := profile(t, c.id)
		if got := response(t, effect, 48000, c.hertz) - response(t, effect, 48000, 1000); got < c.lowest || got > c.above {
			t.Errorf("%s: %.0f Hz is at %.1f dB against 1 kHz, want %v to %v", c.id, c.hertz, got, c.lowest, c.above)
		}
	}
}

func TestProfilesKeepTheLoudnessOfSpeech(t *testing.T) {
	for _, voice := range []string{"slt", "rms", "en-us"} {
		sound := spoken(t, voice, prose)
		lufs, _, err := dsp.Loudness(sound.Stream())
		if err != nil {
			t.Fatal(err)
		}
		even := audio.Buffer{Rate: sound.Rate, Samples: readAll(t, dsp.Gain(sound.Stream(), -20-lufs))}
		_, before, _ := dsp.Loudness(even.Stream())
		for _, id := range dsp.Profiles() {
			lufs, peak, err := dsp.Loudness(profile(t, id)(even.Stream()))
			t.Logf("%s, %s: %+.1f LU, peak %+.1f dB", voice, id, lufs+20, peak-before)
			if err != nil || math.Abs(lufs+20) > 2 || peak-before > 4 {
				t.Errorf("%s, %s: %.1f LUFS, peak %+.1f dB, %v", voice, id, lufs, peak-before, err)
			}
		}
	}
}

func TestProfilesDoNotDependOnBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom(dsp.Profiles()).Draw(t, "profile")
		effect, _ := dsp.Profile(id)
		sound := drawSound(t, drawRate(t, "rate"), 5000)
		want := readAll(t, effect(sound.Stream()))
		if len(want) != len(sound.Samples) {
			t.Fatalf("%d frames became %d", len(sound.Samples), len(want))
		}
		source := &jerky{Stream: sound.Stream(), sizes: rapid.SliceOfN(rapid.IntRange(1, 900), 1, 5).Draw(t, "source")}
		if got := inBlocks(t, effect(source)); !slices.Equal(got, want) {
			t.Fatal("other frames in blocks than at once")
		}
	})
}

func BenchmarkProfile(b *testing.B) {
	sound := vowel(24000, 10, gliding, 600, 1200, 2500)
	for _, id := range []string{"headphone-class-device", "large-automotive-class-device", "telephony-class-application"} {
		b.Run(id, func(b *testing.B) { benchmark(b, sound, profile(b, id)) })
	}
}
