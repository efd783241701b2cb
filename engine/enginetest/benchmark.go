package enginetest

import (
	"context"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// Prose is some text in sentences, for measurements.
var Prose = strings.Split("The road climbed slowly between hedges white with dust. Nobody had come this way since the spring, "+
	"and the wheels of the cart left the only marks in it. At the top they stopped to let the horse breathe. "+
	"Below them lay the valley with its river, its nine farms and the mill that had given the place its name. "+
	"It was later than they had thought", ". ")

// Benchmark measures an engine: for each of voices the seconds of sound that it
// makes in a second of processor time, its children's included; and for the
// first of them the time to the first sound and from a cancel to being idle.
func Benchmark(b *testing.B, engine driver.Engine, voices ...string) {
	for _, voice := range voices {
		b.Run("throughput/"+voice, func(b *testing.B) { throughput(b, engine, voice) })
	}
	b.Run("first sound", func(b *testing.B) { firstSound(b, engine, voices[0]) })
	b.Run("cancel to idle", func(b *testing.B) { cancelToIdle(b, engine, voices[0]) })
}

func throughput(b *testing.B, engine driver.Engine, voice string) {
	rate := 0
	for _, v := range engine.Info().Voices {
		if v.EngineName == voice {
			rate = v.NaturalSampleRateHertz
		}
	}
	var heard Meter
	if err := engine.Speak(context.Background(), speech.Utterance{Text: Prose[0], Voice: voice}, &heard); err != nil {
		b.Fatal(err) // it loads the voice
	}
	heard = Meter{}
	used := processorTime(b)
	for b.Loop() {
		for _, sentence := range Prose {
			if err := engine.Speak(context.Background(), speech.Utterance{Text: sentence + ".", Voice: voice}, &heard); err != nil {
				b.Fatal(err)
			}
		}
	}
	used = processorTime(b) - used
	sound := float64(heard.Frames) / float64(rate)
	b.ReportMetric(sound/used.Seconds(), "sound-s/cpu-s")
	b.ReportMetric(1000*used.Seconds()/sound, "cpu-ms/sound-s")
}

func firstSound(b *testing.B, engine driver.Engine, voice string) {
	var total time.Duration
	n := 0
	for b.Loop() {
		var first time.Duration
		began := time.Now()
		heard := Recorder{OnAudio: func([]int16) error {
			if first == 0 {
				first = time.Since(began)
			}
			return nil
		}}
		if err := engine.Speak(context.Background(), speech.Utterance{Text: Prose[0] + ".", Voice: voice}, &heard); err != nil {
			b.Fatal(err)
		}
		total += first
		n++
	}
	b.ReportMetric(float64(total.Microseconds())/float64(n), "µs/first-sound")
}

func cancelToIdle(b *testing.B, engine driver.Engine, voice string) {
	text := strings.Repeat(strings.Join(Prose, ". ")+". ", 10)
	var total, worst time.Duration
	n := 0
	for b.Loop() {
		ctx, cancel := context.WithCancel(context.Background())
		var canceled time.Time
		heard := Recorder{OnAudio: func([]int16) error {
			if canceled.IsZero() {
				canceled = time.Now()
				cancel()
			}
			return nil
		}}
		if err := engine.Speak(ctx, speech.Utterance{Text: text, Voice: voice}, &heard); err == nil {
			b.Fatal("it was not canceled")
		}
		took := time.Since(canceled)
		total, worst = total+took, max(worst, took)
		n++
		cancel()
	}
	b.ReportMetric(float64(total.Microseconds())/float64(n), "µs/cancel")
	b.ReportMetric(float64(worst.Microseconds()), "µs/worst-cancel")
}

// processorTime is what this process and those below it have used; that of a
// process that ended counts once its parent has waited for it.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var self syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &self); err != nil {
		b.Fatal(err)
	}
	used := time.Duration(self.Utime.Nano() + self.Stime.Nano())
	all := processes()
	var below func(pid int)
	below = func(pid int) {
		for id, p := range all {
			if p.parent == pid {
				used += p.used
				below(id)
			}
		}
	}
	used += all[os.Getpid()].usedBelow
	below(os.Getpid())
	return used
}
