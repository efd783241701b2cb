package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"

	bcp47 "golang.org/x/text/language"
)

// Foreign is a piece of a text in a script that a language is not written with.
type Foreign struct {
	Span
	// Script is the English name of the script, such as "Cyrillic".
	Script string
	// Languages are those that may be meant, the likeliest first: BCP-47 tags
	// without region.
	Languages []string
}

// script is a script that Lectern tells from others. Japanese mixes three, and
// Korean two of the same, which are one here.
type script struct {
	name      string
	letters   *unicode.RangeTable
	languages string // that are written with it, the likeliest first
}

var scripts = []script{
	{"Cyrillic", unicode.Cyrillic, "ru uk bg sr mk be kk ky mn tt"},
	{"Greek", unicode.Greek, "el grc"},
	{"Han", unicode.Han, "cmn zh yue ja"},
	{"Hiragana", unicode.Hiragana, "ja"},
	{"Katakana", unicode.Katakana, "ja"},
	{"Hangul", unicode.Hangul, "ko"},
	{"Arabic", unicode.Arabic, "ar arb fa ur ps sd ug"},
	{"Hebrew", unicode.Hebrew, "he iw yi"},
	{"Devanagari", unicode.Devanagari, "hi mr ne kok sa"},
	{"Bengali", unicode.Bengali, "bn as"},
	{"Gurmukhi", unicode.Gurmukhi, "pa"},
	{"Gujarati", unicode.Gujarati, "gu"},
	{"Oriya", unicode.Oriya, "or"},
	{"Tamil", unicode.Tamil, "ta"},
	{"Telugu", unicode.Telugu, "te"},
	{"Kannada", unicode.Kannada, "kn"},
	{"Malayalam", unicode.Malayalam, "ml"},
	{"Sinhala", unicode.Sinhala, "si"},
	{"Thai", unicode.Thai, "th"},
	{"Lao", unicode.Lao, "lo"},
	{"Myanmar", unicode.Myanmar, "my shn"},
	{"Khmer", unicode.Khmer, "km"},
	{"Georgian", unicode.Georgian, "ka"},
	{"Armenian", unicode.Armenian, "hy"},
	{"Ethiopic", unicode.Ethiopic, "am ti"},
	{"Tibetan", unicode.Tibetan, "bo"},
	{"Cherokee", unicode.Cherokee, "chr"},
	{"Thaana", unicode.Thaana, "dv"},
	{"Bopomofo", unicode.Bopomofo, "cmn zh"},
}

// scriptOf is the script of a letter; nil for Latin and for what is no letter of
// a script that is known.
func scriptOf(c rune) *script {
	if c < 0x370 || !unicode.IsLetter(c) || unicode.Is(unicode.Latin, c) {
		return nil
	}
	for i := range scripts {
		if unicode.Is(scripts[i].letters, c) {
			return &scripts[i]
		}
	}
	return nil
}

// eastAsian are the scripts that are mixed within words of one language.
func (s *script) eastAsian() bool {
	switch s.name {
	case "Han", "Hiragana", "Katakana", "Hangul", "Bopomofo":
		return true
	}
	return false
}

// isNative reports whether a language, given by its tag, is written with s.
func (s *script) isNative(tag string) bool {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	for l := range strings.FieldsSeq(s.languages) {
		if l == base {
			return true
		}
	}
	if s.eastAsian() && (base == "ja" || base == "ko") {
		return true
	}
	written, _ := bcp47.Make(tag).Script()
	return written.String() == isoScripts[s.name]
}

// isoScripts are the codes of ISO 15924.
var isoScripts = map[string]string{
	"Cyrillic": "Cyrl", "Greek": "Grek", "Han": "Hani", "Arabic": "Arab", "Hebrew": "Hebr", "Devanagari": "Deva", "Bengali": "Beng",
	"Tamil": "Taml", "Ethiopic": "Ethi", "Tibetan": "Tibt", "Myanmar": "Mymr",
}

// ForeignTo finds the pieces of text in scripts that a language is not written
// with, in order. Latin letters are foreign to no language, and a Greek letter by
// itself stands for a quantity. A piece ends before what has no letters of its
// script, but holds the punctuation right behind it.
func ForeignTo(tag, text string) []Foreign {
	var found []Foreign
	var run *script
	native := map[string]bool{}
	start, end, letters := 0, 0, 0
	kana, hangul := false, false
	finish := func() {
		if run == nil || run.name == "Greek" && letters == 1 {
			run = nil
			return
		}
		f := Foreign{Span: Span{start, end}, Script: run.name, Languages: strings.Fields(run.languages)}
		switch {
		case kana:
			f.Languages = []string{"ja"}
		case hangul:
			f.Languages = []string{"ko"}
		}
		found = append(found, f)
		run = nil
	}
	for i := 0; i < len(text); {
		if text[i] < utf8.RuneSelf {
			if c := text[i]; run != nil && ascii[c] == word && !(c >= '0' && c <= '9') {
				finish()
			} else if run != nil && end == i && strings.IndexByte(".,;:!?)\"'", c) >= 0 {
				end++
			}
			i++
			continue
		}
		c, size := utf8.DecodeRuneInString(text[i:])
		s := scriptOf(c)
		if s != nil {
			is, known := native[s.name]
			if !known {
				is = s.isNative(tag)
				native[s.name] = is
			}
			if is {
				s = nil
				finish()
			}
		} else if unicode.IsLetter(c) {
			finish()
		}
		switch {
		case s != nil && run != nil && (s == run || s.eastAsian() && run.eastAsian()):
			letters++
			end = i + size
		case s != nil:
			finish()
			run, start, end, letters, kana, hangul = s, i, i+size, 1, false, false
		case run != nil && end == i && (unicode.IsMark(c) || unicode.IsPunct(c)):
			end += size
		}
		if s != nil {
			kana = kana || s.name == "Hiragana" || s.name == "Katakana"
			hangul = hangul || s.name == "Hangul"
		}
		i += size
	}
	finish()
	return found
}
