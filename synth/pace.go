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
// better than a gap, and an answer that is waited for as a whole goes before both.
const ahead, lateness = time.Second, time.Second

// pace is when the next of such a sound is needed.
type pace struct {
	encoder *encode.Encoder
	rate    audio.SampleRate
	began   time.Time // when the first of it was there
}

// on returns ctx for the next utterance.
func (p *pace) on(ctx context.Context) context.Context {
	now, heard := time.Now(), p.encoder.Frames()
	if heard == 0 {
		return engine.Due(ctx, now.Add(lateness))
	}
	if p.began.IsZero() {
		p.began = now
	}
	return engine.Due(ctx, p.began.Add(p.rate.Duration(heard)-ahead))
}
