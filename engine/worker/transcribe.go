package worker

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/speech"
)

// mostPhonemes bounds the bytes of the lists that answer one utterance.
const mostPhonemes = 64 * maxPayload

// Transcribe asks the worker for the phonemes of u, as driver.Transcriber says.
// One that does not say that it transcribes is not asked: it need not know the
// frame.
func (p *Process) Transcribe(ctx context.Context, u speech.Utterance) ([]speech.Transcribed, error) {
	if p.broken == nil && !p.info.Abilities.Transcribes {
		return nil, fmt.Errorf("%w: the engine %s does not transcribe", driver.ErrFailed, p.info.Name)
	}
	t := &transcribing{call: call{process: p, ctx: ctx, textBytes: len(u.Text)}}
	if err := t.order(transcribeFrame, u, t.hear); err != nil {
		return nil, err
	}
	return t.words, nil
}

// transcribing is a call whose answer is gathered.
type transcribing struct {
	call
	words []speech.Transcribed
	bytes int
}

func (t *transcribing) hear(kind frameType, n int) error {
	if kind != phonemeFrame {
		return errUnknownFrame
	}
	payload, err := t.process.payload(n)
	if err != nil {
		return err
	}
	if t.bytes += n; t.bytes > mostPhonemes {
		return fmt.Errorf("its phonemes have more than %d bytes", mostPhonemes)
	}
	var words []speech.Transcribed
	if err := json.Unmarshal(payload, &words); err != nil {
		return fmt.Errorf("its phonemes cannot be read: %w", err)
	}
	last := 0
	if len(t.words) > 0 {
		last = t.words[len(t.words)-1].End
	}
	for _, w := range words {
		if w.Start < last || w.End <= w.Start || w.End > t.textBytes {
			return fmt.Errorf("its phonemes are of the token %d to %d, after %d, in a text of %d bytes", w.Start, w.End, last, t.textBytes)
		}
		last = w.End
	}
	t.words = append(t.words, words...)
	return nil
}
