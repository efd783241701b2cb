package textnorm

import "strings"

// sayOutOf is a rule for one of so many, behind what is counted through or before
// what is given as a mark: page 3/10 is page three of ten, 3/5 stars three of five.
func sayOutOf(r *reader, at int) int {
	over, under := r.at(at), r.at(at+2)
	if r.particle.outOf == "" || !r.starts(at) || r.isGlued(at, "/") || !r.isGlued(at+1, "/") || !r.glued(at+2) || r.kind(at+2) != numberToken || !r.ends(at+3) || r.isGlued(at+3, "/") ||
		len(under) > 4 || atoi(over) > atoi(under) || over[0] == '0' || r.isDecimal(at+3) {
		return at
	}
	of := r.particle.outOf
	if !countedThrough[strings.ToLower(r.at(at-1))] && !marksGiven[strings.ToLower(r.at(at+3))] {
		if !r.isMark(at) {
			return at
		}
		if r.particle.markOf != "" {
			of = r.particle.markOf
		}
	}
	r.say(at, at+1, r.cardinal(over, alone))
	r.say(at+1, at+3, of+" "+r.cardinal(under, alone))
	return at + 3
}

// isMark reports whether a number out of ten, a hundred, five or twenty is a mark by a
// word shortly before it: rated 8/10, a score of 7/10, nota de 9/10.
func (r *reader) isMark(at int) bool {
	switch r.at(at + 2) {
	case "5", "10", "20", "100":
	default:
		return false
	}
	if w := r.at(at - 1); r.at(at+2) == "10" && r.at(at) != "1" && (w == "a" || w == "an" || w == "solid") && (r.kind(at+3) != wordToken || r.glued(at+3)) {
		return true
	}
	if under := r.at(at + 2); under != "20" && under == r.at(at) { // 10/10
		return true
	}
	for i := at - 1; i >= at-3 && (r.kind(i) == wordToken || r.at(i) == ":"); i-- {
		if rated[strings.ToLower(r.at(i))] {
			return true
		}
	}
	return false
}

var (
	// rated are words of all languages before which the second number is the best mark
	// there is.
	rated = set(`rated rating rate score scored scores scoring gave grade graded mark
		bewertung bewertet wertung benotet note noté notée nota puntuación calificación valoración voto avaliação pontuação`)
	// countedThrough are words of all languages behind which the second number is
	// how many there are.
	countedThrough = set(`page step part slide episode round chapter question track day lap stage row game heat
		runde etappe tour manche vuelta etapa giro volta
		seite schritt teil folie folge runde kapitel frage tag étape partie épisode chapitre página paso parte episodio capítulo pregunta pagina passo puntata capitolo etapa`)
	// marksGiven are words of all languages before which the second number is the
	// best mark there is.
	marksGiven = set("stars sterne sternen étoiles estrellas stelle estrelas points punkte punkten puntos punti pontos")
)
