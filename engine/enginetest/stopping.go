package enginetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/engine/driver"
)

var errCause = errors.New("the cause of the cancel")

func (s suite) unknownVoice(t *testing.T) {
	engine := s.open(t)
	u := s.say(engine, "hello")
	u.Voice = "no such voice"
	var heard Recorder
	if err := engine.Speak(context.Background(), u, &heard); !errors.Is(err, driver.ErrVoice) {
		t.Errorf("Speak with an unknown voice: %v, want ErrVoice", err)
	}
	s.stillSpeaks(t, engine)
}

func (s suite) prosodyOutOfRange(t *testing.T) {
	engine := s.open(t)
	can := s.abilities(engine)
	for _, outside := range []struct{ rate, pitch, gain float64 }{
		{rate: can.Rate.Max + 1.5}, {rate: can.Rate.Min - 0.01}, {rate: -1},
		{pitch: can.PitchSemitones.Max + 1}, {pitch: can.PitchSemitones.Min - 1}, {gain: 6},
	} {
		if outside.rate == 1 {
			continue
		}
		u := s.say(engine, "hello")
		u.Prosody.Rate, u.Prosody.PitchSemitones, u.Prosody.GainDB = outside.rate, outside.pitch, outside.gain
		var heard Recorder
		if err := engine.Speak(context.Background(), u, &heard); !errors.Is(err, driver.ErrProsody) {
			t.Errorf("Speak with prosody %+v: %v, want ErrProsody", u.Prosody, err)
		}
	}
	s.stillSpeaks(t, engine)
}

func (s suite) sinkRefuses(t *testing.T) {
	engine := s.open(t)
	refusal := errors.New("the sink has had enough")
	for _, after := range []int{0, 5000} {
		taken := 0
		heard := Recorder{OnAudio: func(frames []int16) error {
			if taken += len(frames); taken > after {
				return refusal
			}
			return nil
		}}
		if err := engine.Speak(context.Background(), s.say(engine, sentence), &heard); err != refusal {
			t.Errorf("Speak into a sink that refused: %v, want the sink's own error", err)
		}
		s.stillSpeaks(t, engine)
	}
}

func (s suite) cancelBefore(t *testing.T) {
	engine := s.open(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errCause)
	var heard Recorder
	if err := engine.Speak(ctx, s.say(engine, sentence), &heard); !errors.Is(err, errCause) {
		t.Errorf("Speak with a context that had ended: %v, want its cause", err)
	}
	if len(heard.Frames) > 0 {
		t.Errorf("%d frames were given after the context had ended", len(heard.Frames))
	}
	s.stillSpeaks(t, engine)
}

func (s suite) cancelAtFirstSound(t *testing.T) {
	engine := s.open(t)
	text := strings.Repeat(sentence+". ", 20)
	for range 5 {
		ctx, cancel := context.WithCancelCause(context.Background())
		heard := Recorder{OnAudio: func([]int16) error { cancel(errCause); return nil }}
		began := time.Now()
		if err := engine.Speak(ctx, s.say(engine, text), &heard); !errors.Is(err, errCause) {
			t.Errorf("Speak canceled at its first sound: %v, want the cause", err)
		}
		if took := time.Since(began); took > patience {
			t.Errorf("Speak returned %v after it was canceled", took)
		}
		s.stillSpeaks(t, engine)
	}
}

// cancelWhileSinkWaits cancels from outside while the engine cannot go on.
func (s suite) cancelWhileSinkWaits(t *testing.T) {
	engine := s.open(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	waiting := make(chan struct{})
	heard := Recorder{OnAudio: func([]int16) error {
		select {
		case <-waiting:
		default:
			close(waiting)
		}
		<-ctx.Done()
		return context.Cause(ctx)
	}}
	spoken := make(chan error, 1)
	go func() { spoken <- engine.Speak(ctx, s.say(engine, strings.Repeat(sentence+". ", 20)), &heard) }()
	<-waiting
	cancel(errCause)
	select {
	case err := <-spoken:
		if !errors.Is(err, errCause) {
			t.Errorf("Speak canceled while its sink waited: %v, want the cause", err)
		}
	case <-time.After(patience):
		t.Fatal("Speak did not return after its context had ended")
	}
	s.stillSpeaks(t, engine)
}

func (s suite) cancelAfter(t *testing.T) {
	engine := s.open(t)
	ctx, cancel := context.WithCancel(context.Background())
	var heard Recorder
	if err := engine.Speak(ctx, s.say(engine, "hello"), &heard); err != nil {
		t.Fatalf("Speak: %v", err)
	}
	cancel()
	s.stillSpeaks(t, engine)
}

func (s suite) killedIdle(t *testing.T) {
	if s.Kill == nil {
		t.Skip("the engine has no process of its own")
	}
	engine := s.open(t)
	s.stillSpeaks(t, engine)
	s.Kill(t, engine)
	var heard Recorder
	for range 2 { // it stays unusable
		if err := engine.Speak(context.Background(), s.say(engine, sentence), &heard); !errors.Is(err, driver.ErrCrashed) {
			t.Errorf("Speak after the process was killed: %v, want ErrCrashed", err)
		}
	}
	if len(heard.Frames) > 0 {
		t.Errorf("a dead process gave %d frames", len(heard.Frames))
	}
	if able, ok := engine.(driver.Transcriber); ok {
		if _, err := able.Transcribe(context.Background(), s.say(engine, sentence)); !errors.Is(err, driver.ErrCrashed) {
			t.Errorf("Transcribe after the process was killed: %v, want ErrCrashed", err)
		}
	}
}

func (s suite) killedWithin(t *testing.T) {
	if s.Kill == nil {
		t.Skip("the engine has no process of its own")
	}
	engine := s.open(t)
	killed := false
	heard := Recorder{OnAudio: func([]int16) error {
		if !killed {
			killed = true
			s.Kill(t, engine)
		}
		return nil
	}}
	text := strings.Repeat(sentence+". ", 500)
	if err := engine.Speak(context.Background(), s.say(engine, text), &heard); !errors.Is(err, driver.ErrCrashed) {
		t.Errorf("Speak while the process was killed: %v, want ErrCrashed", err)
	}
	if len(heard.Frames) == 0 {
		t.Error("sound given before the kill was lost")
	}
}
