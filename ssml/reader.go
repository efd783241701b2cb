package ssml

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
)

// declaration is the XML declaration of XML 1.0, section 2.8.
var declaration = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')` +
	`(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
	`(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>`)

const noCharacter = "The character reference names no character that XML allows."

// maxAttributes is more than any element has; it bounds the search for twins.
const maxAttributes = 50

const byteOrderMark = "\uFEFF"

// reader builds the tree out of the tokens of encoding/xml, and checks what
// encoding/xml does not.
type reader struct {
	text     string
	maxDepth int

	xml  *xml.Decoder
	base int // where in text xml began

	root *Element
	open []*Element // from the root to the innermost
}

func newReader(text string, maxDepth int) *reader {
	return &reader{text: text, maxDepth: maxDepth}
}

func (r *reader) read() error {
	if err := r.prolog(); err != nil {
		return err
	}
	r.xml = xml.NewDecoder(strings.NewReader(r.text[r.base:]))
	for {
		start := r.at()
		token, err := r.xml.RawToken()
		if err == io.EOF {
			return r.end()
		}
		if err != nil {
			return r.syntaxFault(start, err)
		}
		if err := r.take(token, start, r.text[start:r.at()]); err != nil {
			return err
		}
	}
}

// at is the byte of text that encoding/xml reads next.
func (r *reader) at() int { return r.base + int(r.xml.InputOffset()) }

// prolog passes over a byte order mark and an XML declaration.
func (r *reader) prolog() error {
	if strings.HasPrefix(r.text, byteOrderMark) {
		r.base = len(byteOrderMark)
	}
	rest := r.text[r.base:]
	if !strings.HasPrefix(rest, "<?xml") || len(rest) == 5 || !strings.ContainsRune(space+"?", rune(rest[5])) {
		return nil
	}
	found := declaration.FindStringSubmatch(rest)
	if found == nil {
		return r.fault(r.base, `The XML declaration is malformed. Write <?xml version="1.0" encoding="UTF-8"?> or leave it out.`)
	}
	if encoding := found[1] + found[2]; encoding != "" && !strings.EqualFold(encoding, "UTF-8") {
		return r.fault(r.base, "The XML declaration says that the encoding is %s. Only UTF-8 is read.", shown(encoding))
	}
	r.base += len(found[0])
	return nil
}

// take adds one token, which is raw in the source.
func (r *reader) take(token xml.Token, start int, raw string) error {
	switch token := token.(type) {
	case xml.StartElement:
		return r.startElement(token, start, raw)
	case xml.EndElement:
		return r.endElement(token, start)
	case xml.CharData:
		return r.characters(string(token), start, raw)
	case xml.ProcInst:
		if strings.EqualFold(token.Target, "xml") {
			return r.fault(start, "An XML declaration may only stand at the very beginning.")
		}
		if len(r.open) == 0 {
			return r.fault(start, "Nothing but comments and space may stand outside <speak>.")
		}
	case xml.Directive:
		return r.fault(start, "A document type declaration (<!DOCTYPE …>) is not allowed.")
	}
	return nil // a comment
}

func (r *reader) startElement(token xml.StartElement, start int, raw string) error {
	e := &Element{Name: written(token.Name), Offset: start}
	if len(token.Attr) > maxAttributes {
		return r.fault(start, "<%s> has more than %d attributes.", shown(e.Name), maxAttributes)
	}
	offsets, ok := attributeOffsets(raw)
	if !ok {
		return r.fault(start+offsets[len(offsets)-1], "There must be a space before the attribute.")
	}
	if at := badReference(raw); at >= 0 {
		return r.fault(start+at, noCharacter)
	}
	for i, a := range token.Attr {
		attribute := Attribute{Name: written(a.Name), Value: a.Value, Offset: start + offsets[i]}
		if _, twice := e.Attribute(attribute.Name); twice {
			return r.fault(attribute.Offset, "<%s> has the attribute %q twice.", shown(e.Name), shown(attribute.Name))
		}
		e.Attributes = append(e.Attributes, attribute)
	}
	if len(r.open) == r.maxDepth {
		return r.fault(start, "Elements nest deeper than %d.", r.maxDepth)
	}
	if len(r.open) == 0 && r.root != nil {
		return r.fault(start, "There may be only one root element.")
	}
	if err := r.check(e); err != nil {
		return err
	}
	if parent := r.parent(); parent != nil {
		parent.Children = append(parent.Children, e)
	} else {
		r.root = e
	}
	r.open = append(r.open, e)
	return nil
}

// parent is the innermost open element, or nil.
func (r *reader) parent() *Element {
	if len(r.open) == 0 {
		return nil
	}
	return r.open[len(r.open)-1]
}

func (r *reader) endElement(token xml.EndElement, start int) error {
	e, name := r.parent(), written(token.Name)
	if e == nil {
		return r.fault(start, "</%s> closes nothing.", shown(name))
	}
	if e.Name != name {
		line, column := position(r.text, e.Offset)
		return r.fault(start, "</%s> stands where <%s> of line %d, column %d must be closed first.",
			shown(name), shown(e.Name), line, column)
	}
	e.End = r.at()
	r.open = r.open[:len(r.open)-1]
	return nil
}

func (r *reader) characters(text string, start int, raw string) error {
	parent := r.parent()
	blank := strings.Trim(raw, space) == ""
	if parent == nil {
		if blank {
			return nil
		}
		at := start + len(raw) - len(strings.TrimLeft(raw, space))
		return r.fault(at, "Nothing but comments and space may stand outside <speak>.")
	}
	if at := badReference(raw); at >= 0 {
		return r.fault(start+at, noCharacter)
	}
	switch rule := elements[parent.Name]; {
	case rule.content == empty:
		return r.fault(start, "<%s> must be empty.", parent.Name)
	case rule.content == onlyElements && !blank:
		return r.fault(start, "<%s> holds elements, no text.", parent.Name)
	}
	parent.Children = append(parent.Children, newRun(text, raw, start))
	return nil
}

// end checks that the document is whole.
func (r *reader) end() error {
	switch {
	case len(r.open) > 0:
		e := r.parent()
		return r.fault(e.Offset, "<%s> is never closed.", shown(e.Name))
	case r.root == nil:
		return r.fault(len(r.text), "There is no <speak> element.")
	}
	return nil
}

// syntaxFault turns an error of encoding/xml in the token that begins at start
// into a fault.
func (r *reader) syntaxFault(start int, err error) error {
	at := min(r.at(), len(r.text))
	// encoding/xml stands behind the character it did not like.
	if _, size := utf8.DecodeLastRuneInString(r.text[:at]); at-size >= start {
		at -= size
	}
	message := err.Error()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		message = syntax.Msg
	}
	switch {
	case strings.HasPrefix(message, "invalid character entity"):
		at = start + max(0, strings.LastIndexByte(r.text[start:min(at+1, len(r.text))], '&'))
		message = "an & that begins none of &amp; &lt; &gt; &quot; &apos; or a character reference; write &amp; for the character itself"
	case strings.HasPrefix(message, "illegal character code"):
		at = start + max(0, badReference(r.text[start:]))
		message = "the character reference names no character that XML allows"
	case strings.HasPrefix(message, "expected element name after <"):
		at = start
		message = "a < that begins no tag; write &lt; for the character itself"
	case strings.HasPrefix(message, "unexpected EOF"):
		message = "the text ends in the middle of " + r.unfinished(start)
	}
	return r.fault(at, "The SSML is not well-formed XML: %s.", shownLong(message)).Because(err)
}

// unfinished says in what the text ended.
func (r *reader) unfinished(start int) string {
	switch rest := r.text[start:]; {
	case strings.HasPrefix(rest, "<!--"):
		return "a comment"
	case strings.HasPrefix(rest, cdataOpen):
		return "a CDATA section"
	case strings.HasPrefix(rest, "<!"):
		return "a declaration"
	case strings.HasPrefix(rest, "<"):
		return "a tag"
	}
	return "an element"
}

func (r *reader) fault(at int, format string, args ...any) *fault.Error {
	return faultAt(r.text, at, format, args...)
}

// written is a raw name as the source has it.
func written(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}

// shownLong cuts a message of encoding/xml, which may quote the source.
func shownLong(message string) string {
	const most = 160
	if len(message) > most {
		return strings.ToValidUTF8(message[:most], "") + "…"
	}
	return message
}
