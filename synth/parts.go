package synth

// Sizes of parts, in bytes of text. A part is what a crash makes an engine
// speak again, and what a cancel waits for at most; too small ones cost more
// in bookkeeping than in speech.
const (
	partMost  = 128
	partBytes = 4 << 10
	// firstPart is the size of the first part of a text of several; those behind it
	// are twice as large each, up to the others' size. The first speed is known soon.
	firstPart = 512
	// severalParts is the length of text from which that is worth it.
	severalParts = 4 * partBytes
)

// Weight is how much work a plan is, in bytes of text; at least 1.
func (p *Plan) Weight() int64 { return max(weightOf(p.Segments), 1) }

// Parts splits a plan into at most 132 plans, of about the same work and at
// least 4 kB of text each, but for the first few of a longer text, which are smaller.
// Their sounds in order are the sound of p. No sentence is split.
func (p *Plan) Parts() []*Plan {
	whole := max(p.Weight()/partMost+1, partBytes)
	var parts []*Plan
	start, weight, size := 0, int64(0), whole
	if p.Weight() >= severalParts {
		size = firstPart
	}
	for i := range p.Segments {
		weight += p.Segments[i].weight()
		last := i == len(p.Segments)-1
		if last || weight >= size && !p.Segments[i].Continues {
			parts = append(parts, &Plan{Settings: p.Settings, Segments: p.Segments[start : i+1]})
			start, weight, size = i+1, 0, min(2*size, whole)
		}
	}
	if len(parts) == 0 {
		parts = []*Plan{{Settings: p.Settings}}
	}
	return parts
}
