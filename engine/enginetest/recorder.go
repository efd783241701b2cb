package enginetest

import (
	"github.com/lectern/lectern/engine/driver"
)

// Recorder is a sink that keeps everything. The zero value is ready.
type Recorder struct {
	Frames []int16
	Events []driver.Event
	// OnAudio, when not nil, is called before frames are kept; its error is
	// given back to the engine.
	OnAudio func(frames []int16) error
}

// Audio keeps a copy of frames.
func (r *Recorder) Audio(frames []int16) error {
	if r.OnAudio != nil {
		if err := r.OnAudio(frames); err != nil {
			return err
		}
	}
	r.Frames = append(r.Frames, frames...)
	return nil
}

// Event keeps e.
func (r *Recorder) Event(e driver.Event) error {
	r.Events = append(r.Events, e)
	return nil
}

// Peak is the largest absolute value of frames.
func Peak(frames []int16) int {
	peak := 0
	for _, f := range frames {
		peak = max(peak, int(f), -int(f))
	}
	return peak
}

// Meter is a sink that only counts.
type Meter struct{ Frames, Events int64 }

// Audio counts frames.
func (m *Meter) Audio(frames []int16) error { m.Frames += int64(len(frames)); return nil }

// Event counts one.
func (m *Meter) Event(driver.Event) error { m.Events++; return nil }
