package textnorm

import (
	"reflect"
	"runtime"
	"strings"
	"unicode"
)

// Reading is how one piece of a sentence was read.
type Reading struct {
	Written string
	// Kind is the rule that read it, such as "money"; "as written" where none did,
	// "as told" where something else said how.
	Kind   string
	Spoken string
}

// Explain reads a sentence as [Normalizer.Sentence] does and tells which rule
// made each word.
func (n *Normalizer) Explain(text string, fixed []Fixed) []Reading {
	clean := Clean(text)
	r := n.language.reader()
	r.traced = []trace{}
	spoken := n.read(r, text, clean, wellPlaced(text, fixed))
	var readings []Reading
	next := 0 // of spoken.Words
	add := func(kind string, from, to int) {
		source := r.source(r.span(from, to))
		row := Reading{Written: source.Of(text), Kind: kind}
		for ; next < len(spoken.Words) && spoken.Words[next].Source.Start < source.End; next++ {
			row.Spoken += " " + spoken.Words[next].Of(spoken.Text)
		}
		row.Spoken = strings.TrimPrefix(row.Spoken, " ")
		readings = append(readings, row)
	}
	for i := 0; i < len(r.traced); i++ {
		t := r.traced[i]
		last := i
		for t.rule == nil && last+1 < len(r.traced) && r.traced[last+1].rule == nil && r.traced[last+1].from == r.traced[last].to &&
			r.kind(t.from) != fixedToken && r.kind(r.traced[last+1].from) != fixedToken {
			last++
		}
		kind := "as written"
		switch {
		case r.kind(t.from) == fixedToken:
			kind = "as told"
		case t.rule != nil:
			kind = kindOf(t.rule)
		}
		add(kind, t.from, r.traced[last].to)
		i = last
	}
	return readings
}

// trace is what a rule, or none, has read.
type trace struct {
	from, to int // tokens
	rule     rule
}

// note says who read the tokens from to (excluded), in place of what rules that it
// asked have noted.
func (r *reader) note(from, to int, by rule) {
	if r.traced == nil {
		return
	}
	for len(r.traced) > 0 && r.traced[len(r.traced)-1].from >= from {
		r.traced = r.traced[:len(r.traced)-1]
	}
	r.traced = append(r.traced, trace{from, to, by})
}

// kindOf is a rule's name in words: sayMoneyBehind is "money behind".
func kindOf(by rule) string {
	name := runtime.FuncForPC(reflect.ValueOf(by).Pointer()).Name()
	name = name[strings.LastIndexByte(name, '/')+1:]
	name, _, isClosure := strings.Cut(strings.TrimPrefix(name, "textnorm."), ".func")
	if isClosure {
		name = name[strings.LastIndexByte(name, '.')+1:]
	}
	switch name {
	case "abbreviate":
		return "abbreviation"
	case "addGreek":
		return "Greek letter"
	}
	var b strings.Builder
	for i, c := range strings.TrimPrefix(name, "say") {
		if unicode.IsUpper(c) && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(c))
	}
	return b.String()
}
