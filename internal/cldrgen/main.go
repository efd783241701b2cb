// Command cldrgen writes textnorm/tables/cldr and some of the names beside it: what
// the Unicode CLDR knows of a language's numbers, months, currencies and units, as
// far as textnorm reads it.
//
//	npm pack cldr-rbnf@48.2.0 cldr-numbers-full@48.2.0 cldr-dates-full@48.2.0 cldr-units-full@48.2.0 \
//		cldr-annotations-full@48.2.0 cldr-annotations-derived-full@48.2.0
//	(unpack each into DIR/NAME) && go run ./internal/cldrgen DIR
//
// A row begins with what it is:
//
//	rule      set, base, body     of the rule-based number format
//	month     number, names parted by spaces, the one in dates first
//	order     dmy, mdy or ymd     of dates in figures
//	date      the pattern of a long date
//	mark      the decimal mark, the marks between groups
//	per       the word between two units
//	currency  symbols and codes, forms
//	unit      symbols, gender, forms
//
// Forms are the plural categories and their words: one=euro|other=euros.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// languages are those whose words are written with spaces and whose numbers CLDR
// spells out, without those that have rules of their own.
var languages = strings.Fields(`af bg ca cs cy da el eo et fi hr hu hy id is it ka lt lv mk ms nb nl pl pt pt-PT ro ru sk sl sq sr sv tr uk vi hi`)

// named are the languages of which the names of emoji and signs are written, too.
var named = []string{"it", "pt"}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./internal/cldrgen DIR")
		os.Exit(2)
	}
	for _, l := range named {
		if err := names(os.Args[1], l); err != nil {
			fmt.Fprintf(os.Stderr, "cldrgen: %s: %v\n", l, err)
			os.Exit(1)
		}
	}
	for _, l := range languages {
		if err := write(os.Args[1], l); err != nil {
			fmt.Fprintf(os.Stderr, "cldrgen: %s: %v\n", l, err)
			os.Exit(1)
		}
	}
}

// object is a piece of CLDR's JSON.
type object = map[string]any

// read reads a file of a package and goes down to a key.
func read(path string, keys ...string) (object, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var at object
	if err := json.Unmarshal(text, &at); err != nil {
		return nil, err
	}
	for _, key := range keys {
		next, ok := at[key].(object)
		if !ok {
			return nil, fmt.Errorf("%s has no %s", path, strings.Join(keys, "."))
		}
		at = next
	}
	return at, nil
}

func write(dir, l string) error {
	var b strings.Builder
	b.WriteString("# Written by internal/cldrgen from the Unicode CLDR 48.2; licence: LICENSE beside it.\n")
	for _, part := range []func(*strings.Builder, string, string) error{rules, dates, marks, currencies, units} {
		if err := part(&b, dir, l); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join("textnorm", "tables", "cldr", l+".tsv"), []byte(b.String()), 0o644)
}

// names writes the names of the characters that names-en.tsv has.
func names(dir, l string) error {
	known := map[string]string{}
	for _, p := range []string{"annotations", "annotationsDerived"} {
		path := filepath.Join(dir, map[string]string{"annotations": "cldr-annotations-full", "annotationsDerived": "cldr-annotations-derived-full"}[p], p, l, "annotations.json")
		all, err := read(path, p, "annotations")
		if err != nil {
			return err
		}
		for text, row := range all {
			if said, ok := row.(object)["tts"].([]any); ok && len(said) > 0 {
				known[strings.ReplaceAll(text, "\uFE0F", "")] = strings.NewReplacer(":", "", ",", "", "(", "", ")", "").Replace(said[0].(string))
			}
		}
	}
	english, err := os.ReadFile(filepath.Join("textnorm", "tables", "names-en.tsv"))
	if err != nil {
		return err
	}
	var b strings.Builder
	for line := range strings.Lines(string(english)) {
		if text, _, _ := strings.Cut(line, "\t"); known[text] != "" {
			fmt.Fprintf(&b, "%s\t%s\n", text, known[text])
		}
	}
	return os.WriteFile(filepath.Join("textnorm", "tables", "names-"+l+".tsv"), []byte(b.String()), 0o644)
}

// wanted are the sets of rules that textnorm begins with.
var wanted = regexp.MustCompile(`^%spellout-(numbering(-year)?|(cardinal|ordinal)(-(masculine|feminine|neuter|common|reale))?|ordinal-masculine-genitive)$`)

// alternative is another word that would do as well.
var alternative = regexp.MustCompile(`\|[^\s\[\]←→=]+`)

var used = regexp.MustCompile(`%%?[a-z0-9-]+`)

