package textnorm

import (
	"maps"
	"strings"
	"unicode/utf8"
)

// Italian and Portuguese: numbers, months, plurals and names from the CLDR, words
// and tables here, rules that languages share.

func newItalian() *language {
	l := newCLDR("it")
	l.numerals = italianNumerals{l.numerals}
	p := &l.particle
	p.oh, p.plus, p.to, p.by, p.per, p.and, p.over, p.of, p.percent = p.digit[0], "più", "a", "per", "per", "e", "su", "di", "percento"
	p.ratio, p.around, p.number, p.hashtag, p.times, p.power, p.or, p.out, p.sections = "a", "circa", "numero", "hashtag", "per", "alla", "o", "su", "paragrafi"
	p.dot, p.at, p.slash, p.colon, p.dash, p.underscore, p.ampersand = "punto", "chiocciola", "barra", "due punti", "trattino", "trattino basso", "e"
	p.absolute, p.factorial = "valore assoluto di", "fattoriale"
	l.magnitudes = magnitudes("mila mila m, milione milioni m mln mio, miliardo miliardi m mld mrd, bilione bilioni m, migliaio migliaia n")
	l.short = magnitudes("mila mila m k, milione milioni m M Mln, miliardo miliardi m Mld")
	l.thousand = "mila"
	l.calls = set("tel telefono cell cellulare fax chiama chiamare chiamate componi pin codice cap isbn issn whatsapp")
	l.callWords = set("il al lo numero è")
	l.compass = map[string]string{"N": "nord", "S": "sud", "E": "est", "O": "ovest", "W": "ovest"}
	l.addWeekdays("lunedì lun,martedì mar,mercoledì mer,giovedì gio,venerdì ven,sabato sab,domenica dom")
	l.domains = set("com org net info edu gov gmail hotmail yahoo outlook google libero tiscali")
	l.endings = map[string]string{"it": "i t", "eu": "e u", "ch": "c h", "pdf": "p d f", "html": "h t m l", "txt": "t x t", "jpg": "j p g", "zip": "zip"}
	l.nounGender = italianNounGender
	l.cross = "per"
	l.timesOver = unit{one: "volta", many: "volte", gender: feminine}
	l.compared = set("più meno meglio peggio al alla")
	l.halves = romanceHalves("mezzo", "mezza", "e", func(r *reader, at int) gender {
		if italianMany[r.at(at)] {
			return feminine
		}
		return italianGender(r, at)
	})
	l.fraction = func(over, under string) string {
		part := map[string]string{"2": "mezzo", "3": "terzo", "4": "quarto"}[under]
		if part == "" {
			part = l.ordinal(under, masculine)
		}
		if under == "0" || under == "1" {
			return l.cardinal(over, alone) + " su " + l.cardinal(under, alone)
		}
		if over == "1" {
			return "un " + part
		}
		return l.cardinal(over, masculine) + " " + strings.TrimSuffix(part, "o") + "i"
	}
	l.clock = func(c clock) string { return romanceClock(l, c, "e", "mezzanotte") }
	l.romance("it", []string{"capitolo", "tomo", "volume", "parte", "atto", "scena", "libro", "articolo", "fase", "guerra"})
	l.addChess(italianChess)
	l.addGreek("alfa beta gamma delta epsilon zeta eta teta iota kappa lambda mu nu xi omicron pi rho sigma tau ipsilon fi chi psi omega")
	return l
}

// italianNumerals mend what the CLDR's rules write in other ways than dictionaries
// do: an accent within a word, a vowel that is left out.
type italianNumerals struct{ numerals }

func (n italianNumerals) cardinal(digits string, g gender) string {
	if g == feminine && strings.TrimLeft(digits, "0") != "1" {
		g = alone // una, but ventuno ore
	}
	return mendItalian(n.numerals.cardinal(digits, g))
}

func (n italianNumerals) ordinal(digits string, g gender) string {
	return mendItalian(n.numerals.ordinal(digits, g))
}

func (n italianNumerals) year(digits string) string { return mendItalian(n.numerals.year(digits)) }

