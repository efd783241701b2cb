package g2p

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// tokenizer cuts a text as spaCy does for English.
type tokenizer struct {
	// exceptions are what is cut in its own way, such as "don't" and "Mr.", by
	// their spelling; the parts joined are the spelling.
	exceptions map[string][]string
	longest    int
}

func (t *tokenizer) parse(data []byte) error {
	if err := json.Unmarshal(data, &t.exceptions); err != nil {
		return err
	}
	for text, parts := range t.exceptions {
		if strings.Join(parts, "") != text || text == "" {
			return errors.New("the parts of " + text + " are not the whole")
		}
		t.longest = max(t.longest, len(text))
	}
	return nil
}

func (t *tokenizer) exception(s string) []string {
	if len(s) > t.longest {
		return nil
	}
	return t.exceptions[s]
}

// tokens appends the tokens of text, without tags.
func (t *tokenizer) tokens(tokens []token, text string) []token {
	for pos := 0; ; {
		start := strings.IndexFunc(text[pos:], func(r rune) bool { return !isSpace(r) })
		if start < 0 {
			return tokens
		}
		start += pos
		pos = len(text)
		if n := strings.IndexFunc(text[start:], isSpace); n >= 0 {
			pos = start + n
		}
		at := start
		for _, part := range t.split(text[start:pos]) {
			tokens = append(tokens, token{text: part, start: at, end: at + len(part)})
			at += len(part)
		}
		tokens[len(tokens)-1].space = pos < len(text)
	}
}

// split cuts what stands between white space.
func (t *tokenizer) split(s string) []string {
	if parts := t.exception(s); parts != nil {
		return parts
	}
	s, before, after := t.peel(s)
	parts := before
	switch known := t.exception(s); {
	case s == "":
	case known != nil:
		parts = append(parts, known...)
	case isAddress(s):
		parts = append(parts, s)
	default:
		parts = appendInner(parts, s)
	}
	for _, part := range slices.Backward(after) {
		parts = append(parts, part)
	}
	return t.rejoin(parts)
}

// peel takes signs and endings off both ends of s until an exception is left, or
// nothing more comes off.
func (t *tokenizer) peel(s string) (rest string, before, after []string) {
	for s != "" && t.exception(s) == nil {
		p := prefix(s)
		if p > 0 && t.exception(s[p:]) != nil {
			return s[p:], append(before, s[:p]), after
		}
		cut := len(s) - suffix(s[p:])
		if cut < len(s) && t.exception(s[:cut]) != nil {
			return s[:cut], before, append(after, s[cut:])
		}
		if p == 0 && cut == len(s) {
			break
		}
		if p > 0 {
			before = append(before, s[:p])
		}
		if cut < len(s) {
			after = append(after, s[cut:])
		}
		s = s[p:cut]
	}
	return s, before, after
}

// rejoin puts neighbours together that are an exception, such as "Sept" and ".".
func (t *tokenizer) rejoin(parts []string) []string {
	if len(parts) < 2 {
		return parts
	}
	joined := make([]string, 0, len(parts))
next:
	for i := 0; i < len(parts); {
		for _, n := range []int{3, 2} {
			if i+n > len(parts) {
				continue
			}
			length := 0
			for _, part := range parts[i : i+n] {
				length += len(part)
			}
			if length > t.longest {
				continue
			}
			if known := t.exception(strings.Join(parts[i:i+n], "")); known != nil {
				joined = append(joined, known...)
				i += n
				continue next
			}
		}
		joined = append(joined, parts[i])
		i++
	}
	return joined
}

var addresses = regexp.MustCompile(`(?i)^(?:(?:https?|ftp)://|www\.).+$` +
	`|^[\pL\pN_.+-]+@[\pL\pN_-]+(?:\.[\pL\pN_-]+)+$` +
	`|^(?:[\pL\pN_-]+\.)+(?:com|org|net|edu|gov|io|co|uk|de|fr|info|biz|us|ca|au|tv|me|ly|ai)(?:/.*)?$`)

// isAddress says that s is one of the web or of mail, which stays whole.
func isAddress(s string) bool { return strings.ContainsAny(s, ".:") && addresses.MatchString(s) }

// appendInner cuts s where a sign lies between letters or figures.
func appendInner(parts []string, s string) []string {
	start, before := 0, rune(0)
	for pos := 0; pos < len(s); {
		n := 0
		if c := s[pos]; c >= utf8.RuneSelf || !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			n = infix(s[pos:], before)
		}
		if n > 0 && pos > 0 {
			if pos > start {
				parts = append(parts, s[start:pos])
			}
			parts = append(parts, s[pos:pos+n])
			start = pos + n
		}
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[pos:])
		}
		before = last(s[:pos+n])
		pos += n
	}
	if start < len(s) {
		parts = append(parts, s[start:])
	}
	return parts
}
