package lro

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
)

const (
	collection    = "operations"
	maxNameLength = 1024 // bytes; names are echoed in errors
)

// operationName makes the one form in which names are returned.
func operationName(parent, id string) string { return parent + "/" + collection + "/" + id }

// parseName reads the three forms of an operation's name:
// PARENT/operations/ID, operations/ID, and operations/PARENT/operations/ID.
// parent is empty if the name has none.
func parseName(name string) (parent, id string, err error) {
	if err := checkName(name); err != nil {
		return "", "", err
	}
	rest, ok := strings.CutPrefix(name, collection+"/")
	if ok && !strings.Contains(rest, "/") {
		if rest == collection {
			return "", "", malformedName()
		}
		return "", rest, nil
	}
	if !ok || !strings.Contains(rest, "/"+collection+"/") {
		rest = name
	}
	at := strings.LastIndex(rest, "/"+collection+"/")
	if at < 0 {
		return "", "", malformedName()
	}
	parent, id = rest[:at], rest[at+len(collection)+2:]
	// "operations" is the collection's own name and never an id.
	if id == collection || strings.Contains(id, "/") {
		return "", "", malformedName()
	}
	return parent, id, nil
}

// parseCollection reads the name of a List request: a parent, with or without
// "/operations", or "operations" for all of the owner's.
func parseCollection(name string) (parent string, err error) {
	if name == collection {
		return "", nil
	}
	if err := checkName(name); err != nil {
		return "", err
	}
	name = strings.TrimSuffix(name, "/"+collection)
	return strings.TrimPrefix(name, collection+"/"), nil
}

// maxParentLength leaves room for the longest form of an operation's name.
const maxParentLength = maxNameLength - len(collection+"//"+collection+"/") - idLength

// ParseParent reports what keeps parent from being the collection of an
// operation: it must be segments between slashes, such as
// "projects/p/locations/l", without spaces and control characters, none of
// them "operations", short enough that every operation's name can be asked for.
// The error is INVALID_ARGUMENT with the field "parent".
func ParseParent(parent string) error {
	if err := checkName(parent); err != nil || slices.Contains(strings.Split(parent, "/"), collection) {
		return fault.Invalid("parent", "A parent is made of names between slashes, such as \"projects/p/locations/l\", without spaces and control characters, and none of them is \"operations\".")
	}
	if len(parent) > maxParentLength {
		return fault.Invalid("parent", "The parent has %d bytes; %d is the limit.", len(parent), maxParentLength)
	}
	return nil
}

// checkName refuses what no resource name can be.
func checkName(name string) error {
	if name == "" {
		return fault.Invalid("name", "The name is empty. It must be a resource name such as \"projects/p/locations/l/operations/id\".")
	}
	if len(name) > maxNameLength || !utf8.ValidString(name) {
		return malformedName()
	}
	for _, r := range name {
		if unicode.IsControl(r) || unicode.IsSpace(r) {
			return malformedName()
		}
	}
	for segment := range strings.SplitSeq(name, "/") {
		if segment == "" {
			return malformedName()
		}
	}
	return nil
}

func malformedName() error {
	return fault.Invalid("name", "This is not the name of an operation. It must be \"projects/PROJECT/locations/LOCATION/operations/ID\" or \"operations/ID\".")
}

func notFound(name string) error {
	return fault.New(fault.NotFound, "Operation %q was not found. It may have been deleted, or it ended long ago and has expired.", name)
}
