package textnorm

import "strings"

// Rules that Spanish, Italian and Portuguese share.

// romanceCounted are nouns in small letters before which a Roman numeral is an
// ordinal: XX congreso.
var romanceCounted = set(`aniversario congreso edición centenario certamen festival concurso jornadas encuentro simposio foro dinastía legislatura guerra república
	congresso edizione anniversario centenario secolo legislatura dinastia guerra repubblica giornata giornate
	edição aniversário centenário encontro simpósio dinastia legislatura século`)

// sayRomanFirst is a rule for a Roman numeral before the noun that it counts: II
// Guerra Mundial, XX congresso.
func sayRomanFirst(r *reader, at int) int {
	w := r.at(at)
	n := roman(w)
	if n == 0 || !r.starts(at) || r.kind(at+1) != wordToken || r.glued(at+1) || isLetter(w) {
		return at
	}
	noun := strings.ToLower(r.at(at + 1))
	if len(w) == 1 && !romanceCounted[noun] || len(w) > 1 && (!r.tokens[at+1].title || r.tokens[at+1].caps) && !romanceCounted[noun] {
		return at
	}
	if r.kind(at-1) == wordToken && r.tokens[at-1].title && !r.glued(at) && at > 1 { // the king's: Felipe II Rey
		return at
	}
	form := masculine
	if isRomanceFeminine(noun) {
		form = feminine
	}
	r.say(at, at+1, r.ordinal(itoa(n), form))
	return at + 1
}

// isRomanceFeminine guesses the gender of a noun by its ending, as far as Spanish,
// Italian and Portuguese agree.
func isRomanceFeminine(noun string) bool {
	one := strings.TrimSuffix(noun, "s")
	return endsWith(one, "ción sión ção são zione sione dad dade tad tà tude tud") || strings.HasSuffix(one, "a") && !endsWith(one, "ema oma ama grama dia día mapa")
}

// notCountedOff are words behind a ring that is the sign of degrees, not the raised
// letter of an ordinal: 20° sotto zero.
var notCountedOff = set(`di del de do da a al all alla sotto sopra bajo sobre abaixo acima en em in con com y e o ou oder et a nord sud est ovest norte sur sul este leste oeste
	latitud latitude longitud longitude latitudine longitudine celsius centígrados centigradi fahrenheit y más mais più entre que`)

// sayRaisedTitle is a rule for titles of women with a raised letter: Dr.ª Costa,
// Profª Ana.
func (l *language) addRaisedTitles(titles map[string]string) {
	for short, words := range titles {
		l.lexicon.add(short, func(r *reader, at int) int {
			i := at + 1
			if r.isGlued(i, ".") {
				i++
			}
			if !r.isGlued(i, "ª") || !r.starts(at) {
				return at
			}
			end := i + 1
			if r.isGlued(end, ".") && r.kind(end+1) == wordToken && !r.glued(end+1) && r.tokens[end+1].title { // Dª. Ana
				end++
			}
			r.say(at, end, words)
			return end
		})
	}
}

// sayPaseo is a rule for Pº and P.º before the name of a street.
func sayPaseo(r *reader, at int) int {
	end := at + 2 + btoi(r.isGlued(at+1, "."))
	if r.at(at) != "P" || !r.starts(at) || !r.isGlued(end-1, "º") || r.kind(end) != wordToken {
		return at
	}
	r.say(at, end, "paseo")
	return end
}
