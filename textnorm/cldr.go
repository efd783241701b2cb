package textnorm

import (
	"strings"

	"golang.org/x/text/feature/plural"
	bcp47 "golang.org/x/text/language"
)

// newCLDR is a language of which all is known from its table of the CLDR:
// numbers, dates, times, currencies and units are read, all else is left to the
// engine.
func newCLDR(tag string) *language {
	n := &cldrNumerals{spellout: spellout{tag: bcp47.Make(tag), sets: map[string]*spelloutSet{}}}
	l := &language{
		numerals: n, pluralTag: &n.tag,
		units: map[string]unit{}, currencies: map[string]currency{}, months: map[string]int{},
		notUnits: set("a e o u i y s d m t l g h in A B C"),
	}
	pattern := ""
	for _, row := range table("cldr/"+tag+".tsv", 2) {
		switch row[0] {
		case "rule":
			n.add(row[1], row[2], row[3])
		case "month":
			m := atoi(row[1])
			names := strings.Fields(row[2])
			if len(names) == 0 {
				continue // they are numbers, as in Vietnamese
			}
			l.monthNames[m] = names[0]
			for _, name := range names {
				l.months[name] = m
			}
		case "order":
			l.dayFirst = row[1] != "mdy"
		case "date":
			pattern = row[1]
		case "mark":
			l.decimal = row[1]
			l.group = strings.ReplaceAll(row[2]+". '’_", row[1], "")
		case "per":
			l.particle.per = row[1]
		case "currency":
			c := currency{unit: unitOfForms(row[2])}
			for symbol := range strings.FieldsSeq(row[1]) {
				l.currencies[strings.ToLower(symbol)] = c
			}
		case "unit":
			u := unitOfForms(row[3])
			u.gender = cldrGenders[row[2]]
			for symbol := range strings.FieldsSeq(row[1]) {
				l.units[symbol] = u
			}
		}
	}
	numbering := n.first(countedBy[tag], "spellout-numbering", "spellout-cardinal", "spellout-cardinal-masculine", "spellout-cardinal-common")
	n.numbering = numbering
	for i := range l.particle.digit {
		l.particle.digit[i], _ = n.say(numbering, uint64(i))
	}
	for _, set := range []string{numbering, "spellout-cardinal", "spellout-cardinal-masculine", "spellout-cardinal-common", "spellout-cardinal-reale"} {
		if s := n.sets[set]; s != nil {
			l.particle.minus, l.particle.point = cmpOr(l.particle.minus, s.minus), cmpOr(l.particle.point, s.point)
		}
	}
	l.particle.point = cmpOr(l.particle.point, points[tag])
	n.digit = l.particle.digit
	l.money = func(a amount) string { return l.numberWords(a.number, alone) + " " + l.form(a.currency.unit, a.number) }
	l.date = func(d date) string { return cldrDate(l, n, pattern, d) }
	l.clock = func(c clock) string {
		words := []string{l.cardinal(itoa(atoi(c.hour)), alone)}
		for _, part := range []string{c.minute, c.second} {
			if part == "" {
				continue
			}
			if part[0] == '0' && part != "00" {
				words = append(words, l.particle.digit[0])
			}
			words = append(words, l.cardinal(itoa(atoi(part)), alone))
		}
		return strings.Join(words, " ")
	}
	l.spellZone = func(letters string) string { return letters }
	l.unitByName = func(name string) (unit, bool) { return unitOf(l, name) }
	l.fraction = func(over, under string) string { return "" }
	l.punctuation(",;?(){}\"]", ".:-'![`")
	for i, c := range l.marks {
		if c == symbol && !strings.ContainsRune("$%*_~#<>|+-", rune(i)) {
			l.marks[i] = plainMark
		}
	}
	l.chunkRules = byFirst(on(anyDigit, sayInstant, sayNumericDate))
	l.numberRules = []rule{sayCLDRClock, sayCLDRDay, sayMoneyBehind, sayMeasure, sayPlain}
	if l.monthNames[1] == "" {
		l.chunkRules, l.numberRules = new(openings), []rule{sayCLDRClock, sayMoneyBehind, sayMeasure, sayPlain}
	}
	l.looseCodes = true
	l.moneyWordRules()
	l.duration = func(units, values []string) string { return durationOf(l, units, values) }
	l.signRules = byFirst(on("♪♫♬♩>", sayNote), on("<", sayTag), on("*_~`", sayEmphasis), on("#>", sayHeading), on("[!", sayLink), on("|", sayTableRule, sayBar),
		on("$"+anyBeyond, sayMoney), on("-−–", sayMinus))
	return l
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// points are the words for a decimal separator of languages whose rules have none of
// their own: they say tenths and hundredths.
var points = map[string]string{"ru": "запятая"}

// countedBy are the sets of languages whose own for numbers in a row says them
// in another way than in a text.
var countedBy = map[string]string{"cs": "spellout-cardinal-masculine", "sk": "spellout-cardinal-masculine"}

// cldrTables are the tags that have a table.
var cldrTables = strings.Fields("af bg ca cs cy da el eo et fi hr hu hy id is it ka lt lv mk ms nb nl pl pt pt-PT ro ru sk sl sq sr sv tr uk vi hi")

// cldrGenders are genders as the CLDR names them.
var cldrGenders = map[string]gender{
	"masculine": masculine, "inanimate": masculine, "animate": masculine, "personal": masculine, "feminine": feminine, "neuter": neuter, "common": masculine,
}

// unitOfForms is a unit of which all plural categories are known: one=…|few=….
func unitOfForms(text string) unit {
	u := unit{forms: map[plural.Form]string{}}
	for part := range strings.SplitSeq(text, "|") {
		name, word, _ := strings.Cut(part, "=")
		for form, own := range pluralNames {
			if own == name {
				u.forms[form] = word
			}
		}
	}
	u.many = u.forms[plural.Other]
	u.one = cmpOr(u.forms[plural.One], u.many)
	return u
}

// cldrNumerals say numbers by the rules of the CLDR.
type cldrNumerals struct {
	spellout
	numbering string
	digit     [10]string
}

// first is the first set that there is.
func (n *cldrNumerals) first(sets ...string) string {
	for _, s := range sets {
		if n.sets[s] != nil {
			return s
		}
	}
	return ""
}

func (n *cldrNumerals) cardinal(digits string, g gender) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		digits = "0"
	}
	sets := []string{n.numbering}
	switch g {
	case masculine:
		sets = []string{"spellout-cardinal-masculine", "spellout-cardinal-common", "spellout-cardinal-reale", "spellout-cardinal", n.numbering}
	case feminine:
		sets = []string{"spellout-cardinal-feminine", "spellout-cardinal-common", "spellout-cardinal-reale", "spellout-cardinal", n.numbering}
	case neuter:
		sets = []string{"spellout-cardinal-neuter", "spellout-cardinal", n.numbering}
	}
	return n.spelled(n.first(sets...), digits)
}

