package ssml

import (
	"regexp"
	"slices"
	"strings"
)

// declaration is the XML declaration of XML 1.0, section 2.8.
var declaration = regexp.MustCompile(`^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(?:"1\.[0-9]+"|'1\.[0-9]+')` +
	`(?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
	`(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\r\n]*\?>`)

const byteOrderMark = "\uFEFF"

const outside = "Nothing but comments and space may stand outside <speak>."

// reader builds the tree out of tokens and checks it as it grows.
type reader struct {
	scanner
	limits Limits

	root *Element
	open []*Element // from the root to the innermost
	// elements are those of the tree.
	elements slab[Element]
	// ids are the media that have one.
	ids map[string]*Element
	// containers are the outermost par and seq.
	containers []*Element
	// ignored is what was passed over.
	ignored []string
}

// ignore notes what is passed over.
func (r *reader) ignore(what string) {
	const most = 16
	if slices.Contains(r.ignored, what) || len(r.ignored) > most {
		return
	}
	if len(r.ignored) == most {
		what = "..."
	}
	r.ignored = append(r.ignored, what)
}

func (r *reader) read() error {
	for {
		t, err := r.next()
		if err == nil {
			err = r.take(t)
		}
		if err != nil {
			return err
		}
		if t.kind == endOfText {
			return r.checkTimes()
		}
	}
}

// prolog passes over a byte order mark and an XML declaration.
func (r *reader) prolog() error {
	if strings.HasPrefix(r.text, byteOrderMark) {
		r.at = len(byteOrderMark)
	}
	rest := r.text[r.at:]
	if !strings.HasPrefix(rest, "<?xml") || len(rest) == 5 || !strings.ContainsRune(space+"?", rune(rest[5])) {
		return nil
	}
	found := declaration.FindStringSubmatch(rest)
	if found == nil {
		return r.fault(r.at, `The XML declaration is malformed. Write <?xml version="1.0" encoding="UTF-8"?> or leave it out.`)
	}
	if encoding := found[1] + found[2]; encoding != "" && !strings.EqualFold(encoding, "UTF-8") {
		return r.fault(r.at, "The XML declaration says that the encoding is %s. Only UTF-8 is read.", shown(encoding))
	}
	r.at += len(found[0])
	return nil
}

func (r *reader) take(t token) error {
	switch t.kind {
	case startTag:
		return r.startElement(t)
	case endTag:
		return r.endElement(t)
	case characters:
		return r.addRun(t)
	case instruction:
		if strings.EqualFold(t.name, "xml") {
			return r.fault(t.start, "An XML declaration may only stand at the very beginning.")
		}
		if len(r.open) == 0 {
			return r.fault(t.start, outside)
		}
		return nil
	}
	return r.end()
}

func (r *reader) startElement(t token) error {
	e := r.elements.new()
	e.Name, e.Attributes, e.Offset = t.name, t.attributes, t.start
	if len(r.open) == r.limits.MaxDepth {
		return r.fault(t.start, "Elements nest deeper than %d.", r.limits.MaxDepth)
	}
	if len(r.open) == 0 && r.root != nil {
		return r.fault(t.start, "There may be only one root element.")
	}
	if err := r.check(e); err != nil {
		return err
	}
	if parent := r.parent(); parent != nil {
		parent.Children = append(parent.Children, e)
	} else {
		r.root = e
	}
	if t.empty {
		return r.close(e)
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

func (r *reader) endElement(t token) error {
	e := r.parent()
	if e == nil {
		return r.fault(t.start, "</%s> closes nothing.", shown(t.name))
	}
	if e.Name != t.name {
		line, column := position(r.text, e.Offset)
		return r.fault(t.start, "</%s> stands where <%s> of line %d, column %d must be closed first.",
			shown(t.name), shown(e.Name), line, column)
	}
	r.open = r.open[:len(r.open)-1]
	return r.close(e)
}

// close ends e.
func (r *reader) close(e *Element) error {
	e.End = r.at
	return r.checkWhole(e)
}

func (r *reader) addRun(t token) error {
	parent := r.parent()
	blank := strings.TrimLeft(t.raw, space)
	if parent == nil {
		if blank == "" {
			return nil
		}
		return r.fault(t.start+len(t.raw)-len(blank), outside)
	}
	switch parent.rule.content {
	case empty:
		return r.fault(t.start, "<%s> must be empty.", parent.Name)
	case onlyElements:
		if blank != "" {
			return r.fault(t.start+len(t.raw)-len(blank), "<%s> holds elements, no text.", parent.Name)
		}
		return nil
	}
	parent.Children = append(parent.Children, t.run)
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
