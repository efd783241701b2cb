package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// A rule reads the tokens from at on, if they are what it is for: it says them
// and returns the token behind them. Otherwise it says nothing and returns at.
//
// What a rule looks at is bounded, or a rule looks at it once: the whole takes
// linear time.
type rule func(r *reader, at int) int

// reader reads one sentence. Rules look at its tokens and say what they read.
type reader struct {
	*language
	text   string // clean
	tokens []token
	clean  Cleaned // of text, the way to the source
	fixed  []Fixed
	// asSource says that each byte of text stands where it does in the source.
	asSource bool
	step     int // of clean, at which something came from the source last

	out     []byte
	pending Span // of the text, kept but not yet copied to the end of out
	words   []Word
	dropped []Span
	last    lastSaid
	asked   struct { // the numeral that was read last
		at int // its token and one
		n  numeral
		ok bool
	}
	looked   int     // how often a rule looked at a token: the work that was done
	traced   []trace // who read what; nil if nobody asks
	lastFrom int     // the token at which what the last rule read began
}

// lastSaid is what out ends with.
type lastSaid uint8

const (
	saidNothing lastSaid = iota
	saidWord             // as written
	saidReading          // words that a rule read
	saidMark             // punctuation
)

// readAll reads all tokens.
func (r *reader) readAll() {
	for at := 0; at < len(r.tokens); {
		at = r.readPiece(at)
	}
}

// said is all that was said. Where that is the text as it is written it is not
// copied.
func (r *reader) said() string {
	if len(r.out) == 0 && r.pending.Start == 0 && r.pending.End == len(r.text) {
		return r.text
	}
	r.flush()
	return string(r.out)
}

// readOne reads what begins at a token and returns the token behind it.
func (r *reader) readOne(at int) int {
	t := &r.tokens[at]
	if t.kind == fixedToken {
		r.sayFixed(at)
		r.note(at, at+1, nil)
		return at + 1
	}
	if t.kind == signToken && r.kind(at+1) == signToken && r.glued(at+1) && r.text[t.Start] == r.text[t.End] {
		if next := r.readRun(at); next > at {
			return next
		}
	}
	if r.startsChunk(at) {
		if next := r.try(r.chunkRules.at(r.text, t.Start), at); next > at {
			return next
		}
	}
	var rules []rule
	switch t.kind {
	case wordToken:
		w := r.text[t.Start:t.End]
		if next := r.try(r.lexicon.find(w), at); next > at {
			return next
		}
		if len(r.stopRules) > 0 && r.isGlued(at+1, ".") {
			if next := r.try(r.stopRules, at); next > at {
				return next
			}
		}
		last := w[len(w)-1]
		switch {
		case t.caps, t.title && len(w) == 1 && (r.isGlued(at+1, ".") || r.glued(at+1) && r.kind(at+1) == numberToken):
			rules = r.capsRules
		case last == 's' && len(w) < longestInitialism && len(w) > 2 && w[1] < 'a':
			rules = r.possessiveRules
		}
	case numberToken:
		if rules = r.numberRules; r.innerRules != nil && !r.starts(at) {
			rules = r.innerRules
		}
	case signToken:
		if c := r.text[t.Start]; (c >= utf8.RuneSelf || r.marks[c] != plainMark) && !r.closesWord(at) {
			rules = r.signRules.at(r.text, t.Start)
		}
	}
	if next := r.try(rules, at); next > at {
		return next
	}
	r.keep(at)
	r.note(at, at+1, nil)
	return at + 1
}

// try reads by the first rule that applies.
func (r *reader) try(rules []rule, at int) int {
	for _, rule := range rules {
		if next := rule(r, at); next > at {
			r.lastFrom = at
			r.note(at, next, rule)
			return next
		}
	}
	return at
}

// startsChunk reports whether a token begins something written in one piece of
// several tokens: white space is before it, or a mark that opens or separates,
// and none behind it.
func (r *reader) startsChunk(at int) bool {
	if at+1 >= len(r.tokens) || r.tokens[at+1].space || r.tokens[at+1].kind == fixedToken {
		return false
	}
	t := r.tokens[at]
	if t.space || at == 0 {
		return true
	}
	before := r.tokens[at-1]
	return before.kind == signToken && strings.IndexByte("([{<\"'`,;|", r.text[before.Start]) >= 0
}

