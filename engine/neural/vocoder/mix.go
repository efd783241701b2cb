package vocoder

import "math"

// part is what a frame's spectrum has in one bin: S = gain E + rest.
type part struct{ gainRe, gainIm, restRe, restIm float32 }

// mix is what a row says of a frame's spectrum.
type mix struct{ parts [bins]part }

// rest works out the noise and the residual of a frame among rows.
func (m *mix) rest(t *tables, rows []float32, frame int, key uint64) {
	noise, residual, phase := row(rows, frame, noiseLog), row(rows, frame, residualLog), row(rows, frame, residualPhase)
	for b := range m.parts {
		hash := noiseHash(key, b)
		direction := t.circle[hash%circleSteps]
		amplitude := mul(t.exp(limit(noise[b], leastLog, mostLog)), t.radii[hash>>32%radiusSteps])
		cos, sin := t.turn(limit(phase[b], -mostAngle, mostAngle))
		other := t.exp(limit(residual[b], leastLog, mostLog))
		p := &m.parts[b]
		p.restRe = mul(amplitude, direction.cos) + mul(other, cos)
		p.restIm = mul(amplitude, direction.sin) + mul(other, sin)
	}
}

// gain works out what the source is multiplied by.
func (m *mix) gain(t *tables, rows []float32, frame int) {
	log, phase := row(rows, frame, harmonicLog), row(rows, frame, harmonicPhase)
	for b := range m.parts {
		amplitude := t.exp(limit(log[b], leastLog, mostLog))
		// exp(i pi tanh x) for x from 0 on, then with the sign of the phase.
		bits := math.Float32bits(phase[b])
		sign := bits & (1 << 31)
		x := mul(limit(math.Float32frombits(bits^sign), 0, lagMost), lagSteps)
		whole := x + shift
		x -= whole - shift
		l := &t.lags[math.Float32bits(whole)%uint32(len(t.lags))]
		cos, sin := l.cos+mul(x, l.cosSlope), l.sin+mul(x, l.sinSlope)
		p := &m.parts[b]
		p.gainRe = mul(amplitude, cos)
		p.gainIm = mul(amplitude, math.Float32frombits(math.Float32bits(sin)^sign))
	}
}

// The limits of what is in the rows. Below the least amplitude nothing is heard.
const (
	leastLog  = -40
	mostLog   = 7
	mostAngle = 1e4
)
