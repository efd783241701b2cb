package piper

import "math"

// noise is white noise of variance 1, whose numbers depend on the seed and on
// where they stand alone: pieces of it are the same however they are cut.
type noise uint64

// Two noises of one seed.
const (
	durationNoise = 0x6a09e667f3bcc908
	soundNoise    = 0xbb67ae8584caa73b
)

func newNoise(seed, which uint64) noise { return noise(mix(seed ^ which)) }

// mix is the last step of SplitMix64, which makes any count look like chance.
func mix(x uint64) uint64 {
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	return x ^ x>>31
}

// fill fills to with the numbers of one frame.
func (n noise) fill(to []float32, frame int) {
	at := mix(uint64(n) + uint64(frame)*0x9e3779b97f4a7c15)
	for i := 0; i < len(to); i += 2 {
		at += 0x9e3779b97f4a7c15
		bits := mix(at)
		// Box and Muller: a radius and an angle make two numbers.
		radius := math.Sqrt(-2 * math.Log((float64(bits>>32)+0.5)/(1<<32)))
		sin, cos := math.Sincos(2 * math.Pi * float64(bits&(1<<32-1)) / (1 << 32))
		to[i] = float32(radius * cos)
		if i+1 < len(to) {
			to[i+1] = float32(radius * sin)
		}
	}
}