// spelled says digits by a set, one by one where its rules do not reach.
func (n *cldrNumerals) spelled(set, digits string) string {
	if len(digits) <= longestSpelled {
		if words, ok := n.say(set, parse(digits)); ok {
			return words
		}
	}
	return n.decimals(digits)
}

func parse(digits string) (value uint64) {
	for _, c := range []byte(digits) {
		value = 10*value + uint64(c-'0')
	}
	return value
}

func (n *cldrNumerals) ordinal(digits string, g gender) string {
	own := map[gender]string{feminine: "spellout-ordinal-feminine", neuter: "spellout-ordinal-neuter"}[g]
	set := n.first(own, "spellout-ordinal-masculine", "spellout-ordinal", "spellout-ordinal-common")
	if set == "" {
		return n.cardinal(digits, alone)
	}
	return n.spelled(set, strings.TrimLeft(digits[:len(digits)-1], "0")+digits[len(digits)-1:])
}

func (n *cldrNumerals) year(digits string) string {
	return n.spelled(n.first("spellout-numbering-year", n.numbering), strings.TrimLeft(digits[:len(digits)-1], "0")+digits[len(digits)-1:])
}

func (n *cldrNumerals) decimals(digits string) string { return digitWords(n.digit[:], digits) }

// dayOrdinals are the sets by which languages say the day of a date, if it is an
// ordinal.
var dayOrdinals = map[string]string{
	"ru": "spellout-ordinal-neuter", "pl": "spellout-ordinal-masculine-genitive", "da": "spellout-ordinal-common", "nb": "spellout-ordinal-masculine",
	"sv": "spellout-ordinal-masculine", "fi": "spellout-ordinal", "hu": "spellout-ordinal", "bg": "spellout-ordinal-masculine", "lt": "spellout-ordinal-feminine",
	"hr": "spellout-ordinal-masculine", "sr": "spellout-ordinal",
}

