package textnorm

import (
	"slices"
	"strings"
)

// part is a code of a format and how many digits it expects.
type part struct {
	code  string
	width int
}

// formatParts splits a format such as yyyymmdd or hms12 into its codes. widths
// are the digits that a code written once expects.
func formatParts(format string, widths map[string]int) ([]part, bool) {
	var parts []part
	seen := make(map[string]bool)
	for i := 0; i < len(format); {
		end := i + 1
		for end < len(format) && format[end] == format[i] {
			end++
		}
		p := part{format[i : i+1], end - i}
		width, known := widths[p.code]
		if !known || seen[p.code] {
			return nil, false
		}
		if p.width == 1 {
			p.width = width
		}
		seen[p.code] = true
		parts = append(parts, p)
		i = end
	}
	return parts, len(parts) > 0
}

// fields parts content by a format: runs of digits (and of letters, which may
// be the name of a month) in order, each one field; a run of digits as long as
// what is left of the format together holds them all.
func (r *reader) fields(parts []part) (map[string]string, bool) {
	values := make(map[string]string)
	next := 0
	for i := range r.tokens {
		w := r.at(i)
		switch r.kind(i) {
		case numberToken:
			for w != "" {
				if next == len(parts) {
					return nil, false
				}
				p := parts[next]
				width := len(w)
				if rest := widthOf(parts[next:]); len(w) > p.width && (len(w) == rest || len(parts) > next+1) {
					width = p.width
				} else if len(w) > p.width {
					return nil, false
				}
				values[p.code] = w[:width]
				w = w[width:]
				next++
			}
		case wordToken:
			if month := r.months[strings.ToLower(w)]; month > 0 && next < len(parts) && parts[next].code == "m" {
				values["m"] = itoa(month)
				next++
				continue
			}
			if _, ok := r.ordinalSuffix(i - 1); ok {
				continue
			}
			if strings.EqualFold(w, "of") || strings.EqualFold(w, "de") {
				continue
			}
			return nil, false
		}
	}
	return values, next > 0
}

func widthOf(parts []part) int {
	n := 0
	for _, p := range parts {
		n += p.width
	}
	return n
}

// sayDateAs says a date by its format. Without one it is a date as it stands in
// running text.
func (r *reader) sayDateAs(as SayAs) bool {
	format := strings.ToLower(as.Format)
	if format == "" {
		return slices.ContainsFunc([]rule{sayNumericDate, sayDayMonth, sayMonth}, r.covered)
	}
	parts, ok := formatParts(format, map[string]int{"y": 4, "m": 2, "d": 2})
	if !ok {
		return false
	}
	values, ok := r.fields(parts)
	if !ok {
		return false
	}
	d := date{year: values["y"]}
	if values["m"] != "" {
		if d.month = atoi(values["m"]); d.month < 1 || d.month > 12 {
			return false
		}
	}
	if values["d"] != "" {
		if d.day = atoi(values["d"]); d.day < 1 || d.day > 31 {
			return false
		}
	}
	full := d.year != "" && d.month > 0 && d.day > 0
	switch {
	case as.Detail == "2":
		if !full {
			return false
		}
	case as.Detail == "1", !full:
		d.dayFirst = true
		if as.Detail == "1" && (d.day == 0 || d.month == 0 && d.year == "") {
			return false
		}
	}
	switch {
	case d.month == 0 && d.day == 0:
		return r.sayAll(r.year(d.year))
	case d.month == 0:
		return r.sayAll(strings.TrimSpace(r.ordinal(itoa(d.day), alone) + " " + r.yearWords(d.year)))
	}
	if full && as.Detail != "1" && r.formalDate != nil {
		return r.sayAll(r.formalDate(d))
	}
	return r.sayAll(r.dateWithComma(d))
}

func (l *language) yearWords(digits string) string {
	if digits == "" {
		return ""
	}
	return l.year(digits)
}

// dateWithComma is a date with a comma before its year, where the language
// parts them.
func (l *language) dateWithComma(d date) string {
	words := l.date(d)
	if !l.commaBeforeYear || d.year == "" {
		return words
	}
	year := l.year(d.year)
	if before, ok := strings.CutSuffix(words, " "+year); ok {
		return before + ", " + year
	}
	return words
}

