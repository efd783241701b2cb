package ssml

import (
	"strings"

	"github.com/lectern/lectern/fault"
)

const (
	space        = " \t\r\n"
	commentOpen  = "<!--"
	commentClose = "-->"
	cdataOpen    = "<![CDATA["
	cdataClose   = "]]>"
)

// maxAttributes is more than any element has; it bounds the search for twins.
const maxAttributes = 50

// tokenKind says what a token is.
type tokenKind int

const (
	endOfText tokenKind = iota
	startTag
	endTag
	characters
	instruction
)

// token is what stands between two places of a document.
type token struct {
	kind  tokenKind
	start int
	// name is that of a tag, or the target of an instruction.
	name       string
	attributes []Attribute
	// empty says that a start tag is its own end tag.
	empty bool
	// run is of characters.
	run *Run
	// raw is what a run was decoded from, a CDATA section with its brackets.
	raw string
}

// scanner cuts a document into tokens: the part of XML 1.0 that an SSML
// document needs, without document types and the entities they bring. It
// passes over comments, and knows nothing of the order of tokens. It may only
// be given UTF-8 without characters that XML forbids.
//
// Where it differs from encoding/xml it does as XML says: attributes need
// space between them and differ in name, a reference to a surrogate is
// refused, the target of an instruction is a name with space behind it, and
// names are those of the standard's fifth edition.
type scanner struct {
	text string
	at   int

	runs       slab[Run]
	places     slab[place]
	attributes slab[Attribute]
	// tag are the attributes of the tag that is being read.
	tag []Attribute
}

func (s *scanner) next() (token, error) {
	for {
		rest := s.text[s.at:]
		switch {
		case rest == "":
			return token{kind: endOfText, start: s.at}, nil
		case rest[0] != '<':
			return s.characters()
		case strings.HasPrefix(rest, commentOpen):
			if err := s.comment(); err != nil {
				return token{}, err
			}
		case strings.HasPrefix(rest, cdataOpen):
			return s.cdata()
		case strings.HasPrefix(rest, "<!"):
			return token{}, s.fault(s.at, "A document type declaration (<!DOCTYPE …>) is not allowed.")
		case strings.HasPrefix(rest, "<?"):
			return s.instruction()
		case strings.HasPrefix(rest, "</"):
			return s.endTag()
		default:
			return s.startTag()
		}
	}
}

func (s *scanner) characters() (token, error) {
	start := s.at
	raw := s.text[start:]
	if end := strings.IndexByte(raw, '<'); end >= 0 {
		raw = raw[:end]
	}
	if at := strings.Index(raw, cdataClose); at >= 0 {
		return token{}, s.malformed(start+at, "]]> stands outside a CDATA section; write ]]&gt;")
	}
	run, err := s.run(raw, start, true)
	s.at += len(raw)
	return token{kind: characters, start: start, run: run, raw: raw}, err
}

func (s *scanner) cdata() (token, error) {
	start := s.at
	inside := start + len(cdataOpen)
	length := strings.Index(s.text[inside:], cdataClose)
	if length < 0 {
		return token{}, s.unfinished(start, "CDATA section")
	}
	run, err := s.run(s.text[inside:inside+length], inside, false)
	s.at = inside + length + len(cdataClose)
	return token{kind: characters, start: start, run: run, raw: s.text[start:s.at]}, err
}

func (s *scanner) comment() error {
	inside := s.at + len(commentOpen)
	length := strings.Index(s.text[inside:], "--")
	if length < 0 {
		return s.unfinished(s.at, "comment")
	}
	end := inside + length
	if !strings.HasPrefix(s.text[end:], commentClose) {
		if end+2 == len(s.text) {
			return s.unfinished(s.at, "comment")
		}
		return s.malformed(end, "a comment must not hold --")
	}
	s.at = end + len(commentClose)
	return nil
}

func (s *scanner) instruction() (token, error) {
	start := s.at
	s.at += len("<?")
	name := s.name()
	length := strings.Index(s.text[s.at:], "?>")
	switch {
	case name == "":
		return token{}, s.malformed(start, "a <? must be followed by a name")
	case length < 0:
		return token{}, s.unfinished(start, "processing instruction")
	case length > 0 && strings.IndexByte(space, s.text[s.at]) < 0:
		return token{}, s.malformed(s.at, "a space must follow the name of a processing instruction")
	}
	s.at += length + len("?>")
	return token{kind: instruction, start: start, name: name}, nil
}

