package ssml

import (
	"maps"
	"slices"
	"strings"
)

// check holds a start tag against the table of elements. r.open is where it
// would stand.
func (r *reader) check(e *Element) error {
	rule, known := elements[e.Name]
	parent := r.parent()
	switch {
	case !known:
		return r.unknownElement(e)
	case parent == nil && e.Name != "speak":
		return r.fault(e.Offset, "The root element is <%s>, it must be <speak>.", e.Name)
	case !rule.supported:
		return r.fault(e.Offset, "The element <%s> is not supported yet.", e.Name)
	}
	if parent != nil {
		switch elements[parent.Name].content {
		case empty:
			return r.fault(e.Offset, "<%s> must be empty.", parent.Name)
		case onlyText:
			return r.fault(e.Offset, "<%s> holds text, no elements.", parent.Name)
		}
	}
	for _, outer := range r.open {
		if slices.Contains(rule.notInside, outer.Name) {
			return r.fault(e.Offset, "<%s> may not stand inside <%s>.", e.Name, outer.Name)
		}
	}
	return r.checkAttributes(e, rule)
}

func (r *reader) unknownElement(e *Element) error {
	prefix, _, prefixed := strings.Cut(e.Name, ":")
	lower := strings.ToLower(e.Name)
	_, inLowerCase := elements[lower]
	switch {
	case inLowerCase:
		return r.fault(e.Offset, "<%s> is not an SSML element; names are in lower case: <%s>.", e.Name, lower)
	case prefixed && !r.declared(prefix, e):
		return r.fault(e.Offset, "<%s> is not an SSML element, and the prefix %q is not declared.", shown(e.Name), shown(prefix))
	}
	return r.fault(e.Offset, "<%s> is not an SSML element.", shown(e.Name))
}

// declared reports whether a namespace prefix is known where e stands. Only
// the root may declare any.
func (r *reader) declared(prefix string, e *Element) bool {
	if prefix == "xml" || prefix == "google" {
		return true
	}
	root := r.root
	if root == nil {
		root = e
	}
	_, ok := root.Attribute("xmlns:" + prefix)
	return ok
}

func (r *reader) checkAttributes(e *Element, rule rule) error {
	for _, a := range e.Attributes {
		if prefix, ok := strings.CutPrefix(a.Name, "xmlns:"); ok && e.Name == "speak" {
			if a.Value == "" || prefix == "xmlns" {
				return r.fault(a.Offset, "The namespace declaration %q is malformed.", shown(a.Name))
			}
			continue
		}
		known, ok := rule.attributes[a.Name]
		if !ok {
			return r.unknownAttribute(e, a)
		}
		if want := known.form(a.Value); want != "" {
			return r.fault(a.Offset, "The attribute %q of <%s> is %q, it must be %s.", a.Name, e.Name, shown(a.Value), want)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(rule.attributes)) {
		if _, ok := e.Attribute(name); !ok && rule.attributes[name].required {
			return r.fault(e.Offset, "<%s> needs the attribute %q.", e.Name, name)
		}
	}
	return nil
}

func (r *reader) unknownAttribute(e *Element, a Attribute) error {
	if prefix, _, prefixed := strings.Cut(a.Name, ":"); prefixed && prefix != "xmlns" && !r.declared(prefix, e) {
		return r.fault(a.Offset, "<%s> has no attribute %q, and the prefix %q is not declared.", e.Name, shown(a.Name), shown(prefix))
	}
	return r.fault(a.Offset, "<%s> has no attribute %q.", e.Name, shown(a.Name))
}