func mendItalian(words string) string {
	words = strings.ReplaceAll(words, "centoottant", "centottant")
	for at := 0; ; {
		i := strings.Index(words[at:], "tré")
		if i < 0 {
			return words
		}
		at += i + len("tré")
		if at < len(words) && words[at] != ' ' { // within a word
			words = words[:at-len("é")] + "e" + words[at:]
			at--
		}
	}
}

// newPortuguese is the Portuguese of Brazil or, by its table, of Portugal.
func newPortuguese(table string) *language {
	l := newCLDR(table)
	p := &l.particle
	p.oh, p.plus, p.to, p.by, p.per, p.and, p.over, p.of, p.percent = p.digit[0], "mais", "a", "por", "por", "e", "sobre", "de", "por cento"
	p.ratio, p.around, p.number, p.hashtag, p.times, p.power, p.or, p.sections = "a", "cerca de", "número", "hashtag", "vezes", "elevado a", "ou", "parágrafos"
	p.dot, p.at, p.slash, p.colon, p.dash, p.underscore, p.ampersand = "ponto", "arroba", "barra", "dois pontos", "traço", "sublinhado", "e"
	p.absolute, p.factorial = "valor absoluto de", "fatorial"
	billion := "bilhão bilhões m bi"
	if table == "pt-PT" {
		billion = "bilião biliões m"
	}
	l.magnitudes = magnitudes("mil mil m, milhão milhões m mi mio, " + billion + ", trilhão trilhões m")
	l.short = magnitudes("mil mil m k, milhão milhões m M")
	l.thousand = "mil"
	l.calls = set("tel telefone telemóvel celular cel fax ligue ligar disque marque pin código cep isbn issn cpf cnpj nif whatsapp")
	l.callWords = set("para o ao número é")
	l.compass = map[string]string{"N": "norte", "S": "sul", "L": "leste", "E": "este", "O": "oeste", "W": "oeste"}
	l.addWeekdays("segunda-feira seg,terça-feira ter,quarta-feira qua,quinta-feira qui,sexta-feira sex,sábado sáb sab,domingo dom")
	l.domains = set("com org net info edu gov gmail hotmail yahoo outlook google")
	l.endings = map[string]string{"br": "b r", "pt": "p t", "eu": "e u", "pdf": "p d f", "html": "h t m l", "txt": "t x t", "jpg": "j p g", "zip": "zip"}
	l.nounGender = portugueseNounGender
	l.cross, l.crossIsGame = "a", true
	l.timesOver = unit{one: "vez", many: "vezes", gender: feminine}
	l.compared = set("mais menos melhor pior maior menor ao à por")
	l.halves = romanceHalves("meio", "meia", "e", portugueseNounGender)
	l.fraction = func(over, under string) string {
		part := map[string]string{"2": "meio", "3": "terço", "4": "quarto"}[under]
		switch {
		case part != "":
		case under == "0" || under == "1":
			return l.cardinal(over, alone) + " sobre " + l.cardinal(under, alone)
		case len(under) == 1 || under == "10" || under == "100" || under == "1000":
			part = l.ordinal(under, masculine)
		default:
			part = l.cardinal(under, alone) + " avo"
		}
		if over == "1" {
			return "um " + part
		}
		return l.cardinal(over, masculine) + " " + part + "s"
	}
	l.clock = func(c clock) string { return romanceClock(l, c, "e", "meia-noite") }
	l.addRaisedTitles(map[string]string{"d": "dona", "sr": "senhora", "dr": "doutora", "prof": "professora"})
	l.romance("pt", []string{"capítulo", "tomo", "volume", "parte", "ato", "acto", "cena", "livro", "artigo", "fase", "guerra", "século"})
	l.addChess(portugueseChess)
	l.addGreek("alfa beta gama delta épsilon zeta eta teta iota capa lambda mi ni xi ômicron pi rô sigma tau ípsilon fi chi psi ômega")
	return l
}

