package textnorm

import "strings"

// addPrefixed adds units with the prefixes of the International System, from a
// table of two kinds of rows:
//
//	prefix <TAB> symbols <TAB> name
//	base <TAB> symbols <TAB> one <TAB> many <TAB> gender <TAB> the prefixes that it is used with
//
// A base by itself is no unit here: most are letters that stand for much else.
// What the language's own table has stays as it is there.
func (l *language) addPrefixed(file string) {
	names := map[string]string{}
	for _, row := range table(file, 3) {
		if row[0] == "prefix" {
			for symbol := range strings.FieldsSeq(row[1]) {
				names[symbol] = row[2]
			}
			continue
		}
		for prefix := range strings.FieldsSeq(row[5]) {
			u := unit{one: names[prefix] + row[2], many: names[prefix] + row[3], gender: genders[row[4]]}
			for base := range strings.FieldsSeq(row[1]) {
				if _, ok := l.units[prefix+base]; !ok {
					l.units[prefix+base] = u
				}
			}
		}
	}
}
