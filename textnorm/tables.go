package textnorm

import (
	"embed"
	"fmt"
	"strings"
)

// tables are the catalogues: rows of fields parted by tabs, lines that begin
// with "# " are remarks. names-LANGUAGE.tsv come from the Unicode CLDR.
//
//go:embed tables/*.tsv tables/*.txt tables/cldr/*.tsv
var tables embed.FS

// table gives the rows of a table, each of at least so many fields.
func table(name string, fields int) [][]string {
	file, err := tables.ReadFile("tables/" + name)
	if err != nil {
		panic(err) // the tables are part of the program, and tests read them all
	}
	var rows [][]string
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "# ") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) < fields {
			panic(fmt.Sprintf("%s: a row of %d fields: %q", name, len(row), line))
		}
		rows = append(rows, row)
	}
	return rows
}

// set are the words of a text.
func set(words string) map[string]bool {
	all := make(map[string]bool)
	for w := range strings.FieldsSeq(words) {
		all[w] = true
	}
	return all
}

// readMonths numbers months; each is its name and abbreviations.
func readMonths(text string) map[string]int {
	months := make(map[string]int)
	for i, names := range strings.Split(text, ",") {
		for name := range strings.FieldsSeq(names) {
			months[name] = i + 1
		}
	}
	return months
}

// readWords reads a table of words parted by white space.
func readWords(file string) map[string]bool {
	all := make(map[string]bool)
	for _, row := range table(file, 1) {
		for w := range strings.FieldsSeq(row[0]) {
			all[w] = true
		}
	}
	return all
}

// readSigns reads a table of characters and their names.
func readSigns(file string) map[rune]string {
	signs := make(map[rune]string)
	for _, row := range table(file, 2) {
		for _, c := range row[0] {
			signs[c] = row[1]
		}
	}
	return signs
}

// genders are how tables write them, behind the names of units.
var genders = map[string]gender{"": alone, "m": masculine, "f": feminine, "n": neuter}

// readUnits reads a table of units: their symbols, the names of one and of
// many, and the gender in languages that have any.
func readUnits(file string) map[string]unit {
	units := make(map[string]unit)
	for _, row := range table(file, 3) {
		u := unit{one: row[1], many: row[2]}
		if len(row) > 3 {
			u.gender = genders[row[3]]
		}
		for symbol := range strings.FieldsSeq(row[0]) {
			units[symbol] = u
		}
	}
	return units
}

// readCurrencies reads a table of currencies: symbols and codes, one, many, one
// and many of the small coin or nothing, the genders of both.
func readCurrencies(file string) map[string]currency {
	currencies := make(map[string]currency)
	for _, row := range table(file, 3) {
		row = append(row, "", "", "", "")
		c := currency{unit{one: row[1], many: row[2], gender: genders[row[5]]}, unit{one: row[3], many: row[4], gender: genders[row[6]]}}
		for symbol := range strings.FieldsSeq(row[0]) {
			currencies[strings.ToLower(symbol)] = c
		}
	}
	return currencies
}

// magnitudes reads a list of magnitudes parted by commas: the words for one and
// for more, the gender or a hyphen, then short forms. The words are forms, too.
func magnitudes(text string) map[string]unit {
	all := make(map[string]unit)
	for row := range strings.SplitSeq(text, ",") {
		fields := strings.Fields(row)
		m := unit{one: fields[0], many: fields[1], gender: genders[strings.Trim(fields[2], "-")]}
		for _, form := range append(fields[:2:2], fields[3:]...) {
			all[form] = m
		}
	}
	return all
}
