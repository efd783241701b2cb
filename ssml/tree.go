package ssml

import "sort"

// Document is a checked document. It does not change and may be read by many
// goroutines.
type Document struct {
	// Source is the text that was parsed; all offsets are bytes of it.
	Source string
	Root   *Element
	// Ignored is what was passed over, each once, in the order of the source:
	// elements such as "<w>", and "<audio src>"; "..." after many. Only [Limits.Lenient] does so.
	Ignored []string
}

// Position is the line and column, both from 1, columns in characters, of a
// byte of the source.
func (d *Document) Position(offset int) (line, column int) {
	return position(d.Source, offset)
}

// Node is an [*Element] or a [*Run].
type Node interface{ node() }

// Element is one element with what it holds.
type Element struct {
	// Name is the name as written, with its prefix, such as "google:style".
	Name       string
	Attributes []Attribute
	Children   []Node
	// Offset and End are where its start tag begins and its end tag ends.
	Offset, End int

	rule *rule
	ipa  string // how a phoneme is pronounced
}

// Attribute is one attribute of a start tag.
type Attribute struct {
	Name, Value string // the name as written, the value with references decoded
	Offset      int    // of the name

	encoded bool // the source has references in the value
}

// Attribute is the value of the attribute name, and whether it is there.
func (e *Element) Attribute(name string) (value string, ok bool) {
	if a := e.attribute(name); a != nil {
		return a.Value, true
	}
	return "", false
}

// attribute is the attribute name, or nil.
func (e *Element) attribute(name string) *Attribute {
	for i := range e.Attributes {
		if e.Attributes[i].Name == name {
			return &e.Attributes[i]
		}
	}
	return nil
}

// Run is character data between two tags, comments or the like.
type Run struct {
	// Text is the data with references decoded and line ends made "\n".
	Text   string
	places places
}

func (*Element) node() {}
func (*Run) node()     {}

// places lead from a text back to the source, in order of text.
type places []place

// place says that the text from the byte text on comes from the source byte
// source on: byte by byte, or, if fixed, all from there (a character
// reference, an alias).
type place struct {
	text, source int
	fixed        bool
}

// source is the byte of the source from which byte i of the text comes.
func (p places) source(i int) int {
	after := sort.Search(len(p), func(k int) bool { return p[k].text > i })
	if after == 0 {
		return 0
	}
	from := p[after-1]
	if from.fixed {
		return from.source
	}
	return from.source + i - from.text
}
