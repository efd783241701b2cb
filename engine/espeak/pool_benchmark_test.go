// SPDX-License-Identifier: GPL-3.0-or-later

package espeak_test

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/espeak"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

func openPool(b *testing.B, idle func(string)) *engine.Engine {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	quiet := slog.New(slog.DiscardHandler)
	e, err := engine.Open(context.Background(), engine.Config{Idle: idle, Log: quiet, Sources: []engine.Source{{
		Name: espeak.Name,
		Start: worker.Starter(worker.Command{Path: self, Env: []string{roleVariable + "=espeak"}},
			worker.Options{Log: quiet}),
	}}})
	if err != nil {
		b.Fatal(err)
	}
	return e
}

func BenchmarkPool(b *testing.B) {
	b.Run("open and close", func(b *testing.B) {
		for b.Loop() {
			openPool(b, nil).Close()
		}
	})
	b.Run("sentences on all cores", func(b *testing.B) {
		e := openPool(b, nil)
		defer e.Close()
		v, _ := e.Catalogue().Lookup("en-US-Espeak-1")
		began := time.Now()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				s, err := e.Speak(context.Background(), engine.Batch, v, speech.Utterance{Text: enginetest.Prose[0] + "."})
				if err == nil {
					_, err = audio.ReadAll(s)
				}
				if err != nil {
					b.Error(err)
					return
				}
			}
		})
		took := time.Since(began)
		s, err := e.Speak(context.Background(), engine.Batch, v, speech.Utterance{Text: enginetest.Prose[0] + "."})
		if err != nil {
			b.Fatal(err)
		}
		one, _ := audio.ReadAll(s)
		sound := time.Duration(b.N) * one.Rate.Duration(int64(len(one.Samples)))
		b.ReportMetric(sound.Seconds()/took.Seconds(), "sound-s/s")
	})
	b.Run("cancel to idle", func(b *testing.B) {
		idle := make(chan time.Time, 1)
		e := openPool(b, func(string) { idle <- time.Now() })
		defer e.Close()
		v, _ := e.Catalogue().Lookup("en-US-Espeak-1")
		text := strings.Repeat(strings.Join(enginetest.Prose, ". ")+". ", 10)
		var total, worst time.Duration
		n := 0
		for b.Loop() {
			ctx, cancel := context.WithCancel(context.Background())
			s, err := e.Speak(ctx, engine.Interactive, v, speech.Utterance{Text: text})
			if err != nil {
				b.Fatal(err)
			}
			if _, err := s.Read(make([]float32, 100)); err != nil {
				b.Fatal(err)
			}
			began := time.Now()
			cancel()
			took := (<-idle).Sub(began)
			total, worst = total+took, max(worst, took)
			n++
			s.Close()
		}
		b.ReportMetric(float64(total.Microseconds())/float64(n), "µs/cancel")
		b.ReportMetric(float64(worst.Microseconds()), "µs/worst-cancel")
	})
}
