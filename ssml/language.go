package ssml

import "strings"

func language(value string) string {
	if isLanguageTag(value) {
		return ""
	}
	return `one language tag (BCP 47), such as "en-US"`
}

// isLanguageTag reports whether value has the form of a tag of BCP 47 (RFC
// 5646, section 2.1). It does not know which languages there are, only that
// those of four letters and more have never been registered.
func isLanguageTag(value string) bool {
	subtags := strings.Split(value, "-")
	if len(value) > 100 {
		return false
	}
	for _, s := range subtags {
		if len(s) < 1 || len(s) > 8 || !alphanumeric(s) {
			return false
		}
	}
	first := strings.ToLower(subtags[0])
	if first == "x" || first == "i" {
		return len(subtags) > 1
	}
	if !alphabetic(first) || len(first) < 2 || len(first) > 3 {
		return false
	}
	rest := subtags[1:]
	take := func(fits func(s string) bool) bool {
		if len(rest) > 0 && fits(rest[0]) {
			rest = rest[1:]
			return true
		}
		return false
	}
	for n := 0; n < 3 && take(func(s string) bool { return len(s) == 3 && alphabetic(s) }); n++ {
	}
	take(func(s string) bool { return len(s) == 4 && alphabetic(s) }) // script
	take(func(s string) bool {                                        // region
		return len(s) == 2 && alphabetic(s) || len(s) == 3 && digits(s) == 3
	})
	for take(func(s string) bool { return len(s) >= 5 || len(s) == 4 && digits(s) > 0 }) { // variants
	}
	for len(rest) > 1 && len(rest[0]) == 1 { // extensions, then private use
		private := strings.EqualFold(rest[0], "x")
		rest = rest[1:]
		if !take(func(s string) bool { return private || len(s) > 1 }) {
			return false
		}
		for take(func(s string) bool { return private || len(s) > 1 }) {
		}
	}
	return len(rest) == 0
}

func alphabetic(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}

func alphanumeric(s string) bool {
	for i := range len(s) {
		if c := s[i] | 0x20; (c < 'a' || c > 'z') && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}
