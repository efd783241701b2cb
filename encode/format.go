package encode

import (
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/driver"
	"github.com/lectern/lectern/fault"
)

// Rates that any format may carry at most: what the resampler reaches.
const (
	MinSampleRate audio.SampleRate = 8000
	MaxSampleRate audio.SampleRate = 48000
)

// Format is one encoding of a [Catalogue].
type Format struct {
	driver driver.Format
	rates  func() []rateRange // found when they are first asked for: a program makes more catalogues than it uses
}

func newFormat(d driver.Format) Format {
	return Format{driver: d, rates: sync.OnceValue(func() []rateRange { return carried(d) })}
}

// Name is the encoding as the API names it, such as "LINEAR16".
func (f Format) Name() string { return f.driver.Name() }

// CheckRate returns nil when the format carries sound at rate. Otherwise the
// error is INVALID_ARGUMENT about FieldSampleRate and names the
// rates that it carries.
func (f Format) CheckRate(rate audio.SampleRate) error {
	for _, r := range f.rates() {
		if r.low <= rate && rate <= r.high {
			return nil
		}
	}
	return fault.Invalid(FieldSampleRate,
		"%s cannot carry %d Hz. It carries %s.", f.Name(), int(rate), f.Rates())
}

// Rates says which rates the format carries, for people: "8000 to 48000 Hz",
// or "8000, 12000, 16000, 24000 or 48000 Hz".
func (f Format) Rates() string {
	var parts []string
	for _, r := range f.rates() {
		parts = append(parts, r.String())
	}
	last := len(parts) - 1
	switch {
	case last < 0:
		return "no rate"
	case last == 0:
		return parts[0] + " Hz"
	}
	return strings.Join(parts[:last], ", ") + " or " + parts[last] + " Hz"
}

// RateFor is the rate to encode at when the client asked for none and the
// sound has natural: that rate itself, else the next higher one that the
// format carries, else its highest.
func (f Format) RateFor(natural audio.SampleRate) audio.SampleRate {
	var highest audio.SampleRate
	for _, r := range f.rates() {
		if natural <= r.high {
			return max(natural, r.low)
		}
		highest = r.high
	}
	return highest
}

// NewEncoder starts a file on w, which is only written to in order and never
// closed. frames is the exact length to come, or -1 when it is not known.
// Errors are those of [Format.CheckRate] and of w.
func (f Format) NewEncoder(w io.Writer, rate audio.SampleRate, frames audio.Frames) (*Encoder, error) {
	if err := f.CheckRate(rate); err != nil {
		return nil, err
	}
	enc, err := f.driver.NewEncoder(w, rate, max(frames, -1))
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", f.Name(), err)
	}
	return &Encoder{driver: enc, format: f.Name(), announced: max(frames, -1)}, nil
}

// rateRange holds every rate from low to high.
type rateRange struct{ low, high audio.SampleRate }

func (r rateRange) String() string {
	if r.low == r.high {
		return fmt.Sprint(int(r.low))
	}
	return fmt.Sprintf("%d to %d", int(r.low), int(r.high))
}

// carried asks the format about every rate there can be, once.
func carried(d driver.Format) []rateRange {
	var ranges []rateRange
	open := false
	for rate := MinSampleRate; rate <= MaxSampleRate; rate++ {
		carries := d.CanCarry(rate)
		switch {
		case carries && open:
			ranges[len(ranges)-1].high = rate
		case carries:
			ranges = append(ranges, rateRange{rate, rate})
		}
		open = carries
	}
	return ranges
}
