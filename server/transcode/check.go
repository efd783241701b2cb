package transcode

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

// check reports every reason why body is not a JSON form of md, or nil. Broken
// JSON ends the check; other faults are collected.
func check(body []byte, md protoreflect.MessageDescriptor) *Error {
	if !utf8.Valid(body) {
		return refuse("", "Invalid JSON payload received. Encountered non UTF-8 code points.")
	}
	c := &checker{scanner: scanner{body: body}}
	if err := c.root(md); err != nil {
		return err
	}
	if len(c.found) > 0 {
		return &Error{c.found}
	}
	return nil
}

type checker struct {
	scanner
	found []Violation
}

func (c *checker) add(e *Error) {
	if len(c.found) < maxViolations {
		c.found = append(c.found, e.Violations...)
	}
}

// unknown notes a name that cannot be used where it stands.
func (c *checker) unknown(name, path, reason string) {
	at := ""
	if path != "" {
		at = " at '" + path + "'"
	}
	c.add(refuse(join(path, name), "Invalid JSON payload received. Unknown name %s%s: %s", quote(name), at, reason))
}

// invalid notes a value, given as it was written, that its field cannot hold.
func (c *checker) invalid(path string, fd protoreflect.FieldDescriptor, written string) {
	c.add(invalidValue(path, fd, written))
}

func (c *checker) root(md protoreflect.MessageDescriptor) *Error {
	if c.peek() != '{' {
		if _, err := c.skip(0); err != nil {
			return err
		}
		c.unknown("", "", "Root element must be a message.")
	} else if err := c.message(md, "", 1); err != nil {
		return err
	}
	if c.peek(); c.pos < len(c.body) {
		return c.broken("Parsing terminated before end of input.")
	}
	return nil
}

// message reads an object that stands for an md at path; depth counts the
// brackets open inside it, its own included.
func (c *checker) message(md protoreflect.MessageDescriptor, path string, depth int) *Error {
	if depth > MaxDepth {
		return c.tooDeep()
	}
	seen := map[protoreflect.FullName]bool{}
	return c.members(func(name string) *Error {
		fd := md.Fields().ByJSONName(name)
		if fd == nil {
			fd = md.Fields().ByName(protoreflect.Name(name))
		}
		if fd == nil {
			c.unknown(name, path, "Cannot find field.")
			_, err := c.skip(depth)
			return err
		}
		if seen[fd.FullName()] {
			c.unknown(name, path, "The field is already set.")
			_, err := c.skip(depth)
			return err
		}
		seen[fd.FullName()] = true
		if c.peek() == 'n' { // null: as if absent
			return c.plain()
		}
		if one := fd.ContainingOneof(); one != nil && !one.IsSynthetic() {
			if seen[one.FullName()] {
				c.add(refuse(join(path, fd.TextName()), "Invalid value at '%s' (oneof), oneof field '%s' is already set. Cannot set '%s'",
					path, one.Name(), fd.Name()))
				_, err := c.skip(depth)
				return err
			}
			seen[one.FullName()] = true
		}
		return c.field(fd, name, path, depth)
	})
}

func (c *checker) field(fd protoreflect.FieldDescriptor, name, parent string, depth int) *Error {
	path := join(parent, string(fd.Name()))
	switch {
	case fd.IsMap():
		// The APIs served have none; the final decoding judges it.
		_, err := c.skip(depth)
		return err
	case fd.IsList() && c.peek() == '[':
		if depth >= MaxDepth {
			return c.tooDeep()
		}
		return c.elements(func(i int) *Error {
			return c.value(fd, path+"["+strconv.Itoa(i)+"]", depth+1)
		})
	case fd.IsList():
		written, err := c.skip(depth)
		c.invalid(path, fd, written)
		return err
	case c.peek() == '[':
		c.unknown(name, parent, "Proto field is not repeating, cannot start list.")
		_, err := c.skip(depth)
		return err
	}
	return c.value(fd, path, depth)
}

// value reads one value of fd: the field's only one, or an element.
func (c *checker) value(fd protoreflect.FieldDescriptor, path string, depth int) *Error {
	md := fd.Message()
	if md != nil && c.peek() == '{' && !wellKnown(md) {
		return c.message(md, path, depth+1)
	}
	isObject := c.peek() == '{'
	written, err := c.skip(depth)
	switch {
	case err != nil:
		return err
	case md != nil && wellKnown(md):
		if protojson.Unmarshal([]byte(written), dynamicpb.NewMessage(md)) != nil {
			c.invalid(path, fd, written)
		}
	case md == nil && isObject:
		c.invalid(path, fd, "Starting an object on a scalar field")
	case md != nil || !fits(fd, written):
		c.invalid(path, fd, written)
	}
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
	return refuse(path, "Invalid value at '%s' (%s), %s", path, kind, shorten(written))
}

func join(path, name string) string {
	if path == "" {
		return shorten(name)
	}
	return path + "." + shorten(name)
}

// shorten keeps an echo of what was sent readable.
func shorten(written string) string {
	const most = 100
	if len(written) <= most {
		return written
	}
	return strings.ToValidUTF8(written[:most], "") + "…"
}

// quote is name between quotes, as it was sent.
func quote(name string) string { return `"` + shorten(name) + `"` }
