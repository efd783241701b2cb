package ssml

// Limits bound what a document may cost. Zero fields mean the defaults.
type Limits struct {
	// MaxBytes is the longest text; 0 means 1,000,000.
	MaxBytes int
	// MaxDepth is how deep elements may nest, the root being 1; 0 means 64.
	MaxDepth int
}

// Document is a checked document. It does not change and may be read by many
// goroutines.
type Document struct {
	Source string
	Root   *Element
}

// Element is one element with its place in the source.
type Element struct {
	Name string
}

// Parse reads text as one SSML document. The error is a *fault.Error of kind
// INVALID_ARGUMENT with Line and Column, both from 1, columns in characters;
// Field is empty.
func Parse(text string, limits Limits) (*Document, error) { return nil, nil }
