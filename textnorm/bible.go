package textnorm

import "strings"

// addBooks lets the books of the Bible be named by their short forms before
// chapter and verse, from a table of names and short forms: Gn 1, 1, 1 Cor 13:4,
// Mt 5,3. A short form by itself stays as it is.
func (l *language) addBooks(file string) {
	if l.books == nil {
		l.books = make(map[string]bool)
	}
	for _, row := range table(file, 2) {
		name := row[0]
		l.books[strings.ToLower(name)] = true
		l.lexicon.add(strings.ToLower(name), sayBookNamed(name))
		for short := range strings.FieldsSeq(row[1]) {
			l.books[strings.ToLower(short)] = true
			l.lexicon.add(strings.ToLower(short), sayBookNamed(name))
		}
	}
}

// sayBookNamed is a rule for the book of this name, its chapter and its verses.
// Between chapter and verse stands a colon, or a comma with a space behind it or
// without, as is the custom outside of English.
func sayBookNamed(name string) rule {
	return func(r *reader, at int) int {
		i := at + 1
		if r.isGlued(i, ".") {
			i++
		}
		if !r.tokens[at].title || !r.starts(at) || r.kind(i) != numberToken || r.glued(i) || len(r.at(i)) > 3 {
			return at
		}
		chapter := i
		mark := r.at(i + 1)
		if mark != ":" && (mark != "," || r.decimal == "." || len(r.at(at)) > 5) || !r.glued(i+1) {
			return at
		}
		if mark == ":" && !r.glued(i+2) || mark == "," && r.kind(i+3) == wordToken { // Mt 5,3 Tonnen
			return at
		}
		verse := i + 2
		if r.kind(verse) != numberToken || len(r.at(verse)) > 3 || !r.ends(verse+1) && !r.isDash(verse+1) && r.kind(verse+1) != wordToken {
			return at
		}
		r.say(at, chapter, name)
		pause := ""
		if mark == "," {
			pause = ","
		}
		r.say(chapter, chapter+1, r.cardinal(r.at(chapter), alone)+pause)
		r.say(verse, verse+1, r.cardinal(r.at(verse), alone))
		if last := verse + 2; r.isDash(verse+1) && r.glued(verse+1) && r.kind(last) == numberToken && r.ends(last+1) {
			r.say(verse+1, last, r.particle.to)
			r.say(last, last+1, r.cardinal(r.at(last), alone))
			return last + 1
		}
		return verse + 1
	}
}

// sayBookNumber is a rule for the number of a book of which there are several:
// 1 Cor 13, 2. Mose 3,4.
func sayBookNumber(r *reader, at int) int {
	n := r.at(at)
	i := at + 1
	if r.isGlued(i, ".") || r.isGlued(i, "º") || r.isGlued(i, "ª") {
		i++
	}
	if len(n) != 1 || n > "5" || n == "0" || !r.starts(at) || r.kind(i) != wordToken || r.glued(i) || !r.tokens[i].title || !r.books[strings.ToLower(r.at(i))] {
		return at
	}
	chapter := i + 1
	if r.isGlued(chapter, ".") {
		chapter++
	}
	if mark := r.at(chapter + 1); r.kind(chapter) != numberToken || mark != ":" && mark != "," || r.kind(chapter+2) != numberToken {
		return at
	}
	r.say(at, i, r.ordinal(n, r.bookGender))
	return i
}