func rules(b *strings.Builder, dir, l string) error {
	name := l
	if l == "nb" {
		name = "no"
	}
	sets, err := read(filepath.Join(dir, "cldr-rbnf", "rbnf", name+".json"), "rbnf", "rbnf", "SpelloutRules")
	if l == "pt-PT" { // it has what differs
		all, e := read(filepath.Join(dir, "cldr-rbnf", "rbnf", "pt.json"), "rbnf", "rbnf", "SpelloutRules")
		if e != nil {
			return e
		}
		maps.Copy(all, sets)
		sets = all
	}
	if err != nil {
		return err
	}
	var names []string
	for name := range sets {
		if wanted.MatchString(name) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for i := 0; i < len(names); i++ {
		list, ok := sets[names[i]].([]any)
		if !ok {
			continue
		}
		for _, one := range list {
			pair, ok := one.([]any)
			if !ok || len(pair) != 2 {
				return fmt.Errorf("a rule of %s is no pair", names[i])
			}
			body := strings.ReplaceAll(strings.TrimSuffix(pair[1].(string), ";"), "\u00AD", "")
			body = strings.ReplaceAll(alternative.ReplaceAllString(body, ""), "ʼ", "'")
			if l == "cs" { // a thousand is masculine, in every grammar of Czech
				body = strings.ReplaceAll(body, "←%spellout-cardinal-feminine← tisíc", "←%spellout-cardinal-masculine← tisíc")
			}
			fmt.Fprintf(b, "rule\t%s\t%s\t%s\n", strings.TrimLeft(names[i], "%"), pair[0], body)
			for _, name := range used.FindAllString(body, -1) {
				if sets[name] != nil && !slices.Contains(names, name) {
					names = append(names, name)
				}
			}
		}
	}
	return nil
}

func dates(b *strings.Builder, dir, l string) error {
	c, err := read(filepath.Join(dir, "cldr-dates-full", "main", l, "ca-gregorian.json"), "main", l, "dates", "calendars", "gregorian")
	if err != nil {
		return err
	}
	months := c["months"].(object)
	for m := 1; m <= 12; m++ {
		var names []string
		for _, form := range [][2]string{{"format", "wide"}, {"stand-alone", "wide"}, {"format", "abbreviated"}, {"stand-alone", "abbreviated"}} {
			name := strings.TrimSuffix(strings.ToLower(months[form[0]].(object)[form[1]].(object)[fmt.Sprint(m)].(string)), ".")
			if !strings.Contains(name, " ") && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		fmt.Fprintf(b, "month\t%d\t%s\n", m, strings.Join(names, " "))
	}
	short := c["dateFormats"].(object)["short"].(string)
	order := ""
	for _, r := range strings.ToLower(short) {
		if strings.ContainsRune("dmy", r) && !strings.ContainsRune(order, r) {
			order += string(r)
		}
	}
	fmt.Fprintf(b, "order\t%s\n", order)
	fmt.Fprintf(b, "date\t%s\n", c["dateFormats"].(object)["long"])
	return nil
}

func marks(b *strings.Builder, dir, l string) error {
	n, err := read(filepath.Join(dir, "cldr-numbers-full", "main", l, "numbers.json"), "main", l, "numbers", "symbols-numberSystem-latn")
	if err != nil {
		return err
	}
	group := strings.NewReplacer("\u00A0", " ", "\u202F", " ").Replace(n["group"].(string))
	fmt.Fprintf(b, "mark\t%s\t%s\n", n["decimal"], group)
	return nil
}

// forms are the plural categories of a row of CLDR, by the beginning of its keys.
func forms(row object, prefix string, word func(string) string) string {
	var all []string
	for _, category := range []string{"zero", "one", "two", "few", "many", "other"} {
		if text, ok := row[prefix+category].(string); ok {
			text = word(text)
			if text == "" || strings.Contains(text, "\t") {
				return ""
			}
			all = append(all, category+"="+text)
		}
	}
	return strings.Join(all, "|")
}

// money are currencies and the signs by which they are meant where nothing else is
// known.
var money = [][2]string{
	{"EUR", "€"}, {"USD", "US$ $"}, {"GBP", "£"}, {"JPY", "¥"}, {"CHF", ""}, {"CAD", "CA$ C$"}, {"AUD", "A$"}, {"CNY", "CN¥"}, {"INR", "₹"}, {"KRW", "₩"},
	{"RUB", "₽"}, {"UAH", "₴"}, {"PLN", "zł"}, {"CZK", "Kč"}, {"HUF", "Ft"}, {"SEK", ""}, {"NOK", ""}, {"DKK", ""}, {"ISK", ""}, {"RON", ""}, {"BGN", ""},
	{"TRY", "₺"}, {"BRL", "R$"}, {"MXN", "MX$"}, {"ILS", "₪"}, {"THB", "฿"}, {"VND", "₫"}, {"IDR", "Rp"}, {"RSD", ""}, {"GEL", "₾"}, {"BTC", "₿"},
}

func currencies(b *strings.Builder, dir, l string) error {
	all, err := read(filepath.Join(dir, "cldr-numbers-full", "main", l, "currencies.json"), "main", l, "numbers", "currencies")
	if err != nil {
		return err
	}
	for _, m := range money {
		row, ok := all[m[0]].(object)
		if !ok {
			continue
		}
		words := forms(row, "displayName-count-", func(s string) string { return s })
		if words == "" {
			continue
		}
		symbols := strings.TrimSpace(m[0] + " " + m[1])
		if own, _ := row["symbol"].(string); own != "" { // as the language writes it: kr
			own = strings.TrimSuffix(own, ".")
			if !strings.Contains(own, " ") && !slices.Contains(strings.Fields(symbols), own) {
				symbols += " " + own
			}
		}
		fmt.Fprintf(b, "currency\t%s\t%s\n", symbols, words)
	}
	return nil
}

// measures are units and their symbols.
var measures = [][2]string{
	{"length-millimeter", "mm"}, {"length-centimeter", "cm"}, {"length-decimeter", "dm"}, {"length-meter", "m"}, {"length-kilometer", "km"},
	{"length-micrometer", "µm μm"}, {"length-nanometer", "nm"}, {"length-inch", "in ″"}, {"length-foot", "ft"}, {"length-yard", "yd"}, {"length-mile", "mi"},
	{"area-hectare", "ha"}, {"area-square-meter", "m²"}, {"area-square-kilometer", "km²"}, {"area-square-centimeter", "cm²"},
	{"volume-cubic-meter", "m³"}, {"volume-cubic-centimeter", "cm³"}, {"volume-liter", "l L"}, {"volume-milliliter", "ml mL"}, {"volume-centiliter", "cl cL"},
	{"volume-deciliter", "dl dL"}, {"volume-hectoliter", "hl hL"}, {"mass-milligram", "mg"}, {"mass-gram", "g"}, {"mass-kilogram", "kg"},
	{"mass-microgram", "µg μg"}, {"mass-ounce", "oz"}, {"mass-pound", "lb lbs"}, {"mass-tonne", "t"}, {"mass-metric-ton", "t"},
	{"duration-millisecond", "ms"}, {"duration-second", "s sec"}, {"duration-minute", "min"}, {"duration-hour", "h"}, {"duration-day", "d"},
	{"temperature-celsius", "°C"}, {"temperature-fahrenheit", "°F"}, {"temperature-kelvin", "K"}, {"angle-degree", "°"},
	{"speed-kilometer-per-hour", "km/h"}, {"speed-meter-per-second", "m/s"}, {"speed-mile-per-hour", "mph"}, {"speed-knot", "kn"},
	{"frequency-hertz", "Hz"}, {"frequency-kilohertz", "kHz"}, {"frequency-megahertz", "MHz"}, {"frequency-gigahertz", "GHz"},
	{"electric-volt", "V"}, {"electric-ampere", "A"}, {"electric-milliampere", "mA"}, {"electric-ohm", "Ω"},
	{"power-watt", "W"}, {"power-milliwatt", "mW"}, {"power-kilowatt", "kW"}, {"power-megawatt", "MW"}, {"power-gigawatt", "GW"}, {"power-horsepower", "hp"},
	{"energy-joule", "J"}, {"energy-kilojoule", "kJ"}, {"energy-kilocalorie", "kcal"}, {"energy-kilowatt-hour", "kWh"},
	{"pressure-hectopascal", "hPa"}, {"pressure-kilopascal", "kPa"}, {"pressure-bar", "bar"}, {"pressure-pascal", "Pa"},
	{"digital-byte", "B"}, {"digital-kilobyte", "kB KB"}, {"digital-megabyte", "MB"}, {"digital-gigabyte", "GB"}, {"digital-terabyte", "TB"},
	{"digital-megabit", "Mbit"}, {"digital-gigabit", "Gbit"}, {"force-newton", "N"}, {"sound-decibel", "dB"},
	{"concentr-percent", "%"}, {"concentr-permille", "‰"},
}

func units(b *strings.Builder, dir, l string) error {
	path := filepath.Join(dir, "cldr-units-full", "main", l, "units.json")
	all, err := read(path, "main", l, "units", "long")
	if err != nil {
		return err
	}
	short, err := read(path, "main", l, "units", "short")
	if err != nil {
		return err
	}
	if per, ok := all["per"].(object); ok {
		word := strings.TrimSuffix(strings.TrimPrefix(per["compoundUnitPattern"].(string), "{0}"), "{1}")
		fmt.Fprintf(b, "per\t%s\n", strings.TrimSpace(word))
	}
	done := map[string]bool{}
	for _, m := range measures {
		row, ok := all[m[0]].(object)
		if !ok || done[m[1]] {
			continue
		}
		words := forms(row, "unitPattern-count-", func(s string) string {
			word, ok := strings.CutPrefix(s, "{0}")
			if !ok {
				return "" // before its number, which rules do not say
			}
			return strings.TrimSpace(strings.ReplaceAll(word, "\u00A0", " "))
		})
		if words == "" {
			continue
		}
		done[m[1]] = true
		gender, _ := row["gender"].(string)
		symbols := m[1]
		if row, ok := short[m[0]].(object); ok { // as the language writes it: км
			own, _ := row["unitPattern-count-other"].(string)
			own, ok := strings.CutPrefix(own, "{0}")
			own = strings.Trim(own, " .\u00A0\u202F")
			if ok && own != "" && !strings.Contains(own, " ") && !slices.Contains(strings.Fields(symbols), own) {
				symbols += " " + own
			}
		}
		fmt.Fprintf(b, "unit\t%s\t%s\t%s\n", symbols, gender, words)
	}
	return nil
}