func (s *scanner) endTag() (token, error) {
	start := s.at
	s.at += len("</")
	name := s.name()
	s.skipSpace()
	switch {
	case s.at == len(s.text):
		return token{}, s.unfinished(start, "tag")
	case name == "":
		return token{}, s.malformed(start, "a </ that begins no tag; write &lt;/ for the characters themselves")
	case s.text[s.at] != '>':
		return token{}, s.malformed(s.at, "an end tag holds its name only")
	}
	s.at++
	return token{kind: endTag, start: start, name: name}, nil
}

func (s *scanner) startTag() (token, error) {
	start := s.at
	s.at++
	s.tag = s.tag[:0]
	t := token{kind: startTag, start: start, name: s.name()}
	if t.name == "" && s.at < len(s.text) {
		return token{}, s.malformed(start, "a < that begins no tag; write &lt; for the character itself")
	}
	for {
		spaced := s.skipSpace()
		rest := s.text[s.at:]
		switch {
		case rest == "" || rest == "/":
			return token{}, s.unfinished(start, "tag")
		case rest[0] == '>':
			s.at++
			t.attributes = s.attributesOfTag()
			return t, nil
		case strings.HasPrefix(rest, "/>"):
			s.at += 2
			t.attributes, t.empty = s.attributesOfTag(), true
			return t, nil
		case len(s.tag) == maxAttributes:
			return token{}, s.fault(start, "<%s> has more than %d attributes.", shown(t.name), maxAttributes)
		}
		a, err := s.attribute(start)
		if err != nil {
			return token{}, err
		}
		if !spaced {
			return token{}, s.malformed(a.Offset, "there must be a space before the attribute")
		}
		for _, other := range s.tag {
			if other.Name == a.Name {
				return token{}, s.fault(a.Offset, "<%s> has the attribute %q twice.", shown(t.name), shown(a.Name))
			}
		}
		s.tag = append(s.tag, a)
	}
}

func (s *scanner) attributesOfTag() []Attribute {
	if len(s.tag) == 0 {
		return nil
	}
	all := s.attributes.take(len(s.tag))
	copy(all, s.tag)
	return all
}

// attribute reads an attribute of the tag that begins at tag.
func (s *scanner) attribute(tag int) (Attribute, error) {
	a := Attribute{Offset: s.at}
	a.Name = s.name()
	if a.Name == "" {
		return a, s.malformed(a.Offset, "the name of an attribute must stand here, or > to close the tag")
	}
	s.skipSpace()
	if !strings.HasPrefix(s.text[s.at:], "=") {
		if s.at == len(s.text) {
			return a, s.unfinished(tag, "tag")
		}
		return a, s.malformed(s.at, "the attribute has no value, a = must stand here")
	}
	s.at++
	s.skipSpace()
	if s.at == len(s.text) {
		return a, s.unfinished(tag, "tag")
	}
	quote := s.text[s.at]
	if quote != '"' && quote != '\'' {
		return a, s.malformed(s.at, "the value of an attribute must stand in quotes")
	}
	s.at++
	raw := s.text[s.at:]
	end := strings.IndexByte(raw, quote)
	if less := strings.IndexByte(raw, '<'); less >= 0 && (end < 0 || less < end) {
		return a, s.malformed(s.at+less, "a < in the value of an attribute; write &lt;, or close the quotes before")
	}
	if end < 0 {
		return a, s.unfinished(tag, "tag")
	}
	raw = raw[:end]
	a.encoded = strings.IndexByte(raw, '&') >= 0
	var err error
	if a.Value = raw; !plainText(raw, true) {
		a.Value, _, err = s.decode(raw, s.at, true)
	}
	s.at += end + 1
	return a, err
}

// skipSpace passes over white space and reports whether there was any.
func (s *scanner) skipSpace() bool {
	start := s.at
	for s.at < len(s.text) && strings.IndexByte(space, s.text[s.at]) >= 0 {
		s.at++
	}
	return s.at > start
}

func (s *scanner) fault(at int, format string, args ...any) *fault.Error {
	return faultAt(s.text, at, format, args...)
}

func (s *scanner) malformed(at int, problem string) *fault.Error {
	return s.fault(at, "The SSML is not well-formed XML: %s.", problem)
}

// unfinished is the fault of what begins at start and does not end.
func (s *scanner) unfinished(start int, what string) *fault.Error {
	return s.malformed(start, "the text ends in the middle of the "+what+" that begins here")
}