// romance sets what Italian and Portuguese have in common: their tables, how
// amounts and ordinals are said, the rules.
func (l *language) romance(name string, sections []string) {
	l.names = readNames("names-" + name + ".tsv")
	l.signs = readSigns("signs-" + name + ".tsv")
	l.characters = readSigns("characters-" + name + ".tsv")
	maps.Copy(l.currencies, readCurrencies("currencies-"+name+".tsv"))
	l.initialisms = readWords("initialisms-" + name + ".txt")
	l.schemes = set("http https ftp ssh")
	l.zones = set("utc gmt cet cest est pst")
	l.meridiems = map[string]string{"am": "a.m", "pm": "p.m"}
	l.notUnits = set("a e o i u in da")
	l.spellAddresses, l.wholeCountryCodes, l.raisedOrdinals, l.smallWeekdays, l.looseCodes = true, true, true, true, true
	l.longest = longestSpelled
	l.spellZone = lettersApart
	l.particle.outOf = map[string]string{"it": "su", "pt": "de"}[name]
	l.ordinalEnd = func(_, ending string) (gender, bool) {
		switch strings.ToLower(ending) {
		case "o", "os", "i":
			return masculine, true
		case "a", "as", "e":
			return feminine, true
		}
		return alone, false
	}
	l.power = func(u unit, exponent int) unit {
		if squared, ok := l.units[unitSymbol(l, u)+[4]string{2: "²", 3: "³"}[exponent]]; ok {
			return squared
		}
		return u
	}
	l.money = func(a amount) string { return l.moneyWords(a, l.particle.and) }
	for i := range l.marks {
		l.marks[i] = symbol
	}
	l.punctuation(",;?(){}\"]", ".:-'![`")
	l.addPrefixed("si-" + name + ".tsv")
	l.standardRules(own{
		chunk:  on(anyDigit, sayRomanceClock),
		number: []rule{sayChrono, sayDayAndMonth, sayCLDRDay, sayRomanceClock},
	})
	l.abbreviate(table("abbreviations-"+name+".tsv", 3))
	l.addBooks("books-" + name + ".tsv")
	l.bookGender = feminine // lettera, carta
	for w := range l.months {
		if utf8.RuneCountInString(w) > 2 {
			l.lexicon.add(w, sayMonth)
		}
	}
	for _, w := range sections {
		l.addSection(w, romanBehind)
	}
	for n := 1; n < 40; n++ {
		l.lexicon.add(strings.ToLower(toRoman(n)), sayRomanFirst)
		l.lexicon.add(strings.ToLower(toRoman(n)), sayRomanceRoman)
	}
}

// unitSymbol is the symbol of a unit, as far as it is raised.
func unitSymbol(l *language, u unit) string {
	for _, symbol := range []string{"m", "km", "cm", "mm"} {
		if l.units[symbol].many == u.many {
			return symbol
		}
	}
	return ""
}

func romanceClock(l *language, c clock, and, midnight string) string {
	words := l.cardinal(itoa(atoi(c.hour)), feminine)
	if atoi(c.hour) == 0 && atoi(c.minute) <= 0 {
		return midnight
	}
	if atoi(c.minute) > 0 {
		words += " " + and + " " + l.cardinal(itoa(atoi(c.minute)), alone)
	}
	if atoi(c.second) > 0 {
		words += " " + and + " " + l.counted(numeral{whole: itoa(atoi(c.second))}, l.units["s"])
	}
	if c.zone != "" {
		words += " " + c.zone
	}
	return words
}

// sayRomanceClock is a rule for times of day: 14:30, 14h30, 14h, 8.30 behind "ore".
func sayRomanceClock(r *reader, at int) int {
	c := clock{hour: r.at(at)}
	if r.kind(at) != numberToken || len(c.hour) > 2 || !r.starts(at) || atoi(c.hour) > 24 {
		return at
	}
	i := at + 1
	switch next, ok := r.sexagesimal(i); {
	case ok:
		c.minute, i = next, i+2
		if next, ok := r.sexagesimal(i); ok {
			c.second, i = next, i+2
		}
	case r.isGlued(i, "h") && r.glued(i+1) && r.kind(i+1) == numberToken && len(r.at(i+1)) == 2 && r.at(i+1) < "60":
		c.minute, i = r.at(i+1), i+2
	case r.isGlued(i, ".") && r.glued(i+1) && r.kind(i+1) == numberToken && len(r.at(i+1)) == 2 && r.at(i+1) < "60" && hours[strings.ToLower(r.at(at-1))]:
		c.minute, i = r.at(i+1), i+2
	default:
		return at
	}
	if r.at(i) == "h" && r.glued(i) {
		i++
	}
	if r.kind(i) == wordToken && r.zones[strings.ToLower(r.at(i))] && r.tokens[i].caps {
		c.zone, i = r.zoneAt(i)
	}
	if !r.endsClock(i) {
		return at
	}
	r.say(at, i, r.clock(c))
	return i
}

