package vocoder

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"sync"
	"testing"
)

// sound reads the frames from one up to another, in blocks.
func sound(t testing.TB, v *Vocoder, e example, from, to, block int) []float32 {
	t.Helper()
	v.Start(e.spectrum(), 7, from, to)
	var all []float32
	p := make([]float32, block)
	for {
		n, err := v.Read(p)
		all = append(all, p[:n]...)
		if err == io.EOF && n == 0 {
			return all
		}
		if err != nil || n == 0 {
			t.Fatalf("Read returned %d, %v", n, err)
		}
	}
}

// TestReference compares with the definition, also where all is edge and where
// one kind of sound is alone.
func TestReference(t *testing.T) {
	compare := func(name string, s example) {
		got, want := sound(t, New(), s, 0, len(s.pitch), 4096), reference(s, 7)
		if len(got) != len(want) {
			t.Fatalf("%s: %d samples, not %d", name, len(got), len(want))
		}
		if dB := decibels(got, want); !(dB < -90) {
			t.Errorf("%s: wrong by %.1f dB", name, dB)
		} else {
			t.Logf("%s: %.1f dB", name, dB)
		}
	}
	for _, frames := range []int{1, 2, 3, 4, 5, 6, 19, 60} {
		s := exampleOf(frames)
		if frames < 10 {
			for k := range s.pitch {
				s.pitch[k] = float32(100 + 7*k)
			}
		}
		compare(fmt.Sprintf("%d frames", frames), s)
	}
	s := exampleOf(25)
	s.silence(noiseLog)
	s.silence(residualLog)
	compare("harmonics", s)
	s = exampleOf(25)
	s.silence(harmonicLog)
	s.silence(residualLog)
	compare("noise", s)
	s = exampleOf(25)
	s.silence(harmonicLog)
	s.silence(noiseLog)
	compare("residual", s)
	s = exampleOf(25)
	clear(s.pitch)
	compare("unvoiced", s)
}

// TestSame reads the same samples in blocks of any size, at the same time, and
// from a Vocoder that made other things before.
func TestSame(t *testing.T) {
	s := exampleOf(70)
	want := sound(t, New(), s, 0, len(s.pitch), 100_000)
	if len(want) != len(s.pitch)*Hop {
		t.Fatalf("%d samples", len(want))
	}
	used := New()
	for _, block := range []int{1, 7, 299, 300, 4096} {
		used.Start(exampleOf(9).spectrum(), 1, 0, 9)
		if _, err := used.Read(make([]float32, 10)); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(sound(t, used, s, 0, len(s.pitch), block), want) {
			t.Errorf("blocks of %d read something else", block)
		}
	}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if !slices.Equal(sound(t, New(), s, 0, len(s.pitch), 1000), want) {
				t.Error("another goroutine read something else")
			}
		})
	}
	group.Wait()
	used.Start(s.spectrum(), 8, 0, len(s.pitch))
	other := make([]float32, 600)
	if n, _ := used.Read(other); n == 0 || slices.Equal(other[:n], want[:n]) {
		t.Error("another seed made no other noise")
	}
}

// TestPart wants a part to be that of the whole.
func TestPart(t *testing.T) {
	v := New()
	for _, frames := range []int{1, 2, 3, 5, 40} {
		s := exampleOf(frames)
		for k := range s.pitch {
			if k > 20 || frames < 10 {
				s.pitch[k] = 150
			}
		}
		want := sound(t, v, s, 0, frames, 1000)
		for from := range frames + 1 {
			for to := from; to <= frames; to++ {
				if got := sound(t, v, s, from, to, 1000); !slices.Equal(got, want[from*Hop:to*Hop]) {
					t.Fatalf("of %d frames, %d to %d are not those of the whole", frames, from, to)
				}
			}
		}
		if got := sound(t, v, s, -3, frames+9, 1000); !slices.Equal(got, want) {
			t.Errorf("%d frames: what lies outside was not left out", frames)
		}
		if got := sound(t, v, s, 1, 0, 1000); len(got) != 0 {
			t.Errorf("%d frames: %d samples from 1 to 0", frames, len(got))
		}
	}
}

