package g2p

import "strings"

// moneyUnits are what follows an amount, by the sign before it.
var moneyUnits = map[string]struct{ whole, part string }{
	"$": {"dollar", "cent"}, "£": {"pound", "pence"}, "€": {"euro", "cent"},
}

// numberEndings may follow figures; of those that fit the first counts.
var numberEndings = []string{"ing", "'d", "ed", "'s", "st", "nd", "rd", "th", "s"}

// isNumber says that text is figures that number can read.
func isNumber(text string, head bool) bool {
	if !strings.ContainsAny(text, "0123456789") {
		return false
	}
	for _, ending := range numberEndings {
		if rest, ok := strings.CutSuffix(text, ending); ok {
			text = rest
			break
		}
	}
	for i, r := range text {
		if !isDigit(r) && r != ',' && r != '.' && !(r == '-' && head && i == 0) {
			return false
		}
	}
	return true
}

// spokenWords gathers the words of a number, in phonemes.
type spokenWords struct {
	lexicon *lexicon
	words   []string
}

func (s *spokenWords) add(word string, wanted wish) {
	if phonemes, ok := s.lexicon.lookup(word, "", wanted, midSpeech); ok {
		s.words = append(s.words, phonemes)
	}
}

func (s *spokenWords) addAll(words []string) {
	for _, word := range words {
		if word == "point" {
			s.add(word, none)
			continue
		}
		s.add(word, asIs)
	}
}

// number reads figures with what may be before and after them. Within a word, that
// is not at its head, they are read more digit by digit.
func (l *lexicon) number(text, currency string, head bool) (string, bool) {
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyz'")
	ending := text[len(digits):]
	place := ending == "st" || ending == "nd" || ending == "rd" || ending == "th"
	said := &spokenWords{lexicon: l}
	digits, negative := strings.CutPrefix(digits, "-")
	if negative {
		said.add("minus", asIs)
	}
	bare := strings.ReplaceAll(digits, ",", "")
	money, isMoney := moneyUnits[currency]
	dots := strings.Count(digits, ".")
	switch whole := every(digits, isDigit); {
	case strings.Trim(digits, ".,") == "":
		return "", false
	case whole && place:
		said.addAll(ordinal(digits))
	case whole && !negative && len(digits) == 4 && !isMoney:
		said.addAll(year(digits))
	case !head && dots == 0:
		said.code(bare)
	case dots > 1 || !head:
		for part := range strings.SplitSeq(bare, ".") {
			if part != "" && (part[0] == '0' || len(part) != 2 && strings.Trim(part[1:], "0") != "") {
				said.addAll(oneByOne(part))
			} else if part != "" {
				said.addAll(cardinal(part))
			}
		}
	case isMoney && isAmount(digits):
		said.amount(bare, money.whole, money.part)
	case dots == 0 && place:
		said.addAll(ordinal(bare))
	case dots == 0:
		said.addAll(cardinal(bare))
	case bare[0] == '.':
		said.addAll(append([]string{"point"}, oneByOne(bare)...))
	default:
		said.addAll(decimal(bare))
	}
	if len(said.words) == 0 {
		return "", false
	}
	phonemes := strings.Join(said.words, " ")
	switch ending {
	case "s", "'s":
		phonemes = l.s(phonemes)
	case "ed", "'d":
		phonemes = l.ed(phonemes)
	case "ing":
		phonemes = l.ing(phonemes)
	}
	return phonemes, phonemes != ""
}

// code reads figures within a word: three as "one oh five" or "one twenty", more
// one by one.
func (s *spokenWords) code(digits string) {
	switch {
	case digits[0] == '0' || len(digits) > 3:
		s.addAll(oneByOne(digits))
	case len(digits) == 3 && !strings.HasSuffix(digits, "00"):
		s.addAll(cardinal(digits[:1]))
		if digits[1] == '0' {
			s.add("O", none)
		}
		s.addAll(cardinal(digits[1:]))
	default:
		s.addAll(cardinal(digits))
	}
}

// isAmount says that digits have no more than two after the point.
func isAmount(digits string) bool {
	_, cents, _ := strings.Cut(digits, ".")
	return len(cents) < 3
}

// amount reads an amount of money; a part that is nothing is left out.
func (s *spokenWords) amount(digits, whole, part string) {
	units, cents, both := strings.Cut(digits, ".")
	none := func(number string) bool { return strings.Trim(number, "0") == "" }
	both = both && !none(cents)
	if !both || !none(units) {
		s.money(units, whole)
	}
	if both {
		if !none(units) {
			s.add("and", asIs)
		}
		s.money(cents, part)
	}
}

func (s *spokenWords) money(number, unit string) {
	words := cardinal(number)
	s.addAll(words)
	if len(words) == 1 && words[0] == "one" || unit == "pence" {
		s.add(unit, asIs)
		return
	}
	if phonemes, ok := s.lexicon.withS(unit+"s", "", asIs, midSpeech); ok {
		s.words = append(s.words, phonemes)
	}
}
