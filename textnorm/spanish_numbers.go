package textnorm

import "strings"

// spanishNumerals say numbers in Spanish, by the long scale: mil millones, un
// billón.
type spanishNumerals struct{}

var (
	spanishSmall = strings.Fields(`cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince
		dieciséis diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis
		veintisiete veintiocho veintinueve`)
	spanishTens     = strings.Fields("_ diez veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa")
	spanishHundreds = strings.Fields("_ ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos")
	spanishScales   = [][2]string{{}, {"millón", "millones"}, {"billón", "billones"}, {"trillón", "trillones"}, {"cuatrillón", "cuatrillones"}}

	spanishFirst = strings.Fields(`_ primero segundo tercero cuarto quinto sexto séptimo octavo noveno décimo undécimo duodécimo
		decimotercero decimocuarto decimoquinto decimosexto decimoséptimo decimoctavo decimonoveno`)
	spanishTenth     = strings.Fields("_ décimo vigésimo trigésimo cuadragésimo quincuagésimo sexagésimo septuagésimo octogésimo nonagésimo")
	spanishHundredth = strings.Fields(`_ centésimo ducentésimo tricentésimo cuadringentésimo quingentésimo sexcentésimo septingentésimo
		octingentésimo noningentésimo`)
	spanishParts = map[string]string{"2": "medio", "3": "tercio", "4": "cuarto", "5": "quinto", "6": "sexto", "7": "séptimo", "8": "octavo", "9": "noveno", "10": "décimo"}
)

func (spanishNumerals) digits(digits string) string { return digitWords(spanishSmall, digits) }

// decimals are said in pairs: 1415 is catorce quince; three of them are one
// number.
func (s spanishNumerals) decimals(digits string) string {
	if len(digits) == 3 && digits[0] != '0' {
		return s.cardinal(digits, alone)
	}
	return pairs(s, digits)
}

// pairs says digits two by two, zeros and what follows them alone.
func pairs(n numerals, digits string) string {
	var words []string
	for len(digits) > 0 {
		pair := digits[:min(2, len(digits))]
		digits = digits[len(pair):]
		if len(pair) == 2 && pair[0] == '0' {
			words = append(words, n.cardinal("0", alone))
			pair = pair[1:]
		}
		words = append(words, n.cardinal(pair, alone))
	}
	return strings.Join(words, " ")
}

func (s spanishNumerals) cardinal(digits string, form gender) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return spanishSmall[0]
	}
	if len(digits) > 6*len(spanishScales) {
		return s.digits(digits)
	}
	var words []string
	for scale, group := range groups(digits, 6) {
		switch {
		case scale == 0:
			words = append(words, spanishBelowMillion(group, form))
		case group == "1":
			words = append(words, "un", spanishScales[scale][0])
		default:
			words = append(words, spanishBelowMillion(group, masculine), spanishScales[scale][1])
		}
	}
	return strings.Join(words, " ")
}

func spanishBelowMillion(digits string, form gender) string {
	if len(digits) <= 3 {
		return spanishBelowThousand(atoi(digits), form)
	}
	thousands, rest := atoi(digits[:len(digits)-3]), atoi(strings.TrimLeft(digits[len(digits)-3:], "0"))
	words := "mil"
	if thousands > 1 {
		words = spanishBelowThousand(thousands, masculine) + " mil"
		if form == feminine { // doscientas mil, but veintiún mil
			words = strings.ReplaceAll(words, "cientos", "cientas")
			words = strings.Replace(words, "quinientos", "quinientas", 1)
		}
	}
	if rest > 0 {
		words += " " + spanishBelowThousand(rest, form)
	}
	return words
}