// TestOdd gives values that no network should: the sound is finite and as long
// as it should be.
func TestOdd(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	values := []float32{0, nan, inf, -inf, 1e30, -1e30, math.MaxFloat32, 1e-45, 8, -200, 39.99, 40, 12_000, float32(math.Copysign(0, -1))}
	v := New()
	for _, frames := range []int{0, 1, 2, 20} {
		for turn := range values {
			s := exampleOf(frames)
			for i, x := range [][]float32{s.rows, s.pitch} {
				for j := range x {
					if j%3 != 0 || turn%2 == 0 {
						x[j] = values[(turn+i+j/5+j/bins)%len(values)]
					}
				}
			}
			all := sound(t, v, s, 0, frames, 1000)
			if len(all) != frames*Hop {
				t.Fatalf("%d frames: %d samples", frames, len(all))
			}
			for i, x := range all {
				if x-x != 0 {
					t.Fatalf("%d frames: sample %d is %v", frames, i, x)
				}
			}
		}
	}
}

// TestPieces gives rows in pieces: the sound is the same.
func TestPieces(t *testing.T) {
	v := New()
	for _, frames := range []int{1, 2, 5, 40} {
		e := exampleOf(frames)
		want := sound(t, v, e, 0, frames, 1000)
		for most := 1; most < 5; most++ {
			next := 0
			s := e.spectrum()
			s.Rows = func(from, to int) ([]float32, error) {
				if from != next || to <= from || to > frames {
					t.Fatalf("rows %d to %d were asked for; the next are those from %d", from, to, next)
				}
				next = min(to, from+most)
				return slices.Clone(e.rows[from*Columns : next*Columns]), nil
			}
			v.Start(s, 7, 0, frames)
			all := make([]float32, 0, len(want))
			for p := make([]float32, 777); ; {
				n, err := v.Read(p)
				all = append(all, p[:n]...)
				if err != nil {
					break
				}
			}
			if !slices.Equal(all, want) {
				t.Errorf("%d frames in pieces of %d are not those of the whole", frames, most)
			}
		}
	}
}

// TestRefused wants an error of the rows, and none of a wrong size.
func TestRefused(t *testing.T) {
	v := New()
	refused := errors.New("refused")
	for name, rows := range map[string][]float32{"refused": nil, "none": {}, "half": make([]float32, Columns/2), "many": make([]float32, 9*Columns)} {
		v.Start(Spectrum{PitchHertz: make([]float32, 30), Rows: func(from, to int) ([]float32, error) {
			if from < 8 {
				return make([]float32, (to-from)*Columns), nil
			}
			if rows == nil {
				return nil, refused
			}
			return rows, nil
		}}, 1, 0, 30)
		heard := 0
		var err error
		for p := make([]float32, 5000); err == nil; {
			var n int
			n, err = v.Read(p)
			heard += n
		}
		if err == io.EOF || rows == nil && err != refused || heard != 6*Hop {
			t.Errorf("%s: %d samples, then %v", name, heard, err)
		}
		if n, err := v.Read(make([]float32, 5)); n != 0 || err != io.EOF {
			t.Errorf("%s: then Read returned %d, %v", name, n, err)
		}
	}
}

func TestEnd(t *testing.T) {
	v := New()
	p := make([]float32, 100)
	sound(t, v, exampleOf(3), 0, 3, 1000)
	for range 2 {
		if n, err := v.Read(p); n != 0 || err != io.EOF {
			t.Errorf("behind the end, Read returned %d, %v", n, err)
		}
	}
	if n, err := v.Read(nil); n != 0 || err != nil {
		t.Errorf("for nothing, Read returned %d, %v", n, err)
	}
}

func TestNoAllocation(t *testing.T) {
	s := exampleOf(50).spectrum()
	v := New()
	p := make([]float32, 1000)
	if n := testing.AllocsPerRun(5, func() { drain(v, s, p) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func drain(v *Vocoder, s Spectrum, p []float32) {
	v.Start(s, 1, 0, len(s.PitchHertz))
	for {
		if _, err := v.Read(p); err == io.EOF {
			return
		}
	}
}

// BenchmarkVocoder makes sentences of 5, 15 and 64 words.
func BenchmarkVocoder(b *testing.B) {
	for _, frames := range []int{176, 456, 1544} {
		b.Run(fmt.Sprintf("%.1fs", float64(frames*Hop)/SampleRate), func(b *testing.B) {
			s := exampleOf(frames).spectrum()
			v := New()
			p := make([]float32, tile*Hop)
			b.ReportAllocs()
			for b.Loop() {
				drain(v, s, p)
			}
		})
	}
}

// BenchmarkFirst is the way to the first samples.
func BenchmarkFirst(b *testing.B) {
	s := exampleOf(456).spectrum()
	v := New()
	p := make([]float32, tile*Hop)
	for b.Loop() {
		v.Start(s, 1, 0, len(s.PitchHertz))
		if _, err := v.Read(p); err != nil {
			b.Fatal(err)
		}
	}
}
