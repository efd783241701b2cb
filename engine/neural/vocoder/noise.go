package vocoder

import "math/bits"

// Noise has no state: it is a hash of the seed, the frame and the bin, so that
// a frame has the same noise when those before it are left out.

// noiseKey is the key of the noise of a frame: a step of SplitMix64.
func noiseKey(seed uint64, frame int) uint64 {
	z := seed + (uint64(frame)+1)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// The constants of wyrand (Wang Yi), of which noiseHash is one step.
const (
	noiseStep = 0xa0761d6478bd642f
	noiseMix  = 0xe7037ed1a0b428db
)

// noiseHash is 64 random bits for a bin.
func noiseHash(key uint64, bin int) uint64 {
	x := key + uint64(bin)*noiseStep
	high, low := bits.Mul64(x, x^noiseMix)
	return high ^ low
}

// noise is a direction and a length: a pair of normal values in polar form,
// each of variance 1.
func (t *tables) noise(hash uint64) (turn, float32) {
	return t.circle[hash%circleSteps].turn, t.radii[hash>>32%radiusSteps]
}