// closesWord reports whether a sign is a mark, no dash, right behind a word of more than one
// letter and before white space, as in "so, she said." Such marks mean nothing but
// themselves.
func (r *reader) closesWord(at int) bool {
	t := &r.tokens[at]
	if at == 0 || t.space || at+1 < len(r.tokens) && !r.tokens[at+1].space {
		return false
	}
	before := &r.tokens[at-1]
	if before.kind != wordToken || before.End-before.Start < 2 {
		return false
	}
	c, _ := utf8.DecodeRuneInString(r.text[t.Start:])
	return c > '―' && isProseMark(c) || c < utf8.RuneSelf && strings.IndexByte(".:'!", byte(c)) >= 0
}

// kind is the kind of a token, noToken beyond the ends.
func (r *reader) kind(at int) kindOfToken {
	r.looked++
	if at < 0 || at >= len(r.tokens) {
		return noToken
	}
	return r.tokens[at].kind
}

// at is the text of a token, "" beyond the ends and for fixed pieces.
func (r *reader) at(at int) string {
	r.looked++
	if at < 0 || at >= len(r.tokens) || r.tokens[at].kind == fixedToken {
		return ""
	}
	return r.tokens[at].Of(r.text)
}

// glued reports whether a token exists and follows the one before it without
// white space.
func (r *reader) glued(at int) bool {
	return at > 0 && at < len(r.tokens) && !r.tokens[at].space
}

// isGlued reports whether a token is this text, without white space before it.
func (r *reader) isGlued(at int, text string) bool { return r.glued(at) && r.at(at) == text }

// ends reports whether what is written in one piece ends before a token: white
// space, the end of the text, or punctuation is there, no letter, digit or sign
// with a name.
func (r *reader) ends(at int) bool {
	if !r.glued(at) {
		return true
	}
	switch r.kind(at) {
	case signToken:
		c, _ := utf8.DecodeRuneInString(r.at(at))
		return c < utf8.RuneSelf && r.marks[c] != symbol || unicode.IsPunct(c) && r.signs[c] == ""
	case fixedToken:
		return true
	}
	return false
}

// starts reports whether what is written in one piece begins at a token: no
// letter or digit is right before it.
func (r *reader) starts(at int) bool {
	if !r.glued(at) {
		return true
	}
	k := r.kind(at - 1)
	return k != wordToken && k != numberToken
}

// span is where tokens from to (excluded) are in the text.
func (r *reader) span(from, to int) Span {
	return Span{r.tokens[from].Start, r.tokens[to-1].End}
}

// source leads a span of the text to the source.
func (r *reader) source(s Span) Span {
	if r.asSource || len(r.clean.steps) == 0 {
		return s
	}
	if s.End == s.Start {
		from := r.clean.Source(s.Start)
		return Span{from, from}
	}
	r.step = r.clean.stepNear(s.Start, r.step)
	from := r.clean.steps[r.step].from(s.Start)
	r.step = r.clean.stepNear(s.End-1, r.step)
	return Span{from, r.clean.steps[r.step].to(s.End)}
}

// keep copies a token as it is written.
func (r *reader) keep(at int) {
	t := &r.tokens[at]
	isWord := t.kind == wordToken || t.kind == numberToken
	if t.kind == signToken && r.text[t.Start] >= utf8.RuneSelf {
		c, _ := utf8.DecodeRuneInString(r.text[t.Start:])
		isWord = !isProseMark(c) && !unicode.IsPunct(c)
		isPart := isWord && unicode.In(c, unicode.M, unicode.Cf) && !t.space && r.last == saidWord
		if isPart && r.tokens[at-1].kind == signToken && r.text[t.Start-1] < utf8.RuneSelf { // of a sign that was passed over
			r.last, isPart = saidReading, false
		}
		if isPart {
			// It belongs to the word before it.
			r.flush()
			r.out = append(r.out, r.text[t.Start:t.End]...)
			last := &r.words[len(r.words)-1]
			last.End, last.Source.End = len(r.out), r.source(t.Span).End
			return
		}
	}
	behind := r.pending.End // where the text goes on if nothing was said between
	if t.space {
		behind++
	}
	if r.pending.End > r.pending.Start && behind == t.Start {
		r.pending.End = t.End
	} else {
		r.flush()
		if len(r.out) > 0 && (t.space || r.last == saidReading && (isWord || strings.IndexByte("([{", r.text[t.Start]) >= 0)) {
			r.out = append(r.out, ' ')
		}
		r.pending = t.Span
	}
	if w := t.Of(r.text); r.last != saidReading || w != "’" && w != "‘" && w != "′" { // words right behind would make it an apostrophe
		r.last = saidMark
	}
	if isWord {
		start := len(r.out) + t.Start - r.pending.Start
		r.words = append(r.words, Word{Span{start, start + t.End - t.Start}, r.source(t.Span)})
		r.last = saidWord
	}
}

