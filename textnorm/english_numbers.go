package textnorm

import "strings"

// englishNumerals say numbers in English.
type englishNumerals struct {
	and   bool // one hundred and five
	lakhs bool // five lakh
}

var (
	englishSmall = strings.Fields(`zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
		fifteen sixteen seventeen eighteen nineteen`)
	englishTens   = strings.Fields("_ ten twenty thirty forty fifty sixty seventy eighty ninety")
	englishScales = strings.Fields(`_ thousand million billion trillion quadrillion quintillion sextillion septillion octillion
		nonillion decillion`)
	englishOrdinals = map[string]string{
		"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth", "twelve": "twelfth",
	}
)

func (englishNumerals) digits(digits string) string { return digitWords(englishSmall, digits) }

func (e englishNumerals) decimals(digits string) string { return e.digits(digits) }

func (e englishNumerals) cardinal(digits string, _ gender) string {
	digits = strings.TrimLeft(digits, "0")
	switch {
	case digits == "":
		return "zero"
	case len(digits) > 3*len(englishScales):
		return e.digits(digits)
	case e.lakhs && len(digits) > 5 && len(digits) <= 12:
		return e.indian(digits)
	}
	words := make([]string, 0, 16)
	for scale, group := range groups(digits, 3) {
		if e.and && scale == 0 && len(words) > 0 && atoi(group) < 100 {
			words = append(words, "and")
		}
		words = e.belowThousand(words, atoi(group))
		if scale > 0 {
			words = append(words, englishScales[scale])
		}
	}
	return strings.Join(words, " ")
}

// indian is a number of more than five digits in crore and lakh.
func (e englishNumerals) indian(digits string) string {
	var words []string
	if len(digits) > 7 {
		words = append(words, e.cardinal(digits[:len(digits)-7], alone), "crore")
		digits = digits[len(digits)-7:]
	}
	if lakhs := strings.TrimLeft(digits[:len(digits)-5], "0"); lakhs != "" {
		words = append(e.belowThousand(words, atoi(lakhs)), "lakh")
	}
	if rest := strings.TrimLeft(digits[len(digits)-5:], "0"); rest != "" {
		if e.and && len(rest) < 3 {
			words = append(words, "and")
		}
		words = append(words, e.cardinal(rest, alone))
	}
	return strings.Join(words, " ")
}

// belowThousand appends the words of a number that is not zero.
func (e englishNumerals) belowThousand(words []string, n int) []string {
	if n >= 100 {
		words = append(words, englishSmall[n/100], "hundred")
		if n %= 100; n > 0 && e.and {
			words = append(words, "and")
		}
	}
	switch {
	case n == 0:
	case n < 20:
		words = append(words, englishSmall[n])
	case n%10 == 0:
		words = append(words, englishTens[n/10])
	default:
		words = append(words, englishTens[n/10], englishSmall[n%10])
	}
	return words
}

func (e englishNumerals) ordinal(digits string, _ gender) string {
	return ordinalOf(e.cardinal(digits, alone))
}

// ordinalOf makes an ordinal of a cardinal in words.
func ordinalOf(cardinal string) string {
	at := strings.LastIndexByte(cardinal, ' ') + 1
	last := cardinal[at:]
	switch ordinal := englishOrdinals[last]; {
	case ordinal != "":
		last = ordinal
	case strings.HasSuffix(last, "y"):
		last = strings.TrimSuffix(last, "y") + "ieth"
	default:
		last += "th"
	}
	return cardinal[:at] + last
}

// year says 1985 as nineteen eighty five, 1900 as nineteen hundred, 2005 as two
// thousand five, 1905 as nineteen oh five, 340 as three forty, 05 as oh five.
func (e englishNumerals) year(digits string) string {
	switch len(digits) {
	case 2:
		if digits[0] == '0' {
			return "oh " + e.digits(digits[1:])
		}
	case 3:
		if digits[0] != '0' && digits[1:] != "00" {
			return e.cardinal(digits[:1], alone) + " " + e.year(digits[1:])
		}
	case 4:
		century, rest := digits[:2], digits[2:]
		switch {
		case digits[0] == '0', digits[1] == '0' && digits[2] == '0', digits[1:] == "000":
		case rest == "00":
			if digits[1] != '0' {
				return e.cardinal(century, alone) + " hundred"
			}
		default:
			return e.cardinal(century, alone) + " " + e.year(rest)
		}
	}
	return e.cardinal(digits, alone)
}
