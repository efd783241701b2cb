package textnorm

// saySerial is a rule for serials: letters, digits and marks in one piece that
// have no meaning together, such as B2A23C, 5-3-Ws, MIG-25/235212, b-c-1-5. The
// digits are numbers, long ones and those that begin with zero digit by digit;
// hyphens and slashes are kept and not said.
func saySerial(r *reader, at int) int {
	if r.kind(at) != wordToken && r.kind(at) != numberToken || !r.starts(at) || r.isGlued(at, r.at(at)) && (r.at(at-1) == "-" || r.at(at-1) == "/") {
		return at // it was looked at from its beginning
	}
	end, digits, letters, marks := at, 0, 0, 0
	for end == at || r.glued(end) && end <= at+leastClutter {
		switch r.kind(end) {
		case numberToken:
			digits++
		case wordToken:
			letters++
		default:
			if s := r.at(end); (s != "-" && s != "/") || !r.glued(end+1) || r.kind(end+1) != wordToken && r.kind(end+1) != numberToken {
				goto done
			}
			marks++
		}
		end++
	}
done:
	switch {
	case digits == 0, end-at > leastClutter, !r.ends(end), end-at < 2, r.isDecimal(end):
		return at
	case letters == 0 && marks < 2:
		return at
	case r.isRangeOf(at, end):
		return at
	case letters == 1 && marks == 0: // 12kg, 1st, covid19: what rules for numbers know, or nearly words
		if r.kind(at) == numberToken {
			return at
		}
	}
	total := 0
	for i := at; i < end; i++ {
		if r.kind(i) == numberToken {
			total += len(r.at(i))
		}
		if r.at(i) == "/" {
			total = -end * longestCardinal // no code of digits
		}
	}
	for i := at; i < end; i++ {
		switch r.kind(i) {
		case numberToken:
			if letters == 0 && total > longestCardinal {
				r.say(i, i+1, r.digitsOf(r.at(i)))
				continue
			}
			r.say(i, i+1, r.serialNumber(r.at(i), letters == 0))
		case signToken:
			if r.at(i) == "/" { // engines would say it
				r.mark(i, ",")
				r.last = saidReading // what follows stays apart
				continue
			}
			r.keep(i)
		default:
			if w := r.at(i); r.tokens[i].caps && len(w) == 2 && r.at(i+1) != "-" {
				r.say(i, i+1, spell(w))
				continue
			}
			r.keep(i)
		}
	}
	return end
}

// serialNumber says the digits of a serial.
func (l *language) serialNumber(digits string, bare bool) string {
	switch {
	case len(digits) > 1 && digits[0] == '0', len(digits) > 4:
		return l.digitsOf(digits)
	case bare && len(digits) == 4 && digits >= "1100" && digits <= "1999":
		return l.year(digits)
	}
	return l.cardinal(digits, alone)
}

// isRangeOf reports whether the tokens are a range whose unit is glued to it:
// 5-10kg, in German 2-3x.
func (r *reader) isRangeOf(at, end int) bool {
	if end != at+4 || r.kind(at) != numberToken || r.at(at+1) != "-" || r.kind(at+2) != numberToken || r.kind(at+3) != wordToken {
		return false
	}
	symbol := r.at(at + 3)
	if len(symbol) == 1 && symbol < "a" { // 3-4A
		return false
	}
	_, behind, isUnit := r.unitAt(at + 3)
	return isUnit && behind == end || symbol == "x" && r.timesOver.one != "" && r.compared == nil
}
