package synth

import (
	"context"
	"time"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/engine"
)

// Sound that is heard while it is made is served this much before it would break
// off, and before it has begun this much after it was asked for: a late start is
// better than a gap, and a short answer goes before both.
const ahead, lateness = time.Second, time.Second

// longAnswer is the length of text, in bytes, from which an answer that is waited for
// as a whole lets new streams and shorter answers go before.
const longAnswer = 500

// paceOf is that of an answer which is waited for as a whole.
func paceOf(p *Plan) *pace {
	if p.Weight() <= longAnswer {
		return nil
	}
	return &pace{}
}

// pace is when the next of a sound is needed.
type pace struct {
	encoder *encode.Encoder // of one that is heard meanwhile; nil for others
	rate    audio.SampleRate
	began   time.Time // when the first of it was there
}

// on returns ctx for the next utterance.
func (p *pace) on(ctx context.Context) context.Context {
	now, heard := time.Now(), audio.Frames(0)
	if p.encoder != nil {
		heard = p.encoder.Frames()
	}
	if heard == 0 {
		return engine.Due(ctx, now.Add(lateness))
	}
	if p.began.IsZero() {
		p.began = now
	}
	return engine.Due(ctx, p.began.Add(p.rate.Duration(heard)-ahead))
}