// flush copies what is pending.
func (r *reader) flush() {
	if r.pending.End > r.pending.Start {
		r.out = append(r.out, r.text[r.pending.Start:r.pending.End]...)
		r.pending = Span{}
	}
}

// say says the tokens from to (excluded) in these words. Marks at the words'
// ends are punctuation.
func (r *reader) say(from, to int, words string) {
	r.saySpan(r.tokens[from].space, r.source(r.span(from, to)), words)
}

func (r *reader) sayFixed(at int) {
	t := r.tokens[at]
	fixed := r.fixed[t.fixed]
	source := fixed.Span
	if t.End > t.Start { // it may end between a letter and its accent, which are one
		source.End = max(source.End, r.source(t.Span).End)
	}
	if last := len(r.words) - 1; last >= 0 && source.Start < r.words[last].Source.End { // or begin there
		source.Start = r.words[last].Source.End
		source.End = max(source.Start, source.End)
	}
	r.saySpan(t.space, source, Clean(fixed.Spoken).Text)
}

// spacedBehind are the marks behind which words that are said stand apart.
var spacedBehind = bytesOf(",;:!?)]}.")

// marksBehind are the marks at the ends of words that are said which are punctuation.
var marksBehind = bytesOf(",;:!?")

func bytesOf(marks string) (set [256]bool) {
	for _, c := range []byte(marks) {
		set[c] = true
	}
	return set
}

func (r *reader) saySpan(space bool, source Span, words string) {
	r.flush()
	for words != "" {
		gap := 0
		for gap < len(words) && words[gap] != ' ' {
			gap++
		}
		w := words[:gap]
		words = words[min(gap+1, len(words)):]
		if w == "" {
			continue
		}
		if len(r.out) > 0 && (space || r.last != saidMark || spacedBehind[r.out[len(r.out)-1]]) {
			r.out = append(r.out, ' ')
		}
		space = true
		start := len(r.out)
		r.out = append(r.out, w...)
		end := len(r.out)
		for end > start && marksBehind[r.out[end-1]] {
			end--
		}
		if end > start {
			r.words = append(r.words, Word{Span{start, end}, source})
		}
		r.last = saidReading
		if end < len(r.out) {
			r.last = saidMark
		}
	}
}

// mark says the token at as punctuation.
func (r *reader) mark(at int, mark string) {
	r.flush()
	if r.tokens[at].space && len(r.out) > 0 {
		r.out = append(r.out, ' ')
	}
	r.out = append(r.out, mark...)
	r.last = saidMark
}

// skip passes over tokens that are not to be said, such as the marks of
// emphasis. Where they had white space before them, what follows has.
func (r *reader) skip(from, to int) {
	if r.tokens[from].space && to < len(r.tokens) {
		r.tokens[to].space = true
	}
}

// pause says a token as a comma.
func (r *reader) pause(at int) {
	r.flush()
	r.out = append(r.out, ',')
	r.last = saidMark
	if at+1 < len(r.tokens) {
		r.tokens[at+1].space = true
	}
}

// drop reports tokens that cannot be said.
func (r *reader) drop(from, to int) {
	r.dropped = append(r.dropped, r.source(r.span(from, to)))
	if r.last == saidWord { // what they parted stays apart
		r.last = saidReading
	}
}
