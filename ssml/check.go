package ssml

import (
	"slices"
	"strings"

	"github.com/lectern/lectern/phoneme"
)

// check holds a start tag against the table of elements. r.open is where it
// would stand.
func (r *reader) check(e *Element) error {
	rule := elements[e.Name]
	parent := r.parent()
	if rule == nil && r.limits.Lenient && parent != nil {
		return r.passOver(e, parent)
	}
	e.rule = rule
	switch {
	case rule == nil:
		return r.unknownElement(e)
	case parent == nil && e.Name != "speak":
		return r.fault(e.Offset, "The root element is <%s>, it must be <speak>.", e.Name)
	}
	if parent != nil {
		if err := r.checkPlace(e, rule, parent); err != nil {
			return err
		}
	}
	if err := r.checkAttributes(e, rule); err != nil {
		return err
	}
	if (e.Name == "par" || e.Name == "seq") && parent.rule.content != onlyElements {
		r.containers = append(r.containers, e)
	}
	if rule.check != nil {
		return rule.check(r, e)
	}
	return nil
}

// passedOver are the rules of elements that are none of ours, by what their
// parents hold: so does what stands between.
var passedOver = map[content]*rule{mixed: {content: mixed, passedOver: true}, onlyText: {content: onlyText, passedOver: true}}

// unspoken are elements of W3C's that hold no speech.
const unspoken = "metadata"

// passOver lets an element stand that is none of ours.
func (r *reader) passOver(e, parent *Element) error {
	e.rule = passedOver[parent.rule.content]
	if e.rule == nil {
		return r.unknownElement(e)
	}
	r.ignore("<" + e.Name + ">")
	return nil
}

// checkPlace is about where e may stand.
func (r *reader) checkPlace(e *Element, rule *rule, parent *Element) error {
	switch parent.rule.content {
	case empty:
		return r.fault(e.Offset, "<%s> must be empty.", parent.Name)
	case onlyText:
		return r.fault(e.Offset, "<%s> holds text, no elements.", parent.Name)
	case onlyElements:
		allowed := children[parent.Name]
		if !slices.Contains(allowed.names, e.Name) || parent.Name == "media" && len(parent.Children) > 0 {
			return r.fault(e.Offset, "<%s> holds %s, so <%s> may not stand here.", parent.Name, allowed.want, e.Name)
		}
		return nil
	}
	if rule.parents != nil && !slices.Contains(rule.parents, parent.Name) {
		return r.fault(e.Offset, "<%s> may not stand inside <%s>, only inside <%s>.", e.Name, parent.Name, strings.Join(rule.parents, "> or <"))
	}
	if rule.notInside == nil {
		return nil
	}
	for _, outer := range slices.Backward(r.open) {
		if outer.Name == "speak" {
			break
		}
		if slices.Contains(rule.notInside, outer.Name) {
			return r.fault(e.Offset, "<%s> may not stand inside <%s>.", e.Name, outer.Name)
		}
	}
	return nil
}

// checkWhole is about what e holds, now that it is closed.
func (r *reader) checkWhole(e *Element) error {
	if e.rule.content == onlyElements && len(e.Children) == 0 {
		return r.fault(e.Offset, "<%s> is empty, it must hold %s.", e.Name, children[e.Name].want)
	}
	return nil
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
	return r.fault(e.Offset, "<%s> is not an SSML element that can be spoken.", shown(e.Name))
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

func (r *reader) checkAttributes(e *Element, rule *rule) error {
	for i, a := range e.Attributes {
		if prefix, ok := strings.CutPrefix(a.Name, "xmlns:"); ok && e.Name == "speak" && len(r.open) == 0 {
			if a.Value == "" || prefix == "xmlns" {
				return r.fault(a.Offset, "The namespace declaration %q is malformed.", shown(a.Name))
			}
			continue
		}
		known := rule.attribute(a.Name)
		if known == nil {
			return r.unknownAttribute(e, a)
		}
		if want := known.form(a.Value); want != "" {
			return r.badValue(e, &e.Attributes[i], want)
		}
	}
	for _, a := range rule.attributes {
		if a.required && e.attribute(a.name) == nil {
			return r.fault(e.Offset, "<%s> needs the attribute %q.", e.Name, a.name)
		}
	}
	return nil
}

// badValue is the fault of an attribute that is not what it should be.
func (r *reader) badValue(e *Element, a *Attribute, want string) error {
	return r.fault(a.Offset, "The attribute %q of <%s> is %q, it must be %s.", a.Name, e.Name, shown(a.Value), want)
}

func (r *reader) unknownAttribute(e *Element, a Attribute) error {
	if prefix, _, prefixed := strings.Cut(a.Name, ":"); prefixed && prefix != "xmlns" && !r.declared(prefix, e) {
		return r.fault(a.Offset, "<%s> has no attribute %q, and the prefix %q is not declared.", e.Name, shown(a.Name), shown(prefix))
	}
	return r.fault(a.Offset, "<%s> has no attribute %q.", e.Name, shown(a.Name))
}

func (r *reader) checkSchemaLocation(e *Element) error {
	if a := e.attribute("xsi:schemaLocation"); a != nil && !r.declared("xsi", e) {
		return r.unknownAttribute(e, *a)
	}
	return nil
}

func (r *reader) checkVoice(e *Element) error {
	for _, feature := range features {
		if e.attribute(feature) != nil {
			return nil
		}
	}
	return r.fault(e.Offset, `<voice> needs the attribute "name", or at least one of "gender", "variant" and "language".`)
}

func (r *reader) checkAudio(e *Element) error {
	src := e.attribute("src")
	if want := source(src.Value, r.limits.Source); want != "" {
		if r.limits.Lenient {
			r.ignore("<audio src>")
			return nil
		}
		return r.badValue(e, src, want)
	}
	return nil
}

// checkPhoneme reads ph, by default in IPA.
func (r *reader) checkPhoneme(e *Element) error {
	parse := phoneme.ParseIPA
	if alphabet, _ := e.Attribute("alphabet"); alphabet == "x-sampa" {
		parse = phoneme.ParseXSAMPA
	}
	ph := e.attribute("ph")
	said, err := parse(ph.Value)
	if err != nil {
		return r.fault(ph.Offset, `The attribute "ph" of <phoneme> cannot be read: %s.`, shownLong(err.Error()))
	}
	e.ipa = said.String()
	return nil
}

func (r *reader) checkMedia(e *Element) error {
	id := e.attribute("xml:id")
	if id == nil {
		return nil
	}
	if id.encoded {
		return r.badValue(e, id, identifierWanted)
	}
	if other, taken := r.ids[id.Value]; taken {
		line, column := position(r.text, other.Offset)
		return r.fault(id.Offset, `The attribute "xml:id" of <media> is %q, which the <media> of line %d, column %d has already.`,
			shown(id.Value), line, column)
	}
	if r.ids == nil {
		r.ids = map[string]*Element{}
	}
	r.ids[id.Value] = e
	return nil
}
