package textnorm

import (
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	bcp47 "golang.org/x/text/language"
)

// spellout are the rules by which the Unicode CLDR spells out the numbers of a
// language (UTS 35, rule-based number formatting), by the names of their sets.
type spellout struct {
	tag  bcp47.Tag
	sets map[string]*spelloutSet
}

// spelloutSet are rules by rising base. minus and point are the words for those.
type spelloutSet struct {
	rules        []spelloutRule
	minus, point string
}

type spelloutRule struct {
	base, divisor uint64
	body          string
}

// longestSpelled is the most digits that rules are asked for.
const longestSpelled = 15

// add adds a rule of a table. A base may have a radix, as in 1000/100, and marks
// that take a power off its divisor.
func (s *spellout) add(set, base, body string) {
	to := s.sets[set]
	if to == nil {
		to = new(spelloutSet)
		s.sets[set] = to
	}
	body = strings.TrimPrefix(body, "'")
	number, radix, _ := strings.Cut(strings.TrimRight(base, ">"), "/")
	switch {
	case base == "-x":
		to.minus = wordOf(body)
		return
	case base == "x.x", base == "x,x":
		to.point = wordOf(body)
		return
	}
	value, err := strconv.ParseUint(number, 10, 64)
	if err != nil {
		return // infinity and the like
	}
	power := uint64(10)
	if radix != "" {
		power, _ = strconv.ParseUint(radix, 10, 64)
	}
	divisor := uint64(1)
	for power > 1 && divisor <= value/power {
		divisor *= power
	}
	for range strings.Count(base, ">") {
		divisor = max(divisor/power, 1)
	}
	to.rules = append(to.rules, spelloutRule{value, divisor, body})
}

// wordOf is what of a body is neither number nor reference.
func wordOf(body string) string {
	var words []string
	for w := range strings.FieldsSeq(body) {
		if !strings.ContainsAny(w, "←→=#<>[]") {
			words = append(words, w)
		}
	}
	return strings.Join(words, " ")
}

// say spells a number by a set. ok is false if the rules do not reach as far.
func (s *spellout) say(set string, n uint64) (words string, ok bool) {
	var b strings.Builder
	ok = s.write(&b, set, n, 0)
	return strings.Join(strings.Fields(b.String()), " "), ok
}

// deepest bounds how far rules ask each other.
const deepest = 64

func (s *spellout) write(b *strings.Builder, set string, n uint64, depth int) bool {
	rules := s.sets[set]
	if rules == nil || depth > deepest {
		return false
	}
	at := -1
	for i, r := range rules.rules {
		if r.base > n {
			break
		}
		at = i
	}
	if at < 0 {
		return false
	}
	r := rules.rules[at]
	if at > 0 && r.base%r.divisor != 0 && n%r.divisor == 0 && strings.Contains(r.body, "←") && strings.Contains(r.body, "→") {
		r = rules.rules[at-1]
	}
	return s.body(b, set, r, r.body, n, depth)
}

// body writes what a rule says of n.
func (s *spellout) body(b *strings.Builder, set string, r spelloutRule, body string, n uint64, depth int) bool {
	for body != "" {
		switch {
		case body[0] == '[':
			end := strings.IndexByte(body, ']')
			if end < 0 {
				return false
			}
			// Of two that are parted by a bar the second is for what is round.
			some, round, _ := strings.Cut(body[1:end], "|")
			if n%r.divisor == 0 {
				some = round
			}
			if !s.body(b, set, r, some, n, depth) {
				return false
			}
			body = body[end+1:]
		case strings.HasPrefix(body, "$("):
			end := strings.Index(body, ")$")
			if end < 0 {
				return false
			}
			b.WriteString(s.agreeing(body[2:end], n/r.divisor))
			body = body[end+2:]
		default:
			mark, value := "", uint64(0)
			switch {
			case strings.HasPrefix(body, "←"):
				mark, value = "←", n/r.divisor
			case strings.HasPrefix(body, "→"):
				mark, value = "→", n%r.divisor
			case body[0] == '=':
				mark, value = "=", n
			default:
				end := strings.IndexAny(body[1:], "←→=[$")
				if end < 0 {
					end = len(body) - 1
				}
				b.WriteString(body[:end+1])
				body = body[end+1:]
				continue
			}
			rest := body[len(mark):]
			end := strings.Index(rest, mark)
			if end < 0 {
				return false
			}
			to := strings.TrimLeft(rest[:end], "%")
			if to == "" {
				to = set
			}
			if !s.write(b, to, value, depth+1) {
				return false
			}
			body = rest[end+len(mark):]
			if mark == "→" { // three of them: by the rule before, which is the same here
				body = strings.TrimPrefix(body, mark)
			}
		}
	}
	return true
}

// agreeing chooses the word of cardinal,one{тысяча}few{тысячи}other{тысяч}.
func (s *spellout) agreeing(choice string, n uint64) string {
	_, choice, _ = strings.Cut(choice, ",")
	want := pluralNames[plural.Cardinal.MatchPlural(s.tag, int(n%10_000_000), 0, 0, 0, 0)]
	other := ""
	for choice != "" {
		name, rest, ok := strings.Cut(choice, "{")
		if !ok {
			break
		}
		word, behind, _ := strings.Cut(rest, "}")
		switch name {
		case want:
			return word
		case "other":
			other = word
		}
		choice = behind
	}
	return other
}

// pluralNames are the categories as CLDR writes them.
var pluralNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}
