package g2p

import (
	"strings"
	"unicode"
)

// Questions about the case of words, as Python answers them.

func lower(s string) string { return strings.ToLower(s) }

// isLowerCase says that s has small letters and no others with a case.
func isLowerCase(s string) bool {
	some := false
	for _, r := range s {
		if unicode.IsUpper(r) || unicode.IsTitle(r) {
			return false
		}
		some = some || unicode.IsLower(r)
	}
	return some
}

// isUpperCase says that s has capitals and no small letters.
func isUpperCase(s string) bool {
	some := false
	for _, r := range s {
		if unicode.IsLower(r) || unicode.IsTitle(r) {
			return false
		}
		some = some || unicode.IsUpper(r)
	}
	return some
}

// sameLower says that s has nothing that a small letter could stand for.
func sameLower(s string) bool {
	for _, r := range s {
		if unicode.ToLower(r) != r {
			return false
		}
	}
	return true
}

// sameUpper is the same for capitals: true of "NATO" and of "12".
func sameUpper(s string) bool {
	for _, r := range s {
		if unicode.ToUpper(r) != r {
			return false
		}
	}
	return true
}
