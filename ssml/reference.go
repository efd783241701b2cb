package ssml

import (
	"regexp"
	"strconv"
	"strings"
)

// reference is a numeric character reference, its number in the first group if
// hexadecimal, else in the second.
var reference = regexp.MustCompile(`&#(?:x([0-9a-fA-F]+)|([0-9]+));`)

// badReference is where in raw, the source of a token, the first reference to a
// character that XML does not allow stands, or -1. encoding/xml makes U+FFFD of
// those to surrogates.
func badReference(raw string) int {
	if !strings.Contains(raw, "&#") || strings.HasPrefix(raw, cdataOpen) {
		return -1
	}
	for _, at := range reference.FindAllStringSubmatchIndex(raw, -1) {
		digits, base := "", 10
		if at[2] >= 0 {
			digits, base = raw[at[2]:at[3]], 16
		} else {
			digits = raw[at[4]:at[5]]
		}
		code, err := strconv.ParseUint(digits, base, 32)
		if err != nil || !isXMLCharacter(rune(min(code, 0x7FFFFFFF))) {
			return at[0]
		}
	}
	return -1
}
