package textnorm

import "strings"

// chess is how moves are said: the pieces by their letters in the language, which
// stand beside the English ones, and what else a move is written with.
type chess struct {
	pieces                    map[byte]string
	takes, check, mate        string
	castlesShort, castlesLong string
	promotes                  string
}

// addChess lets moves in algebraic notation be read: Bxf7+, Nf3, exd5, Qh4#, O-O-O.
func (l *language) addChess(c chess) {
	l.chess = c
	for p := range c.pieces {
		for file := 'a'; file <= 'h'; file++ {
			for _, form := range []string{"", "x"} {
				l.lexicon.add(strings.ToLower(string(p))+form+string(file), sayMove)
			}
			for from := 'a'; from <= 'h'; from++ { // Nbd7
				l.lexicon.add(strings.ToLower(string(p))+string(from)+string(file), sayMove)
			}
		}
	}
	for from := 'a'; from <= 'h'; from++ {
		for file := 'a'; file <= 'h'; file++ {
			l.lexicon.add(string(from)+"x"+string(file), sayMove)
		}
	}
	l.lexicon.add("o", sayCastling)
}

// sayMove is a rule for a move: a piece, or the file of a pawn, whether it takes,
// where it goes, and a check.
func sayMove(r *reader, at int) int {
	w, rank := r.at(at), r.at(at+1)
	if !r.starts(at) || !r.glued(at+1) || len(rank) != 1 || rank < "1" || rank > "8" {
		return at
	}
	var words []string
	rest := w
	if name, ok := r.chess.pieces[w[0]]; ok {
		words, rest = append(words, name), w[1:]
	} else if len(w) != 3 || w[0] > 'h' { // a pawn goes without its name
		return at
	}
	for i := range len(rest) {
		switch c := rest[i]; {
		case c == 'x':
			words = append(words, r.chess.takes)
		case c >= 'a' && c <= 'h':
			words = append(words, string(c))
		default:
			return at
		}
	}
	words = append(words, r.cardinal(rank, alone))
	end := at + 2
	if r.isGlued(end, "=") && r.glued(end+1) && len(r.at(end+1)) == 1 && r.chess.pieces[r.at(end + 1)[0]] != "" {
		words = append(words, r.chess.promotes, r.chess.pieces[r.at(end + 1)[0]])
		end += 2
	}
	switch {
	case r.isGlued(end, "+") && len(rest) == 1 && !r.isMoveBefore(at): // Ca2+, Ba2+
		return at
	case r.isGlued(end, "+") && (!r.glued(end+1) || r.kind(end+1) == signToken):
		words = append(words, r.chess.check)
		end++
	case r.isGlued(end, "#") && (!r.glued(end+1) || r.kind(end+1) == signToken):
		words = append(words, r.chess.mate)
		end++
	}
	if !r.ends(end) {
		return at
	}
	r.say(at, end, strings.Join(words, " "))
	return end
}

// isMoveBefore reports whether the number of a move, or another move, stands before
// a token.
func (r *reader) isMoveBefore(at int) bool {
	return r.at(at-1) == "." && r.kind(at-2) == numberToken || r.kind(at-1) == numberToken && r.glued(at-1) && r.kind(at-2) == wordToken
}

// sayCastling is a rule for O-O and O-O-O.
func sayCastling(r *reader, at int) int {
	if r.at(at) != "O" || !r.starts(at) || !r.isGlued(at+1, "-") || !r.isGlued(at+2, "O") {
		return at
	}
	end, words := at+3, r.chess.castlesShort
	if r.isGlued(end, "-") && r.isGlued(end+1, "O") {
		end, words = end+2, r.chess.castlesLong
	}
	if !r.ends(end) {
		return at
	}
	r.say(at, end, words)
	return end
}

var (
	englishChess = chess{
		pieces: map[byte]string{'K': "king", 'Q': "queen", 'R': "rook", 'B': "bishop", 'N': "knight"},
		takes:  "takes", check: "check", mate: "checkmate", castlesShort: "castles kingside", castlesLong: "castles queenside", promotes: "equals",
	}
	germanChess = chess{
		pieces: map[byte]string{'K': "könig", 'D': "dame", 'T': "turm", 'L': "läufer", 'S': "springer", 'Q': "dame", 'R': "turm", 'B': "läufer", 'N': "springer"},
		takes:  "schlägt", check: "schach", mate: "matt", castlesShort: "kurze rochade", castlesLong: "lange rochade", promotes: "wird",
	}
	spanishChess = chess{
		pieces: map[byte]string{'R': "rey", 'D': "dama", 'T': "torre", 'A': "alfil", 'C': "caballo", 'K': "rey", 'Q': "dama", 'B': "alfil", 'N': "caballo"},
		takes:  "por", check: "jaque", mate: "jaque mate", castlesShort: "enroque corto", castlesLong: "enroque largo", promotes: "corona",
	}
	frenchChess = chess{
		pieces: map[byte]string{'R': "roi", 'D': "dame", 'T': "tour", 'F': "fou", 'C': "cavalier", 'K': "roi", 'Q': "dame", 'B': "fou", 'N': "cavalier"},
		takes:  "prend", check: "échec", mate: "mat", castlesShort: "petit roque", castlesLong: "grand roque", promotes: "devient",
	}
	italianChess = chess{
		pieces: map[byte]string{'R': "re", 'D': "donna", 'T': "torre", 'A': "alfiere", 'C': "cavallo", 'K': "re", 'Q': "donna", 'B': "alfiere", 'N': "cavallo"},
		takes:  "prende", check: "scacco", mate: "scacco matto", castlesShort: "arrocco corto", castlesLong: "arrocco lungo", promotes: "diventa",
	}
	portugueseChess = chess{
		pieces: map[byte]string{'R': "rei", 'D': "dama", 'T': "torre", 'B': "bispo", 'C': "cavalo", 'K': "rei", 'Q': "dama", 'N': "cavalo"},
		takes:  "por", check: "xeque", mate: "xeque-mate", castlesShort: "roque pequeno", castlesLong: "roque grande", promotes: "torna-se",
	}
)
