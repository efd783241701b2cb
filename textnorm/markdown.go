package textnorm

import "strings"

// longestLink is how many tokens of a link's words, and of its address, rules
// look at.
const longestLink = 64

// sayEmphasis is a rule for the marks with which people set words off where
// there is no type: **bold**, *so*, _so_, ~~gone~~, `code`. They are not said.
func sayEmphasis(r *reader, at int) int {
	mark := r.at(at)
	if mark != "*" && mark != "_" && mark != "~" && mark != "`" {
		return at
	}
	end := at + 1
	for end < at+3 && r.isGlued(end, mark) {
		end++
	}
	if r.isGlued(end, mark) || r.glued(at) && r.at(at-1) == mark || mark == "~" && end-at != 2 {
		return at
	}
	word := func(i int) bool {
		k := r.kind(i)
		return k == wordToken || k == numberToken || k == fixedToken
	}
	opens := (!r.glued(at) || r.kind(at-1) == signToken && r.at(at-1) != ")") && r.glued(end) && (word(end) || strings.Contains("\"'“‘([¿¡*_~`$£€", r.at(end)))
	closes := r.glued(at) && (word(at-1) || strings.Contains(".,;:!?\"'”’)]%*_~`", r.at(at-1))) && (!r.glued(end) || r.kind(end) == signToken && r.at(end) != "(")
	if !opens && !closes {
		return at
	}
	r.skip(at, end)
	return end
}

// sayHeading is a rule for the marks at the beginning of a line: # of a
// heading, > of what is quoted. They are not said.
func sayHeading(r *reader, at int) int {
	mark := r.at(at)
	if mark != "#" && mark != ">" {
		return at
	}
	for i := range at {
		if r.at(i) != mark {
			return at
		}
	}
	end := at + 1
	for end < at+6 && r.isGlued(end, mark) {
		end++
	}
	if at > 0 || r.kind(end) == noToken || r.glued(end) || mark == ">" && r.kind(end) == numberToken {
		return at
	}
	r.skip(at, end)
	return end
}

// longestTableRule is how many tokens of the line below a table's head rules look at.
const longestTableRule = 256

// sayTableRule is a rule for the line below the head of a table: |---|:---:|. It is not
// said.
func sayTableRule(r *reader, at int) int {
	if r.at(at) != "|" || at > 0 && r.at(at-1) == "|" {
		return at
	}
	end, dashes := at, 0 // behind the last bar
	for i := at; i < at+longestTableRule; i++ {
		w := r.at(i)
		if w == "" || strings.Trim(w, "|-:") != "" {
			break
		}
		dashes += strings.Count(w, "-")
		if w == "|" {
			end = i + 1
		}
	}
	if dashes < 3 || end == at+1 {
		return at
	}
	r.skip(at, end)
	return end
}

// sayLink is a rule for a link in Markdown: [the words](https://example.com). The
// words are said, the address is not.
func sayLink(r *reader, at int) int {
	open := at
	if r.at(at) == "!" && r.isGlued(at+1, "[") {
		open++
	}
	if r.at(open) != "[" {
		return at
	}
	shut := open + 1
	for r.at(shut) != "]" {
		if shut > open+longestLink || r.kind(shut) == noToken || r.at(shut) == "[" {
			return at
		}
		shut++
	}
	if shut == open+1 || !r.isGlued(shut+1, "(") {
		return at
	}
	end := shut + 2
	for r.at(end) != ")" {
		if end > shut+longestLink || r.kind(end) != wordToken && r.kind(end) != numberToken && r.kind(end) != signToken || !r.glued(end) {
			return at
		}
		end++
	}
	r.skip(at, open+1)
	for i := open + 1; i < shut; {
		i = min(r.readOne(i), shut)
	}
	r.drop(shut, end+1)
	r.skip(shut, end+1)
	return end + 1
}

// longestTag is how many tokens of a tag of HTML rules look at.
const longestTag = 48

// tags are the elements of HTML of which only the content is said.
var tags = set(`b i u s em strong br p span div a ul ol li code pre sub sup small big h1 h2 h3 h4 h5 h6 hr img table tr td th tbody thead
	blockquote font center del ins mark html body head title section article`)

// sayTag is a rule for a tag of HTML: <b>, </p>, <a href="…">. It is not said.
func sayTag(r *reader, at int) int {
	if r.at(at) != "<" || !r.glued(at+1) {
		return at
	}
	name := at + 1
	if r.at(name) == "/" {
		name++
	}
	i := name + 1
	element := strings.ToLower(r.at(name))
	if r.glued(i) && r.kind(i) == numberToken {
		element += r.at(i)
		i++
	}
	if r.kind(name) != wordToken || !tags[element] {
		return at
	}
	for ; i < at+longestTag; i++ {
		switch {
		case r.kind(i) == noToken, r.kind(i) == fixedToken, r.at(i) == "<":
			return at
		case r.at(i) == ">":
			r.drop(at, i+1)
			r.skip(at, i+1)
			return i + 1
		}
	}
	return at
}

// sayHashtag is a rule for #word and #100days.
func sayHashtag(r *reader, at int) int {
	if r.at(at) != "#" || !r.starts(at) || r.glued(at) && r.at(at-1) == "#" || !r.glued(at+1) || r.kind(at+1) != wordToken && (r.kind(at+1) != numberToken || !r.glued(at+2) || r.kind(at+2) != wordToken) {
		return at
	}
	r.say(at, at+1, r.particle.hashtag)
	return at + 1
}

// farthestGuillemet is how many tokens away the other end of a quotation is looked for.
const farthestGuillemet = 64

// sayGuillemets is a rule for quotes that are written with two signs, << and >>, which
// are not said. Between numbers they shift bits, and one alone is an operator of programs.
func sayGuillemets(r *reader, at int) int {
	if !r.isGlued(at+1, r.at(at)) || r.isGlued(at+2, r.at(at)) || r.kind(at-1) == numberToken || r.kind(at-1) == signToken && r.at(at-1) == r.at(at) {
		return at
	}
	if !r.closesGuillemet(at) {
		return at
	}
	if !r.glued(at+2) || r.kind(at+2) != signToken { // >>, he said
		r.skip(at, at+2)
	}
	return at + 2
}

// closesGuillemet reports whether the quote of two signs at at has its other end.
func (r *reader) closesGuillemet(at int) bool {
	other, step := ">", 1
	if r.at(at) == ">" {
		other, step = "<", -1
	}
	for i := 1; i <= farthestGuillemet; i++ {
		if there := at + i*step; r.at(there) == other && r.isGlued(there+1, other) {
			return true
		}
	}
	return false
}
