package textnorm

import "unicode/utf8"

// openings are rules by the first character of the token at which what they read
// begins, so that most tokens meet the few rules that may apply.
type openings struct {
	first [256][]rule // by their first byte
	// punctuation are those of U+2000 to U+203F, which share two bytes and are in
	// every sentence of a book, by the low bits of the third.
	punctuation [64][]rule
}

// opening is a rule and the characters at which it begins: themselves, or
// anyDigit, anyLetter, anyBeyond for all of their kind.
type opening struct {
	at   string
	rule rule
}

const (
	anyDigit  = "0"
	anyLetter = "a" + anyBeyond // of any script
	anyBeyond = "\x7f"          // ASCII but for the marks of prose; no token begins with DEL
)

// isProseMark reports whether c is a quote, a dash or dots as books print them.
// They mean something to the rules that name them, and to no others.
func isProseMark(c rune) bool {
	return c >= '‐' && c <= '‟' && c != '‖' && c != '‗' || c == '…'
}

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
			table.add(o)
		}
	}
	return table
}

func (t *openings) add(o opening) {
	var first [256]bool
	var punctuation [64]bool
	for _, c := range o.at {
		switch {
		case c == rune(anyDigit[0]):
			setAll(&first, '0', '9')
		case c == rune(anyLetter[0]):
			setAll(&first, 'a', 'z')
			setAll(&first, 'A', 'Z')
		case c == rune(anyBeyond[0]):
			setAll(&first, utf8.RuneSelf, 255)
			for low := range punctuation {
				if !isProseMark(rune(0x2000 + low)) {
					punctuation[low] = true
				}
			}
		case c >= 0x2000 && c < 0x2040:
			punctuation[c-0x2000] = true
		default:
			first[string(c)[0]] = true
		}
	}
	for c, is := range first {
		if is {
			t.first[c] = append(t.first[c], o.rule)
		}
	}
	for low, is := range punctuation {
		if is {
			t.punctuation[low] = append(t.punctuation[low], o.rule)
		}
	}
}

// at are the rules for what begins at a byte of text.
func (t *openings) at(text string, i int) []rule {
	if c := text[i]; c != 0xE2 || text[i+1] != 0x80 {
		return t.first[c]
	}
	return t.punctuation[text[i+2]&63]
}

func setAll(begins *[256]bool, from, to int) {
	for c := from; c <= to; c++ {
		begins[c] = true
	}
}
