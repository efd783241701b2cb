package vocoder

import (
	"math"
	"math/rand/v2"
)

// example holds the rows of a spectrum.
type example struct{ pitch, rows []float32 }

// exampleOf is a spectrum such as speech has: voiced for two thirds, with a pitch
// that moves, and rows that are smooth with something random on top.
func exampleOf(frames int) example {
	random := rand.New(rand.NewPCG(uint64(frames), 1))
	e := example{make([]float32, frames), make([]float32, Columns*frames)}
	fill := func(kind int, low, high, spread, slope float64) {
		for b := range bins {
			level := low + (high-low)*math.Exp(-float64(b)/slope)
			for k := range frames {
				*e.at(kind, b, k) = float32(level + 2*math.Sin(float64(k)/9+float64(b)/70) + spread*random.NormFloat64())
			}
		}
	}
	fill(harmonicLog, -10, 2, 1, 150)
	fill(harmonicPhase, 0, 0, 1.7, 1)
	fill(noiseLog, -9, -6, 1, 150)
	fill(residualLog, -6, 0, 1, 150)
	fill(residualPhase, 0, 0, 1.7, 1)
	for k := range e.pitch {
		e.pitch[k] = -1.3 // as networks say it, where there is no voice
		if k%30 >= 10 {
			e.pitch[k] = float32(190 + 60*math.Sin(float64(k)/11))
		}
	}
	return e
}

func (e example) at(kind, bin, frame int) *float32 { return &e.rows[frame*Columns+kind+bin] }

// silence leaves a kind out.
func (e example) silence(log int) {
	for k := range e.pitch {
		for b := range bins {
			*e.at(log, b, k) = -30
		}
	}
}

func (e example) spectrum() Spectrum {
	return Spectrum{PitchHertz: e.pitch, Rows: func(from, to int) ([]float32, error) {
		return e.rows[from*Columns : to*Columns], nil
	}}
}
