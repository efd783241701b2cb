package g2p

import "strings"

// Numbers in words, from decimal digits of any count. The words "and" that belong
// to some of them are not spoken, and left out.

var (
	ones = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
		"sixteen seventeen eighteen nineteen")
	tens   = strings.Fields("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
	scales = strings.Fields("one thousand million billion trillion quadrillion quintillion sextillion septillion octillion " +
		"nonillion decillion")
	ordinals = map[string]string{"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
		"nine": "ninth", "twelve": "twelfth"}
)

// cardinal reads digits as one number; where that is too large to have a name,
// one by one.
func cardinal(digits string) []string {
	digits = strings.TrimLeft(digits, "0")
	switch {
	case digits == "":
		return []string{ones[0]}
	case len(digits) > 3*len(scales):
		return oneByOne(digits)
	}
	var words []string
	for len(digits) > 0 {
		scale := (len(digits) - 1) / 3
		group := digits[:len(digits)-3*scale]
		digits = digits[len(group):]
		n := 0
		for _, d := range []byte(group) {
			n = 10*n + int(d-'0')
		}
		if n == 0 {
			continue
		}
		words = appendSmall(words, n)
		if scale > 0 {
			words = append(words, scales[scale])
		}
	}
	return words
}

// appendSmall appends a number from 1 to 999.
func appendSmall(words []string, n int) []string {
	if n >= 100 {
		words = append(words, ones[n/100], "hundred")
		n %= 100
	}
	if n >= 20 {
		words = append(words, tens[n/10])
		n %= 10
	}
	if n > 0 {
		words = append(words, ones[n])
	}
	return words
}

func oneByOne(digits string) []string {
	words := make([]string, 0, len(digits))
	for _, d := range []byte(digits) {
		if isDigit(rune(d)) {
			words = append(words, ones[d-'0'])
		}
	}
	return words
}

// ordinal is the same as a place in a row.
func ordinal(digits string) []string {
	words := cardinal(digits)
	end := &words[len(words)-1]
	switch irregular, ok := ordinals[*end]; {
	case ok:
		*end = irregular
	case strings.HasSuffix(*end, "y"):
		*end = strings.TrimSuffix(*end, "y") + "ieth"
	default:
		*end += "th"
	}
	return words
}

// year reads four digits as a year: "nineteen oh five", "two thousand five".
func year(digits string) []string {
	high, low := digits[:2], digits[2:]
	switch {
	case high == "00", high[1] == '0' && low[0] == '0':
		return cardinal(digits)
	case low == "00":
		return append(cardinal(high), "hundred")
	case low[0] == '0':
		return append(cardinal(high), "oh", ones[low[1]-'0'])
	}
	return append(cardinal(high), cardinal(low)...)
}

// decimal reads a number with a point; zeros at its end are not spoken.
func decimal(number string) []string {
	whole, fraction, _ := strings.Cut(number, ".")
	words := cardinal(whole)
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		words = append(append(words, "point"), oneByOne(fraction)...)
	}
	return words
}
