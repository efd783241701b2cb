package textnorm

import "strings"

// germanNumerals say numbers in German, the parts of a number as words of their
// own: drei und zwanzig.
type germanNumerals struct{}

var (
	germanSmall = strings.Fields(`null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn
		sechzehn siebzehn achtzehn neunzehn`)
	germanTens   = strings.Fields("_ zehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
	germanScales = [][2]string{
		{}, {"tausend", "tausend"}, {"million", "millionen"}, {"milliarde", "milliarden"}, {"billion", "billionen"},
		{"billiarde", "billiarden"}, {"trillion", "trillionen"}, {"trilliarde", "trilliarden"},
	}
	germanOnes     = map[gender]string{alone: "eins", masculine: "ein", feminine: "eine", neuter: "ein"}
	germanOrdinals = map[string]string{"eins": "erst", "drei": "dritt", "sieben": "siebt", "acht": "acht"}
)

func (germanNumerals) digits(digits string) string { return digitWords(germanSmall, digits) }

func (g germanNumerals) decimals(digits string) string { return g.digits(digits) }

func (g germanNumerals) cardinal(digits string, form gender) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return germanSmall[0]
	}
	if len(digits) > 3*len(germanScales) {
		return g.digits(digits)
	}
	var words []string
	for scale, group := range groups(digits, 3) {
		n := atoi(group)
		switch {
		case scale == 0:
			words = append(words, germanBelowThousand(n, form))
		case scale == 1:
			words = append(words, germanBelowThousand(n, neuter), "tausend")
		case n == 1:
			words = append(words, "eine", germanScales[scale][0])
		default:
			words = append(words, germanBelowThousand(n, feminine), germanScales[scale][1])
		}
	}
	return strings.Join(words, " ")
}

func germanBelowThousand(n int, form gender) string {
	var words []string
	if n >= 100 {
		words = append(words, ein(n/100), "hundert")
		n %= 100
	}
	switch {
	case n == 0:
	case n == 1:
		words = append(words, germanOnes[form])
	case n < 20:
		words = append(words, germanSmall[n])
	case n%10 == 0:
		words = append(words, germanTens[n/10])
	default:
		words = append(words, ein(n%10), "und", germanTens[n/10])
	}
	return strings.Join(words, " ")
}

// ein is a digit before another part of a number.
func ein(n int) string {
	if n == 1 {
		return "ein"
	}
	return germanSmall[n]
}

// ordinal is in the nominative behind no article: dritter. The gender alone and
// masculine end with r, feminine with nothing, neuter with s.
func (g germanNumerals) ordinal(digits string, form gender) string {
	end := map[gender]string{alone: "r", masculine: "r", feminine: "", neuter: "s"}[form]
	return g.ordinalStem(digits) + "e" + end
}

// ordinalStem is an ordinal without its ending: dritt, zwanzigst.
func (g germanNumerals) ordinalStem(digits string) string {
	words := g.cardinal(digits, alone)
	at := strings.LastIndexByte(words, ' ') + 1
	last := words[at:]
	n := atoi(digits[max(0, len(digits)-2):])
	switch stem := germanOrdinals[last]; {
	case stem != "":
		return words[:at] + stem
	case n > 0 && n < 20:
		return words + "t"
	}
	for _, scale := range germanScales[2:] { // eine millionste
		if last == scale[0] || last == scale[1] {
			before := words[:at]
			if before == "eine " {
				before = "ein "
			}
			return before + strings.TrimSuffix(strings.TrimSuffix(scale[0], "en"), "e") + "st"
		}
	}
	return words + "st"
}

// year says 1985 as neunzehn hundert fünf und achtzig.
func (g germanNumerals) year(digits string) string {
	if len(digits) == 4 && digits >= "1100" && digits <= "1999" {
		words := g.cardinal(digits[:2], alone) + " hundert"
		if digits[2:] != "00" {
			words += " " + g.cardinal(digits[2:], alone)
		}
		return words
	}
	return g.cardinal(digits, alone)
}

func (g germanNumerals) fraction(over, under string) string {
	switch strings.TrimLeft(under, "0") {
	case "", "1":
		return g.cardinal(over, alone) + " durch " + g.cardinal(under, alone)
	case "2":
		if atoi(over) == 1 {
			return "ein halb"
		}
		return g.cardinal(over, neuter) + " halbe"
	}
	// Drei hundertstel, not drei ein hundertstel.
	part := strings.TrimPrefix(g.ordinalStem(under), "ein ")
	return g.cardinal(over, neuter) + " " + part + "el"
}