// hours are words behind which 8.30 is a time.
var hours = set("ore alle dalle às ora h")

// sayRomanceRoman is a rule for Roman numerals: behind a name, or before secolo, up
// to ten ordinals in Portuguese, always in Italian.
func sayRomanceRoman(r *reader, at int) int {
	w := r.at(at)
	n := roman(w)
	if n == 0 || !r.starts(at) || !r.ends(at+1) || isLetter(w) {
		return at
	}
	if r.at(at+1) == "secolo" || r.at(at+1) == "século" || r.at(at+1) == "sec" {
		r.say(at, at+1, r.ordinal(itoa(n), masculine))
		return at + 1
	}
	if r.kind(at-1) != wordToken || !r.tokens[at-1].title || r.tokens[at-1].caps || !r.tokens[at].space || len(w) == 1 && r.kind(at+1) == wordToken {
		return at
	}
	form := masculine
	if strings.HasSuffix(r.at(at-1), "a") || r.at(at-1) == "Isabel" || r.at(at-1) == "Beatrice" || r.at(at-1) == "Beatriz" {
		form = feminine
	}
	words := r.ordinal(itoa(n), form)
	if n > 10 && r.particle.number == "número" {
		words = r.cardinal(itoa(n), alone)
	}
	r.say(at, at+1, words)
	return at + 1
}

// italianNounGender looks at a word in small letters that may be a noun: only one
// agrees with it.
func italianNounGender(r *reader, at int) gender {
	if w := r.at(at); r.at(at-1) != "1" || endsWith(w[:min(2, len(w))], "z gn ps x y sb sc sd sf sg sl sm sn sp sq sr st sv") || strings.HasPrefix(w, "z") {
		return alone // uno zaino, uno studente
	}
	return italianGender(r, at)
}

// italianGender guesses the gender of the word in small letters at a token; alone
// if it is no noun.
func italianGender(r *reader, at int) gender {
	w := r.at(at)
	if r.kind(at) != wordToken || r.tokens[at].title || !r.ends(at+1) || italianNoNoun[w] || len(w) < 3 {
		return alone
	}
	if endsWith(w, "zione sione tà tù trice igione") || strings.HasSuffix(w, "a") && !endsWith(w, "ema oma amma") || italianFeminine[w] {
		return feminine
	}
	return masculine
}

var (
	italianNoNoun = set("del della dei delle per con che non una uno tra fra sul sulla alla alle dal dalla nel nella più volte ma anche sono era")
	// italianMany are feminine nouns in the plural of which people count halves.
	italianMany     = set("ore tazze settimane volte pagine giornate bottiglie once libbre miglia fette cucchiaiate porzioni")
	italianFeminine = set("notte mano auto moto foto radio parte gente chiave nave neve carne classe legge croce luce voce pace madre moglie sede fine stazione")
)

// portugueseNounGender looks at a word in small letters that may be a noun: one, two
// and the hundreds agree with it.
func portugueseNounGender(r *reader, at int) gender {
	w := r.at(at)
	if r.kind(at) != wordToken || r.tokens[at].title || !r.ends(at+1) || portugueseNoNoun[w] || len(w) < 3 {
		return alone
	}
	one := strings.TrimSuffix(w, "s")
	if endsWith(one, "ção são dade tude gem açõe çõe dade agen mulhere flore") || strings.HasSuffix(one, "a") && !endsWith(one, "ema oma ama dia mapa planeta") || portugueseFeminine[one] {
		return feminine
	}
	return masculine
}

var (
	portugueseNoNoun   = set("que com por para dos das uma uns umas não mas são era foi foram pelo pela nos nas aos até mil milhão milhões mais menos cada entre sobre")
	portugueseFeminine = set("mulher mão vez veze noite parte gente chave classe lei luz cor flor foto moto")
)
