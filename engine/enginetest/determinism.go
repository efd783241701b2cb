package enginetest

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// sameAlways checks that sound and events of an utterance depend on nothing but
// the utterance: not on those before it, nor on their voices, nor on what was
// canceled, nor on other engines at work.
func (s suite) sameAlways(t *testing.T) {
	engine := s.open(t)
	if !s.abilities(engine).Deterministic {
		t.Skip("the engine does not call itself deterministic")
	}
	utterances := s.various(engine)
	alone := make([]string, len(utterances))
	for i, u := range utterances {
		fresh := engine
		if !s.Single {
			fresh = s.open(t)
		}
		alone[i] = digest(mustSpeak(t, fresh, u))
	}
	inOrder := func(engine driver.Engine, order []int) {
		for _, i := range order {
			var heard Recorder
			if err := engine.Speak(context.Background(), utterances[i], &heard); err != nil {
				t.Errorf("Speak(%.60q): %v", utterances[i].Text, err)
			} else if digest(&heard) != alone[i] {
				t.Errorf("voice %s: %.60q sounds different after others than alone", utterances[i].Voice, utterances[i].Text)
			}
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	inOrder(engine, random.Perm(len(utterances)))

	ctx, cancel := context.WithCancelCause(context.Background())
	engine.Speak(ctx, utterances[0], &Recorder{OnAudio: func([]int16) error { cancel(errCause); return nil }})
	inOrder(engine, random.Perm(len(utterances)))

	if s.Single {
		return
	}
	var speaking sync.WaitGroup
	for range 4 {
		another, order := s.open(t), random.Perm(len(utterances))
		speaking.Go(func() { inOrder(another, order) })
	}
	speaking.Wait()
}

// various are utterances of all kinds, for voices from all over the engine's list.
func (s suite) various(engine driver.Engine) []speech.Utterance {
	texts := append([]string{"a", "7", "Größe, 你好, привет & 42 more?"}, Prose...)
	voices := engine.Info().Voices
	var all []speech.Utterance
	for i, text := range texts {
		u := s.say(engine, text)
		all = append(all, u)
		u.Prosody.Rate = s.abilities(engine).Rate.Max
		all = append(all, u)
		all = append(all, speech.Utterance{Text: text, Voice: voices[i*len(voices)/len(texts)].EngineName})
	}
	return all
}

func digest(heard *Recorder) string {
	h := sha256.New()
	binary.Write(h, binary.LittleEndian, heard.Frames)
	fmt.Fprint(h, heard.Events)
	return string(h.Sum(nil))
}
