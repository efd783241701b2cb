package synth

// Sizes of parts, in bytes of text. A part is what a crash makes an engine
// speak again, and what a cancel waits for at most; too small ones cost more
// in bookkeeping than in speech.
const (
	partMost  = 128
	partBytes = 4 << 10
)

// Weight is how much work a plan is, in bytes of text; at least 1.
func (p *Plan) Weight() int64 { return max(weightOf(p.Segments), 1) }

// Parts splits a plan into at most 128 plans, of about the same work and at
// least 4 kB of text each, whose sounds in order are the sound of p. No
// sentence is split.
func (p *Plan) Parts() []*Plan {
	size := max(p.Weight()/partMost+1, partBytes)
	var parts []*Plan
	start, weight := 0, int64(0)
	for i := range p.Segments {
		weight += p.Segments[i].weight()
		last := i == len(p.Segments)-1
		if last || weight >= size && !p.Segments[i].Continues {
			parts = append(parts, &Plan{Settings: p.Settings, Segments: p.Segments[start : i+1]})
			start, weight = i+1, 0
		}
	}
	if len(parts) == 0 {
		parts = []*Plan{{Settings: p.Settings}}
	}
	return parts
}