func spanishBelowThousand(n int, form gender) string {
	if n == 100 {
		return "cien"
	}
	var words []string
	if n > 100 {
		hundred := spanishHundreds[n/100]
		if form == feminine && n >= 200 {
			hundred = strings.TrimSuffix(hundred, "os") + "as"
		}
		words = append(words, hundred)
		n %= 100
	}
	switch {
	case n == 0:
	case n < 30:
		words = append(words, spanishSmall[n])
	case n%10 == 0:
		words = append(words, spanishTens[n/10])
	default:
		words = append(words, spanishTens[n/10], "y", spanishSmall[n%10])
	}
	return beforeNoun(strings.Join(words, " "), form)
}

// beforeNoun gives a number that ends with one the form before a noun: un,
// veintiún, una.
func beforeNoun(words string, form gender) string {
	base, isOne := strings.CutSuffix(words, "uno")
	if !isOne {
		return words
	}
	switch {
	case form == feminine:
		return base + "una"
	case form != masculine:
		return words
	case strings.HasSuffix(base, "veinti"):
		return base + "ún"
	}
	return base + "un"
}

// ordinal is segundo, segunda; neuter is the short form before a noun: primer.
func (s spanishNumerals) ordinal(digits string, form gender) string {
	digits = strings.TrimLeft(digits, "0")
	n := atoi(digits)
	if n <= 0 {
		return s.cardinal(digits, alone)
	}
	var words []string
	if n >= 1000 {
		before := ""
		if n/1000 > 1 {
			before = strings.ReplaceAll(s.cardinal(itoa(n/1000), masculine), " ", "")
		}
		words = append(words, before+"milésimo")
		n %= 1000
	}
	if n >= 100 {
		words = append(words, spanishHundredth[n/100])
		n %= 100
	}
	switch {
	case n == 0:
	case n < 20:
		words = append(words, spanishFirst[n])
	case n > 20 && n < 30: // in one word, as up to 19
		words = append(words, strings.ReplaceAll("vigesimo"+spanishFirst[n%10], "oo", "o"))
	default:
		words = append(words, spanishTenth[n/10])
		if n%10 > 0 {
			words = append(words, spanishFirst[n%10])
		}
	}
	last := len(words) - 1
	switch form {
	case feminine:
		for i, w := range words {
			words[i] = strings.TrimSuffix(w, "o") + "a"
		}
	case neuter:
		if w := words[last]; strings.HasSuffix(w, "primero") || strings.HasSuffix(w, "tercero") {
			words[last] = strings.TrimSuffix(w, "o")
		}
	}
	return strings.Join(words, " ")
}

func (s spanishNumerals) year(digits string) string { return s.cardinal(digits, alone) }

func (s spanishNumerals) fraction(over, under string) string {
	under = strings.TrimLeft(under, "0")
	part := s.part(under)
	if part == "" {
		return s.cardinal(over, alone) + " sobre " + s.cardinal(under, alone)
	}
	if strings.TrimLeft(over, "0") != "1" {
		part += "s"
	}
	return s.cardinal(over, masculine) + " " + part
}

// part is the name of a part of a whole, "" when it is said by "sobre".
func (s spanishNumerals) part(under string) string {
	n := atoi(under)
	zeros := len(under) - len(strings.TrimRight(under, "0"))
	switch {
	case spanishParts[under] != "":
		return spanishParts[under]
	case n > 10 && n < 100:
		joined := strings.ReplaceAll(s.cardinal(under, masculine), " y ", "i")
		joined = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u").Replace(joined)
		return strings.TrimSuffix(joined, "a") + "avo"
	case n >= 100 && n < 1000 && zeros == 2:
		return spanishHundredth[n/100]
	case n >= 1000 && zeros >= 3 && zeros < 6:
		if under == "1000" {
			return "milésimo"
		}
		return strings.ReplaceAll(s.cardinal(under[:len(under)-3], masculine), " ", "") + "milésimo"
	case zeros >= 6:
		if under == "1000000" {
			return "millonésimo"
		}
		return strings.ReplaceAll(s.cardinal(under[:len(under)-6], masculine), " ", "") + "millonésimo"
	}
	return ""
}
