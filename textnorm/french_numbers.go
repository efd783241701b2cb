package textnorm

import "strings"

// frenchNumerals say numbers in French. With septante seventy and
// ninety have names of their own: septante, nonante.
type frenchNumerals struct{ septante bool }

var (
	frenchSmall = strings.Fields(`zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize
		dix-sept dix-huit dix-neuf`)
	frenchTens   = strings.Fields("_ dix vingt trente quarante cinquante soixante septante quatre-vingt nonante")
	frenchScales = [][2]string{{}, {"mille", "mille"}, {"million", "millions"}, {"milliard", "milliards"}, {"billion", "billions"}, {"billiard", "billiards"}, {"trillion", "trillions"}}
)

func (frenchNumerals) digits(digits string) string { return digitWords(frenchSmall, digits) }

// decimals up to three are one number, more are said in pairs; zeros before them
// one by one.
func (f frenchNumerals) decimals(digits string) string {
	if len(digits) > 3 {
		return pairs(f, digits)
	}
	var words []string
	for len(digits) > 1 && digits[0] == '0' {
		words = append(words, frenchSmall[0])
		digits = digits[1:]
	}
	return strings.Join(append(words, f.cardinal(digits, alone)), " ")
}

func (f frenchNumerals) cardinal(digits string, form gender) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return frenchSmall[0]
	}
	if len(digits) > 3*len(frenchScales) {
		return f.digits(digits)
	}
	var words []string
	for scale, group := range groups(digits, 3) {
		n := atoi(group)
		switch {
		case scale == 0:
			words = append(words, f.belowThousand(n, form, true))
		case scale == 1 && n == 1:
			words = append(words, "mille")
		case scale == 1:
			words = append(words, f.belowThousand(n, masculine, false), "mille")
		case n == 1:
			words = append(words, "un", frenchScales[scale][0])
		default:
			words = append(words, f.belowThousand(n, masculine, true), frenchScales[scale][1])
		}
	}
	return strings.Join(words, " ")
}

// belowThousand is a number; plural says that nothing of the number follows, so
// that cent and vingt take an s.
func (f frenchNumerals) belowThousand(n int, form gender, plural bool) string {
	var words []string
	if n >= 100 {
		hundred := "cent"
		if n >= 200 {
			words = append(words, frenchSmall[n/100])
			if n%100 == 0 && plural {
				hundred = "cents"
			}
		}
		words = append(words, hundred)
		n %= 100
	}
	if n > 0 {
		words = append(words, f.belowHundred(n, form, plural))
	}
	return strings.Join(words, " ")
}

func (f frenchNumerals) belowHundred(n int, form gender, plural bool) string {
	one := "un"
	if form == feminine {
		one = "une"
	}
	tens, rest := n/10, n%10
	if !f.septante && (tens == 7 || tens == 9) {
		tens, rest = tens-1, rest+10
	}
	switch {
	case n == 1:
		return one
	case n < 20:
		return frenchSmall[n]
	case rest == 0 && tens == 8 && plural:
		return "quatre-vingts"
	case rest == 0:
		return frenchTens[tens]
	case rest == 1 && tens < 8:
		return frenchTens[tens] + " et " + one
	case rest == 11 && tens == 6:
		return "soixante et onze"
	case rest == 1:
		return frenchTens[tens] + "-" + one
	}
	return frenchTens[tens] + "-" + frenchSmall[rest]
}

func (f frenchNumerals) ordinal(digits string, form gender) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "1" {
		if form == feminine {
			return "première"
		}
		return "premier"
	}
	words := f.cardinal(digits, alone)
	if noun, round := strings.CutPrefix(words, "un "); round && !strings.Contains(noun, " ") { // millionième
		words = noun
	}
	at := strings.LastIndexAny(words, " -") + 1
	last := words[at:]
	switch last {
	case "un":
		last = "uni"
	case "cinq":
		last = "cinqu"
	case "neuf":
		last = "neuv"
	case "cents", "vingts", "millions", "milliards":
		last = strings.TrimSuffix(last, "s")
	default:
		last = strings.TrimSuffix(last, "e")
	}
	return words[:at] + strings.TrimSuffix(last, "i") + "ième"
}

func (f frenchNumerals) year(digits string) string { return f.cardinal(digits, alone) }

func (f frenchNumerals) fraction(over, under string) string {
	part := ""
	switch strings.TrimLeft(under, "0") {
	case "", "1":
		return f.cardinal(over, alone) + " sur " + f.cardinal(under, alone)
	case "2":
		part = "demi"
	case "3":
		part = "tiers"
	case "4":
		part = "quart"
	default:
		part = f.ordinal(under, masculine)
	}
	if strings.TrimLeft(over, "0") != "1" && !strings.HasSuffix(part, "s") {
		part += "s"
	}
	return f.cardinal(over, masculine) + " " + part
}
