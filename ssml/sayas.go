package ssml

import "strings"

// interpretations are the values of interpret-as, with the one that each is
// the same as.
var interpretations = map[string]string{
	"cardinal": "cardinal", "ordinal": "ordinal", "characters": "characters",
	"verbatim": "verbatim", "spell-out": "verbatim", "fraction": "fraction",
	"expletive": "expletive", "bleep": "expletive", "unit": "unit", "currency": "currency",
	"telephone": "telephone", "date": "date", "time": "time", "duration": "duration",
}

func newSayAs(e *Element) *SayAs {
	s := &SayAs{}
	for _, a := range e.Attributes {
		switch a.Name {
		case "interpret-as":
			s.InterpretAs = interpretations[a.Value]
		case "format":
			s.Format = a.Value
		case "detail":
			s.Detail = a.Value
		case "language":
			s.Language = a.Value
		case "google:style":
			s.ZeroAsZero = true
		}
	}
	return s
}

// checkSayAs checks format and detail, whose forms depend on the kind.
func (r *reader) checkSayAs(e *Element) error {
	kind, _ := e.Attribute("interpret-as")
	format, given := e.Attribute("format")
	if !given {
		return nil
	}
	want := ""
	switch kind {
	case "date":
		want = dateFormat(format)
	case "time":
		want = timeFormat(format)
	case "duration":
		want = durationFormat(format)
	}
	if want != "" {
		return r.badValue(e, e.attribute("format"), want)
	}
	if kind != "date" {
		return nil
	}
	has := func(code string) bool { return strings.Contains(format, code) }
	switch detail, _ := e.Attribute("detail"); {
	case detail == "1" && (!has("d") || !has("m") && !has("y")):
		return r.fault(e.attribute("detail").Offset,
			`The attribute "detail" of <say-as> is "1", which needs a format with the day and the month or the year, not %q.`, format)
	case detail == "2" && (!has("d") || !has("m") || !has("y")):
		return r.fault(e.attribute("detail").Offset,
			`The attribute "detail" of <say-as> is "2", which needs a format with day, month and year, not %q.`, format)
	}
	return nil
}

func dateFormat(value string) string {
	if isRunOf(value, "ymd") {
		return ""
	}
	return `a run of y, m and d, such as "mdy" or "yyyymmdd"`
}

// isRunOf reports whether value is made of the letters of codes, those of a
// kind side by side.
func isRunOf(value, codes string) bool {
	seen, last := "", byte(0)
	for i := range len(value) {
		c := value[i]
		if c == last {
			continue
		}
		if strings.IndexByte(codes, c) < 0 || strings.IndexByte(seen, c) >= 0 {
			return false
		}
		seen, last = seen+string(rune(c)), c
	}
	return value != ""
}

// timeFormat is a run of h, m, s with Z, 12 or 24 in any place.
func timeFormat(value string) string {
	clock := strings.Count(value, "12") + strings.Count(value, "24")
	fields := strings.NewReplacer("12", "", "24", "", "Z", "").Replace(value)
	if clock <= 1 && strings.Count(value, "Z") <= 1 && isRunOf(fields, "hms") {
		return ""
	}
	return `a run of h, m and s with Z, 12 or 24, such as "hms12"`
}

func durationFormat(value string) string {
	const want = `some of h, m, s and ms joined by colons, such as "h:m"`
	seen := map[string]bool{"h": false, "m": false, "s": false, "ms": false}
	for code := range strings.SplitSeq(value, ":") {
		if twice, known := seen[code]; twice || !known {
			return want
		}
		seen[code] = true
	}
	return ""
}
