package textnorm

// Cleaned is a text fit for an engine, with the way back to its source.
type Cleaned struct {
	// Text is valid UTF-8 whose only white space is single spaces, none of
	// them at an end, without control characters, noncharacters and
	// invisible marks of layout.
	Text string

	steps []step
}

// step says that the bytes of Text from text on come from source on.
type step struct{ text, source int }

// Clean makes text fit for an engine.
func Clean(text string) Cleaned { return Cleaned{Text: text} }

// Source is the byte of the source from which byte i of Text comes. i may be
// len(Text).
func (c Cleaned) Source(i int) int { return i }
