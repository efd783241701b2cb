package vocoder

import "math"

// mul is a product that is rounded. Without the conversion a compiler may fuse
// it with a sum behind it, where the processor can do that, and the same voice
// would not give the same samples everywhere.
func mul(a, b float32) float32 { return float32(a * b) }

// turn is a point on the unit circle.
type turn struct{ cos, sin float32 }

// turnOf is the point at a part of the way around.
func turnOf(part float64) turn {
	sin, cos := math.Sincos(2 * math.Pi * part)
	return turn{float32(cos), float32(sin)}
}