// sayTimeAs says a time of day by its format, hms12 if none is given.
func (r *reader) sayTimeAs(as SayAs) bool {
	format := as.Format
	if format == "" {
		format = "hms12"
	}
	hours24 := strings.HasSuffix(format, "24")
	format = strings.TrimSuffix(strings.TrimSuffix(format, "24"), "12")
	zone := strings.Contains(format, "Z")
	format = strings.ToLower(strings.ReplaceAll(format, "Z", ""))
	parts, ok := formatParts(format, map[string]int{"h": 1, "m": 2, "s": 2})
	if !ok {
		return false
	}
	switch as.Detail {
	case "1":
		hours24 = true
	case "2":
		hours24 = false
	}
	var c clock
	values, next, meridiem := make(map[string]string), 0, ""
	for i := 0; i < len(r.tokens); i++ {
		w := r.at(i)
		switch r.kind(i) {
		case numberToken:
			for w != "" && next < len(parts) {
				width := parts[next].width
				if len(w) <= 2 || len(w)%2 == 0 && next == 0 {
					width = min(2, len(w))
				}
				width = min(width, len(w))
				values[parts[next].code] = w[:width]
				w = w[width:]
				next++
			}
			if w != "" {
				return false
			}
		case wordToken:
			words, end := r.dottedWord(i, r.meridiems)
			switch {
			case words != "":
				meridiem = words
				i = end - 1
				if r.isGlued(end, ".") {
					i = end
				}
			case strings.EqualFold(w, "h") && i > 0 && r.kind(i-1) == numberToken, strings.EqualFold(w, "uhr"):
			case zone || r.zones[strings.ToLower(w)]:
				c.zone = strings.TrimSpace(c.zone + " " + spell(strings.ToUpper(w)))
			default:
				return false
			}
		case signToken:
			if !strings.Contains(":.,-+", w) {
				return false
			}
		}
	}
	if next == 0 {
		return false
	}
	h, m, s := max(0, atoi(values["h"])), max(0, atoi(values["m"])), max(0, atoi(values["s"]))
	if h > 24 || m > 59 || s > 59 {
		return false
	}
	isPM := meridiem != "" && meridiem == r.meridiems["pm"]
	if hours24 {
		if isPM && h < 12 {
			h += 12
		} else if meridiem != "" && !isPM && h == 12 {
			h = 0
		}
		meridiem = ""
	} else if h > 12 || h == 0 {
		if meridiem == "" {
			meridiem = r.meridiems["am"]
			if h >= 12 && h < 24 {
				meridiem = r.meridiems["pm"]
			}
		}
		h = (h+11)%12 + 1
	}
	c.hour, c.meridiem = itoa(h), meridiem
	if m > 0 || s > 0 || values["m"] != "" || hours24 {
		c.minute = itoa(m)
		if m < 10 {
			c.minute = "0" + c.minute
		}
	}
	if s > 0 {
		c.second = itoa(s)
	}
	if r.clockAs != nil {
		return r.sayAll(r.clockAs(c, hours24))
	}
	return r.sayAll(r.clock(c))
}

// sayDurationAs says 5:30 with h:m as five hours and thirty minutes.
func (r *reader) sayDurationAs(format string) bool {
	var names []string
	for code := range strings.SplitSeq(strings.ToLower(format), ":") {
		code = strings.TrimSpace(code)
		if code != "ms" && code != "" {
			code = code[:1] // hh, mm
		}
		if !strings.Contains(" h m s ms ", " "+code+" ") {
			return false
		}
		names = append(names, code)
	}
	var values []string
	for i := range r.tokens {
		switch {
		case r.kind(i) == numberToken:
			values = append(values, r.at(i))
		case r.at(i) != ":" && r.at(i) != ".":
			return false
		}
	}
	if len(values) != len(names) || r.duration == nil {
		return false
	}
	return r.sayAll(r.duration(names, values))
}
