package textnorm

import "unicode/utf8"

// openings are rules by the first byte of the token at which what they read
// begins, so that most tokens meet the few rules that may apply.
type openings [256][]rule

// opening is a rule and the characters at which it begins: themselves, or
// anyDigit, anyLetter, anyBeyond for all of their kind.
type opening struct {
	at   string
	rule rule
}

const (
	anyDigit  = "0"
	anyLetter = "a" + anyBeyond // of any script
	anyBeyond = "\x7f"          // ASCII; no token begins with DEL
	anySign   = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" + anyBeyond
)

// on gives rules the characters at which they begin.
func on(at string, rules ...rule) []opening {
	list := make([]opening, len(rules))
	for i, r := range rules {
		list[i] = opening{at, r}
	}
	return list
}

// byFirst makes the table of lists of rules, which keep their order.
func byFirst(lists ...[]opening) *openings {
	table := new(openings)
	for _, list := range lists {
		for _, o := range list {
			var begins [256]bool
			for i := range len(o.at) {
				switch c := o.at[i]; {
				case c == anyDigit[0]:
					setAll(&begins, '0', '9')
				case c == anyLetter[0]:
					setAll(&begins, 'a', 'z')
					setAll(&begins, 'A', 'Z')
				case c == anyBeyond[0]:
					setAll(&begins, utf8.RuneSelf, 255)
				case utf8.RuneStart(c):
					begins[c] = true
				}
			}
			for c, is := range begins {
				if is {
					table[c] = append(table[c], o.rule)
				}
			}
		}
	}
	return table
}

func setAll(begins *[256]bool, from, to int) {
	for c := from; c <= to; c++ {
		begins[c] = true
	}
}
