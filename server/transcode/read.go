package transcode

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// read fills the empty message m from body, its JSON form, or reports every reason
// why it is none. Broken JSON ends the reading; other faults are collected.
func read(body []byte, m protoreflect.Message) *Error {
	if !utf8.Valid(body) {
		return refuse("", "Invalid JSON payload received. Encountered non UTF-8 code points.")
	}
	r := &reader{scanner: scanner{body: body}}
	if err := r.root(m); err != nil {
		return err
	}
	if len(r.found) > 0 {
		return &Error{r.found}
	}
	return nil
}

// reader fills a message while it checks. Once it has found a fault, what it fills
// is of no use.
type reader struct {
	scanner
	found []Violation
}

func (r *reader) add(e *Error) {
	if len(r.found) < maxViolations {
		r.found = append(r.found, e.Violations...)
	}
}

// unknown notes a name that cannot be used where it stands.
func (r *reader) unknown(name, path, reason string) {
	at := ""
	if path != "" {
		at = " at '" + path + "'"
	}
	r.add(refuse(join(path, name), "Invalid JSON payload received. Unknown name %s%s: %s", quote(name), at, reason))
}

// invalid notes a value, given as it was written, that its field cannot hold.
func (r *reader) invalid(path string, fd protoreflect.FieldDescriptor, written string) {
	r.add(invalidValue(path, fd, written))
}

func (r *reader) root(m protoreflect.Message) *Error {
	if r.peek() != '{' {
		if _, err := r.skip(0); err != nil {
			return err
		}
		r.unknown("", "", "Root element must be a message.")
	} else if err := r.message(m, "", 1); err != nil {
		return err
	}
	if r.peek(); r.pos < len(r.body) {
		return r.broken("Parsing terminated before end of input.")
	}
	return nil
}

// message reads an object into m, which is at path; depth counts the brackets
// open inside it, its own included.
func (r *reader) message(m protoreflect.Message, path string, depth int) *Error {
	if depth > maxDepth {
		return r.tooDeep()
	}
	fields := m.Descriptor().Fields()
	var seen []protoreflect.Descriptor // fields, and oneofs
	return r.members(func(name string) *Error {
		fd := fields.ByJSONName(name)
		if fd == nil {
			fd = fields.ByName(protoreflect.Name(name))
		}
		if fd == nil {
			r.unknown(name, path, "Cannot find field.")
			_, err := r.skip(depth)
			return err
		}
		if slices.Contains(seen, protoreflect.Descriptor(fd)) {
			r.unknown(name, path, "The field is already set.")
			_, err := r.skip(depth)
			return err
		}
		seen = append(seen, fd)
		if r.peek() == 'n' { // null: as if absent
			_, err := r.plain()
			return err
		}
		if one := fd.ContainingOneof(); one != nil && !one.IsSynthetic() {
			if slices.Contains(seen, protoreflect.Descriptor(one)) {
				r.add(refuse(join(path, fd.TextName()), "Invalid value at '%s' (oneof), oneof field '%s' is already set. Cannot set '%s'",
					path, one.Name(), fd.Name()))
				_, err := r.skip(depth)
				return err
			}
			seen = append(seen, one)
		}
		return r.field(m, fd, name, path, depth)
	})
}

// field reads the value of a field of m, which is at parent.
func (r *reader) field(m protoreflect.Message, fd protoreflect.FieldDescriptor, name, parent string, depth int) *Error {
	path := join(parent, string(fd.Name()))
	switch {
	case fd.IsMap():
		return r.mapping(m, fd, path, depth)
	case fd.IsList() && r.peek() == '[':
		if depth >= maxDepth {
			return r.tooDeep()
		}
		list := m.Mutable(fd).List()
		return r.elements(func(i int) *Error {
			v, err := r.value(fd, list.NewElement, path+"["+strconv.Itoa(i)+"]", depth+1)
			if v.IsValid() {
				list.Append(v)
			}
			return err
		})
	case fd.IsList():
		written, err := r.skip(depth)
		r.invalid(path, fd, written)
		return err
	case r.peek() == '[':
		r.unknown(name, parent, "Proto field is not repeating, cannot start list.")
		_, err := r.skip(depth)
		return err
	}
	v, err := r.value(fd, func() protoreflect.Value { return m.NewField(fd) }, path, depth)
	if v.IsValid() {
		m.Set(fd, v)
	}
	return err
}

// value reads one value of fd: the field's only one, or an element. empty makes
// one of messages. What it returns is not valid when fd cannot hold it.
func (r *reader) value(fd protoreflect.FieldDescriptor, empty func() protoreflect.Value, path string, depth int) (v protoreflect.Value, err *Error) {
	md, first := fd.Message(), r.peek()
	start := r.pos
	switch {
	case md != nil && wellKnown(md):
		var written string
		if written, err = r.skip(depth); err == nil {
			if v = empty(); protojson.Unmarshal([]byte(written), v.Message().Interface()) != nil {
				v = none
			}
		}
	case md != nil && first == '{':
		v = empty()
		return v, r.message(v.Message(), path, depth+1)
	case md != nil || first == '{' || first == '[':
		_, err = r.skip(depth)
	case first == '"':
		var text string
		if text, err = r.text(); err == nil {
			v = fromText(fd, text)
		}
	default:
		var word string
		if word, err = r.plain(); err == nil {
			v = fromWord(fd, word)
		}
	}
	switch {
	case err != nil || v.IsValid():
	case md == nil && first == '{':
		r.invalid(path, fd, "Starting an object on a scalar field")
	default:
		r.invalid(path, fd, string(r.body[start:r.pos]))
	}
	return v, err
}

// mapping reads a map, as protobuf's own reader does: the APIs served have none.
func (r *reader) mapping(m protoreflect.Message, fd protoreflect.FieldDescriptor, path string, depth int) *Error {
	written, err := r.skip(depth)
	if err != nil {
		return err
	}
	alone := m.New()
	if protojson.Unmarshal([]byte(`{"`+fd.JSONName()+`":`+written+`}`), alone.Interface()) != nil {
		r.invalid(path, fd, written)
		return nil
	}
	m.Set(fd, alone.Get(fd))
	return nil
}

// wellKnown reports whether md has a JSON form of its own, such as Duration.
func wellKnown(md protoreflect.MessageDescriptor) bool {
	return md.FullName().Parent() == "google.protobuf"
}

// invalidValue is the platform's sentence for a value that its field cannot
// hold.
func invalidValue(path string, fd protoreflect.FieldDescriptor, written string) *Error {
	kind := "TYPE_" + strings.ToUpper(fd.Kind().String())
	if md := fd.Message(); md != nil {
		kind = "type.googleapis.com/" + string(md.FullName())
	} else if ed := fd.Enum(); ed != nil {
		kind = "type.googleapis.com/" + string(ed.FullName())
	}
	return refuse(path, "Invalid value at '%s' (%s), %s", path, kind, fault.Excerpt(written))
}

func join(path, name string) string {
	if path == "" {
		return fault.Excerpt(name)
	}
	return path + "." + fault.Excerpt(name)
}

// quote is name between quotes, as it was sent.
func quote(name string) string { return `"` + fault.Excerpt(name) + `"` }
