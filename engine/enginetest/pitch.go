package enginetest

import "slices"

// MedianPitch is the median fundamental frequency of the voiced parts of
// frames, in hertz, by autocorrelation between 40 and 500 Hz; 0 when nothing is
// voiced. It is for comparing sounds of one voice with each other.
func MedianPitch(frames []int16, rate int) float64 {
	window, shortest, longest := rate/16, rate/500, rate/40
	var pitches []float64
	for at := 0; at+window+longest < len(frames); at += window {
		if Peak(frames[at:at+window]) < 1500 {
			continue
		}
		var scores []float64
		for lag := shortest; lag <= longest; lag++ {
			var cross, here, there float64
			for i := at; i < at+window; i++ {
				a, b := float64(frames[i]), float64(frames[i+lag])
				cross, here, there = cross+a*b, here+a*a, there+b*b
			}
			scores = append(scores, cross/(1+(here+there)/2))
		}
		best := slices.Max(scores)
		if best < 0.8 {
			continue
		}
		// The shortest lag that is nearly the best: its multiples fit as well.
		for i := 1; i < len(scores)-1; i++ {
			if scores[i] > 0.93*best && scores[i] >= scores[i-1] && scores[i] >= scores[i+1] {
				pitches = append(pitches, float64(rate)/float64(shortest+i))
				break
			}
		}
	}
	if len(pitches) == 0 {
		return 0
	}
	slices.Sort(pitches)
	return pitches[len(pitches)/2]
}
