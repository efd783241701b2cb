package voicefile

import (
	"math"
	"slices"
)

const (
	// piece is how many frames of latents are usually made at once.
	piece = 64
	// perPart is what one more part costs, in products for each frame of latents:
	// a fiftieth of a decoder's.
	perPart = 500_000
)

// split cuts the way between two values into the parts that together have least to
// do. A part that makes frames in pieces makes those within its reach around the
// piece too, and throws them away: that is much where it looks far and works hard.
// Two parts share this between them, each what it needs itself.
func (f *finder) split(from, to string) ([]SoundPart, error) {
	waists := f.Waists(from, to)
	// best is the least work up to each waist, and the waist that the last part of it
	// comes from.
	type least struct {
		work   float64
		rate   int // frames of the waist to one of latents
		before int
		part   SoundPart
	}
	best := make([]least, len(waists))
	for i := range best {
		best[i].work = math.Inf(1)
	}
	best[0].work, best[0].rate = 0, 1
	for j := range waists[:len(waists)-1] {
		reaches, err := f.Reach(waists[j], waists[j+1:]...)
		if err != nil {
			return nil, err
		}
		frames := float64(piece * best[j].rate)
		for k, r := range reaches {
			i := j + 1 + k
			work := best[j].work + perPart + float64(r.Work*best[j].rate)*(frames+2*float64(r.Radius))/frames
			if work < best[i].work {
				best[i] = least{work, best[j].rate * r.Rate, j, SoundPart{From: waists[j], To: waists[i], Rate: r.Rate, Reach: r.Radius}}
			}
		}
	}
	var parts []SoundPart
	for i := len(waists) - 1; i > 0; i = best[i].before {
		parts = append(parts, best[i].part)
	}
	slices.Reverse(parts)
	return parts, nil
}
