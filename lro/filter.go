package lro

import (
	"strings"

	"github.com/lectern/lectern/fault"
)

// parseFilter reads the one field that can be filtered by: done, compared with
// true or false, or alone, and negated by NOT or "-" in front. nil means no
// filter. See AIP-160 for the whole language, of which this is the useful part.
func parseFilter(filter string) (done *bool, err error) {
	words := strings.Fields(spaced(filter))
	if len(words) == 0 {
		return nil, nil
	}
	want := true
	for len(words) > 0 && (words[0] == "NOT" || words[0] == "-") {
		want = !want
		words = words[1:]
	}
	switch {
	case len(words) == 1 && words[0] == "done":
		return &want, nil
	case len(words) == 3 && words[0] == "done":
		switch words[1] {
		case "=", ":":
		case "!=":
			want = !want
		default:
			return nil, badFilter()
		}
		switch words[2] {
		case "true":
			return &want, nil
		case "false":
			want = !want
			return &want, nil
		}
	}
	return nil, badFilter()
}

// spaced sets spaces around the operators, so that words are easily told apart.
func spaced(filter string) string {
	return strings.NewReplacer("!=", " != ", "=", " = ", ":", " : ", "-", " - ").Replace(filter)
}

func badFilter() error {
	return fault.Invalid("filter", "This filter is not supported. Use \"done=true\" or \"done=false\", or leave it empty.")
}
