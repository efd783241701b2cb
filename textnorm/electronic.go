package textnorm

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// addressMarks are the marks that an address of the net may have within.
var addressMarks = bytesOf("@./:-_~?=&%#+\\$*")

// sayElectronic is a rule for addresses of mail, of the net, and of files:
// a.bc@gmail.com, https://www.example.com/x, file.txt, nvidia.com.
func sayElectronic(r *reader, at int) int {
	if !r.glued(at + 2) {
		return at // a word and the comma behind it
	}
	if r.kind(at) == signToken && r.at(at) != "/" && r.at(at) != "@" && r.at(at) != "." && r.at(at) != "~" {
		return at
	}
	end := r.addressEnd(at)
	if end-at < 3 || !r.isAddress(at, end) {
		return at
	}
	from := at
	if r.at(at) == "." { // a stray one: test .b@gmail.com
		r.mark(at, ".")
		from++
	}
	for i := from; i < end; i++ {
		r.say(i, i+1, r.addressPart(i, from, end))
	}
	return end
}

// addressEnd is the token behind the piece that may be an address. Marks that
// end a sentence are not part of it. No address is without a word.
func (r *reader) addressEnd(at int) int {
	end, words := at, 0
	for ; end < len(r.tokens) && (end == at || !r.tokens[end].space); end++ {
		t := &r.tokens[end]
		if t.kind == fixedToken || t.kind == signToken && !addressMarks[r.text[t.Start]] {
			break
		}
		if t.kind == wordToken {
			words++
		}
	}
	r.looked += end - at
	if words == 0 {
		return at
	}
	return r.trimAddress(at, end)
}

func (r *reader) trimAddress(at, end int) int {
	for end > at && r.kind(end-1) == signToken && strings.Contains(".:?-", r.at(end-1)) {
		end--
	}
	return end
}

// isAddress reports whether the tokens are an address: a name on either side of
// an at sign, a scheme, www, or words around full stops of which the last is
// the known end of a domain or of a file's name; or a path of words.
func (r *reader) isAddress(at, end int) bool {
	ats, stops, slashes, words, numbers, others := 0, 0, 0, 0, 0, 0
	for i := at; i < end; i++ {
		switch r.at(i) {
		case "@":
			ats++
			if i == at || i+1 == end || r.kind(i+1) == signToken {
				return false
			}
		case ".":
			stops++
			if i > at && r.at(i-1) == "." {
				return false
			}
		case "/":
			slashes++
		default:
			switch r.kind(i) {
			case wordToken:
				words++
			case numberToken:
				numbers++
			default:
				others++
			}
		}
	}
	if words == 0 {
		return false
	}
	if ats == 1 && stops > 0 {
		return true
	}
	if r.at(at+1) == ":" && r.at(at+2) == "/" && r.at(at+3) == "/" {
		return true
	}
	if strings.EqualFold(r.at(at), "www") && r.at(at+1) == "." {
		return true
	}
	if stops > 0 && r.kind(at) != signToken { // the host before the first slash, or the end of a file's name
		host := end
		for i := at; i < end; i++ {
			if s := r.at(i); s == "/" || s == ":" || s == "?" || s == "#" {
				host = i
				break
			}
		}
		last := strings.ToLower(r.at(host - 1))
		if host-at == 3 && r.dotted[strings.ToLower(r.at(at))+"."+last] {
			return false
		}
		if host-at >= 3 && r.at(host-2) == "." && r.kind(host-1) == wordToken && r.isEnding(last, host-at > 3 || len(r.at(at)) > 2) &&
			(r.kind(at) == wordToken || r.kind(host-3) == wordToken) && !(host-at == 3 && len(r.at(at)) == 1) && r.at(host-1) == last {
			return true
		}
	}
	if slashes >= 2 && r.at(at) == "/" && others == 0 { // a path: /usr/bin
		return true
	}
	return slashes >= 2 && r.kind(at) == wordToken && numbers == 0 && others == 0
}

// isEnding reports whether a word in lower case behind a full stop ends a name
// of the net or of a file: it is known for it, or short and not a word that
// begins sentences, where a space was forgotten.
func (r *reader) isEnding(w string, long bool) bool {
	return r.domains[w] || r.endings[w] != "" || long && len(w) >= 2 && len(w) <= 4 && !starters[strings.ToUpper(w[:1])+w[1:]] && w[0] < 0x80
}

// addressPart says one token of an address.
func (r *reader) addressPart(i, from, end int) string {
	w := r.at(i)
	switch r.kind(i) {
	case numberToken:
		return r.digitsOf(w)
	case signToken:
		return r.addressMark(w)
	}
	lower := strings.ToLower(w)
	if words, ok := r.endings[lower]; ok && i > from && r.at(i-1) == "." {
		return words
	}
	if r.spellAddresses && !r.domains[lower] && !isWordLike(lower, r.leastWord(from)) {
		return strings.Join(strings.Split(lower, ""), " ")
	}
	last := i == end-1 || !r.glued(i+1) || r.at(i+1) == "/" || r.at(i+1) == "."
	if i > from && r.at(i-1) == "." && last && !r.domains[lower] && (len(lower) <= 4 && (i == end-1 || r.at(i+1) != ".")) || lower == "www" || r.schemes[lower] && i == from && r.at(i+1) == ":" || !hasVowel(lower) && len(lower) > 1 && len(lower) < 6 {
		return spell(strings.ToUpper(w))
	}
	return w
}

func (r *reader) addressMark(mark string) string {
	switch mark {
	case "@":
		return r.particle.at
	case ".":
		return r.particle.dot
	case "/":
		return r.particle.slash
	case ":":
		return r.particle.colon
	case "-":
		return r.particle.dash
	case "_":
		return r.particle.underscore
	case "&":
		return r.particle.ampersand
	}
	c, _ := utf8.DecodeRuneInString(mark)
	if name := r.characters[c]; name != "" {
		return name
	}
	return r.signs[c]
}

// hasVowel reports whether a word has a letter that makes a syllable.
func hasVowel(word string) bool {
	return strings.ContainsFunc(word, func(c rune) bool {
		return strings.ContainsRune("aeiouyAEIOUY", c) || c > unicode.MaxASCII
	})
}

// leastWord is how many letters a part of an address has at least that may be a
// word. Names that people give themselves are rarer words.
func (r *reader) leastWord(from int) int {
	if r.at(from) == "@" {
		return 6
	}
	return 5
}

// isWordLike reports whether a part of an address is long enough, and has vowels
// enough, to be words that people say rather than spell.
func isWordLike(part string, least int) bool {
	if utf8.RuneCountInString(part) < least {
		return false
	}
	if !hasVowel(part) {
		return false
	}
	consonants := 0
	for _, c := range part {
		if consonants++; strings.ContainsRune("aeiouyäöüáéíóúàèêôœ", c) {
			consonants = 0
		} else if consonants > 5 {
			return false
		}
	}
	return true
}