// yearWords are what the word for a year that patterns shorten stands for.
var yearWords = map[string]string{"ru г": "года", "uk р": "року", "bg г": "година"}

// cldrDate fills the pattern of a long date: d 'de' MMMM 'de' y. What belongs to a
// part that is not written is left out.
func cldrDate(l *language, n *cldrNumerals, pattern string, d date) string {
	base, _ := n.tag.Base()
	day := l.cardinal(itoa(d.day), alone)
	if set := dayOrdinals[base.String()]; set != "" {
		day = n.spelled(set, itoa(d.day))
	} else if d.day == 1 && (base.String() == "it" || base.String() == "pt" || base.String() == "ca") {
		day = l.ordinal("1", masculine)
	}
	var b strings.Builder
	quoted := false
	wrote := false
	for i := 0; i < len(pattern); {
		j := i + 1
		for j < len(pattern) && pattern[j] == pattern[i] && strings.IndexByte("dMyLG", pattern[i]) >= 0 {
			j++
		}
		switch c := pattern[i]; {
		case c == '\'':
			quoted = !quoted
		case quoted:
			end := i + strings.IndexByte(pattern[i:], '\'')
			if word := pattern[i:end]; wrote {
				b.WriteString(cmpOr(yearWords[base.String()+" "+word], word))
			}
			j = end
		case c == 'd' && d.day > 0:
			b.WriteString(" " + day + " ")
			wrote = true
		case c == 'd':
			wrote = false
		case c == 'M' || c == 'L':
			b.WriteString(" " + l.monthNames[d.month] + " ")
			wrote = d.year != ""
		case c == 'y' && d.year != "":
			b.WriteString(" " + l.year(d.year) + " ")
			wrote = true
		case c == 'y' || c == '.' || c == ',':
		case c == ' ':
			b.WriteByte(' ')
		}
		i = j
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// sayPlain is a rule for a number that nothing is known of but itself, where
// it stands alone or before a word. What is written together with letters is the
// engine's.
func sayPlain(r *reader, at int) int {
	n, ok := r.numeral(at)
	if !ok || !r.starts(at) || !r.ends(n.end) || r.isGlued(n.end, "-") || r.isGlued(n.end, "/") || r.isGlued(n.end, ":") || r.isGlued(n.end, "%") || r.isGlued(n.end, ".") && r.glued(n.end+1) ||
		r.glued(at) && r.kind(at-1) == signToken && strings.Contains("-/.:#%", r.at(at-1)) {
		return at
	}
	if !n.point && (len(n.whole) > 1 && n.whole[0] == '0' || len(n.whole) > longestSpelled) {
		r.say(at, n.end, r.digitsOf(n.whole))
		return n.end
	}
	r.say(at, n.end, r.numberWords(n, alone))
	return n.end
}

// sayCLDRClock is a rule for times of day with a colon: 14:30, 14:30:15.
func sayCLDRClock(r *reader, at int) int {
	c := clock{hour: r.at(at)}
	if len(c.hour) > 2 || !r.starts(at) || atoi(c.hour) > 24 {
		return at
	}
	var ok bool
	if c.minute, ok = r.sexagesimal(at + 1); !ok {
		return at
	}
	end := at + 3
	if second, ok := r.sexagesimal(end); ok {
		c.second = second
		end += 2
	}
	if !r.ends(end) || r.isGlued(end, ":") {
		return at
	}
	if c.minute == "00" {
		c.minute = ""
	}
	r.say(at, end, r.clock(c))
	return end
}

// sayCLDRDay is a rule for a day and the name of a month, and a year: 5. mai 2020,
// 5 de maio de 2020.
func sayCLDRDay(r *reader, at int) int {
	day, ok := r.dayNumber(at)
	if !ok || !r.starts(at) {
		return at
	}
	i := at + 1
	if r.isGlued(i, ".") || r.isGlued(i, "º") || r.isGlued(i, "°") {
		i++
	}
	of := strings.EqualFold(r.at(i), "de")
	if of {
		i++
	}
	month, end := r.monthAt(i)
	if month == 0 || r.glued(i) && !r.isGlued(i-1, ".") {
		return at
	}
	d := date{day: day, month: month}
	y := end
	if of && strings.EqualFold(r.at(y), "de") {
		y++
	}
	if r.yearAt(y) {
		d.year, end = r.at(y), y+1
	}
	r.say(at, end, r.date(d))
	return end
}
