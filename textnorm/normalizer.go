package textnorm

import (
	"slices"
	"sort"
	"strings"
	"sync"

	bcp47 "golang.org/x/text/language"
)

// Normalizer puts written sentences of one language into spoken words. It is
// immutable and may be used from several goroutines at once.
type Normalizer struct{ language *language }

// languages builds what is known of a language when it is first asked for, by
// its tag or the longest part of it before a hyphen.
var languages = withTables(map[string]func() *language{
	"":      sync.OnceValue(newPlain),
	"de":    sync.OnceValue(newGerman),
	"de-ch": sync.OnceValue(newSwissGerman),
	"de-li": sync.OnceValue(newSwissGerman),
	"en":    sync.OnceValue(func() *language { return newEnglish(british) }),
	"en-us": sync.OnceValue(func() *language { return newEnglish(american) }),
	"en-in": sync.OnceValue(func() *language { return newEnglish(indian) }),
	"es":    sync.OnceValue(func() *language { return newSpanish(spain) }),
	"fr":    sync.OnceValue(func() *language { return newFrench(false) }),
	"fr-be": sync.OnceValue(func() *language { return newFrench(true) }),
	"fr-ch": sync.OnceValue(func() *language { return newFrench(true) }),
})

// withTables adds Spanish in its countries, and the languages of the CLDR.
func withTables(languages map[string]func() *language) map[string]func() *language {
	for tag, where := range countries {
		languages[tag] = sync.OnceValue(func() *language { return newSpanish(where) })
	}
	for _, tag := range cldrTables {
		languages[strings.ToLower(tag)] = sync.OnceValue(func() *language { return newCLDR(tag) })
	}
	languages["no"] = languages["nb"]
	languages["it"] = sync.OnceValue(newItalian)
	languages["pt"] = sync.OnceValue(func() *language { return newPortuguese("pt") })
	languages["pt-pt"] = sync.OnceValue(func() *language { return newPortuguese("pt-PT") })
	for _, region := range []string{"ao", "mz", "cv", "gw", "st", "tl", "mo", "ch", "lu"} { // they write as Portugal does
		languages["pt-"+region] = languages["pt-pt"]
	}
	return languages
}

// sameAs are tags that are read as others: English without a region, and that of
// the places that follow the United States, as in them; that of South Asia as in
// India.
var sameAs = map[string]string{
	"en": "en-us", "en-pr": "en-us", "en-gu": "en-us", "en-as": "en-us", "en-mp": "en-us", "en-vi": "en-us", "en-um": "en-us", "en-ph": "en-us",
	"en-pk": "en-in", "en-bd": "en-in", "en-lk": "en-in", "en-np": "en-in",
}

// Known reports whether a tag is of the form of BCP 47 and names a language that
// exists, whether it has rules or not.
func Known(tag string) bool {
	t, err := bcp47.Parse(strings.ReplaceAll(tag, "_", "-"))
	return err == nil && t != bcp47.Und
}

// ForLanguage is the normalizer of a BCP-47 tag such as "en-US" or "de", in any
// case. It is never nil: a language without rules has its sentences cleaned, as
// by [Clean], and their words left as written.
func ForLanguage(tag string) *Normalizer {
	tag = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	if same, ok := sameAs[tag]; ok {
		tag = same
	}
	for {
		if build := languages[tag]; build != nil {
			return &Normalizer{build()}
		}
		end := strings.LastIndexByte(tag, '-')
		tag = tag[:max(0, end)]
	}
}

// Sentence puts one written sentence into spoken words. It keeps the
// punctuation that an engine needs for its prosody, and cleans the text as
// [Clean] does.
//
// fixed are pieces of text, in order and not overlapping, that are said as they
// say. Those that do not keep to this are passed over.
//
// It takes linear time, and no text makes it fail.
func (n *Normalizer) Sentence(text string, fixed []Fixed) Spoken {
	clean := Clean(text)
	r := n.language.reader()
	defer n.language.release(r)
	return n.read(r, text, clean, wellPlaced(text, fixed))
}

// read has a reader read a sentence. fixed are well placed.
func (n *Normalizer) read(r *reader, text string, clean Cleaned, fixed []Fixed) Spoken {
	r.text, r.clean, r.fixed = clean.Text, clean, fixed
	r.asSource = clean.isSource()
	var places []Span
	for _, f := range fixed {
		start := clean.find(f.Start)
		places = append(places, Span{start, max(start, clean.find(f.End))})
	}
	r.tokens = tokenize(r.tokens, clean.Text, places)
	r.readAll()
	s := Spoken{Text: r.said(), Words: slices.Clone(r.words), Dropped: r.dropped, length: len(text)}
	// Where each byte stands as it did only white space can be gone, at the end.
	if !r.asSource || strings.TrimRight(text[len(clean.Text):], " \t\r\n") != "" {
		s.Dropped = mergeDropped(s.Dropped, droppedIn(text), fixed)
	}
	return s
}

// reader is a reader of this language that has nothing to read yet.
func (l *language) reader() *reader {
	if r, ok := l.spare.Get().(*reader); ok {
		return r
	}
	return &reader{language: l}
}

// mostSpare is the most memory that is kept for the next sentence, in bytes of
// text.
const mostSpare = 64 << 10

// release keeps the memory of a reader that is done for the next.
func (l *language) release(r *reader) {
	if len(r.text) <= mostSpare {
		*r = reader{language: l, tokens: r.tokens[:0], words: r.words[:0], out: r.out[:0]}
		l.spare.Put(r)
	}
}

// wellPlaced is fixed without pieces that are outside text or overlap those
// before them.
func wellPlaced(text string, fixed []Fixed) []Fixed {
	end := 0
	good := func(f Fixed) bool { return f.Start >= end && f.End >= f.Start && f.End <= len(text) }
	for i, f := range fixed {
		if !good(f) {
			var kept []Fixed
			kept = append(kept, fixed[:i]...)
			for _, f := range fixed[i:] {
				if good(f) {
					kept = append(kept, f)
					end = f.End
				}
			}
			return kept
		}
		end = f.End
	}
	return fixed
}

// find is the first byte of Text that comes from source or from behind it.
func (c Cleaned) find(source int) int {
	if len(c.steps) == 0 {
		return min(source, len(c.Text))
	}
	return sort.Search(len(c.Text), func(i int) bool { return c.Source(i) >= source })
}

// mergeDropped joins what rules dropped and what cleaning dropped, in order,
// but for what is in fixed pieces, which are said.
func mergeDropped(a, b []Span, fixed []Fixed) []Span {
	all := slices.Concat(a, b)
	slices.SortFunc(all, func(x, y Span) int { return x.Start - y.Start })
	kept := all[:0]
	next := 0
	for _, s := range all {
		for next < len(fixed) && fixed[next].End <= s.Start {
			next++
		}
		if next < len(fixed) && fixed[next].Start <= s.Start && s.End <= fixed[next].End {
			continue
		}
		if last := len(kept) - 1; last >= 0 && s.Start <= kept[last].End {
			kept[last].End = max(kept[last].End, s.End)
			continue
		}
		kept = append(kept, s)
	}
	return kept
}
