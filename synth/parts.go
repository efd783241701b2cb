package synth

// Sizes of parts, in bytes of text. A part is what a crash makes an engine
// speak again, and what a cancel waits for at most; too small ones cost more
// in bookkeeping than in speech.
const (
	partMost  = 128
	partBytes = 4 << 10
)

// Weight is how much work a plan is, in bytes of text; at least 1.
func (p *Plan) Weight() int64 {
	var n int64
	for _, s := range p.Segments {
		n += int64(len(s.Text))
	}
	return max(n, 1)
}

// Parts splits a plan into at most 128 plans, of about the same work and at
// least 4 kB of text each, whose sounds in order are the sound of p.
func (p *Plan) Parts() []*Plan {
	size := max(p.Weight()/partMost+1, partBytes)
	var parts []*Plan
	start, weight := 0, int64(0)
	for i, s := range p.Segments {
		weight += int64(len(s.Text))
		if weight >= size || i == len(p.Segments)-1 {
			parts = append(parts, &Plan{Settings: p.Settings, Segments: p.Segments[start : i+1]})
			start, weight = i+1, 0
		}
	}
	if len(parts) == 0 {
		parts = []*Plan{{Settings: p.Settings}}
	}
	return parts
}
