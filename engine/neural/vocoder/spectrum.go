package vocoder

import "fmt"

// The frames of a Spectrum.
const (
	SampleRate = 24000 // hertz
	Hop        = 300   // samples from frame to frame
	bins       = size/2 + 1
	// Columns is how many values a frame has.
	Columns = 5 * bins

	// size is how many samples a frame is a transform of.
	size = 4 * Hop
)

// Spectrum is what a network made of one utterance. Values that are not numbers or
// out of all reason make some sound or other.
type Spectrum struct {
	// PitchHertz has a value for each frame.
	PitchHertz []float32
	// Rows gives the values of frames, from one on and up to another at most,
	// but of one at least: frame after frame, Bins each of natural logarithms of
	// the harmonics' amplitudes, their phases, the noise's amplitudes, the
	// residual's amplitudes and its phases. The slice is Rows' own again when it
	// is called for later frames. Its error is Read's.
	Rows func(from, to int) ([]float32, error)
}

// The columns of a row.
const (
	harmonicLog   = 0 * bins
	harmonicPhase = 1 * bins
	noiseLog      = 2 * bins
	residualLog   = 3 * bins
	residualPhase = 4 * bins
)

// row is what a frame's row has of one kind.
func row(rows []float32, frame, kind int) *[bins]float32 {
	return (*[bins]float32)(rows[frame*Columns+kind:])
}

// rows are those of some frames, and how many they are.
func (s *Spectrum) rows(from, to int) ([]float32, int, error) {
	rows, err := s.Rows(from, to)
	if err != nil {
		return nil, 0, err
	}
	n := len(rows) / Columns
	if n < 1 || n > to-from || len(rows)%Columns != 0 {
		return nil, 0, fmt.Errorf("vocoder: %d values for the frames %d to %d of %d each", len(rows), from, to, Columns)
	}
	return rows, n, nil
}
