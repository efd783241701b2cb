package hibari

import (
	"errors"
	"math"

	"github.com/lectern/lectern/engine/neural/vocoder"
)

// The features of a frame end with its pitch, as ln(1+hertz)/pitchScale, and its
// energy: a network that is told of another pitch speaks at it, as the same voice.
const pitchScale = 5

// shifted is a curve of pitch, and the features with it, at another height. What has
// a voice keeps it.
func shifted(pitch, features []float32, factor float64) (newPitch, newFeatures []float32, err error) {
	frames := len(pitch)
	if len(features) < 2*frames {
		return nil, nil, errors.New("the network's features have no pitch; install the voice again")
	}
	newPitch = make([]float32, frames)
	newFeatures = append(newFeatures, features...)
	channel := newFeatures[len(features)-2*frames : len(features)-frames]
	for i, hertz := range pitch {
		if math.Abs(float64(channel[i])-pitchFeature(hertz)) > 1e-2 {
			return nil, nil, errors.New("the network's features have no pitch; install the voice again")
		}
		newPitch[i] = hertz
		if hertz > vocoder.LeastPitch {
			newPitch[i] = max(float32(float64(hertz)*factor), vocoder.LeastPitch+1)
		}
		channel[i] = float32(pitchFeature(newPitch[i]))
	}
	return newPitch, newFeatures, nil
}

func pitchFeature(hertz float32) float64 { return math.Log1p(max(float64(hertz), 0)) / pitchScale }
