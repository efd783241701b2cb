package g2p

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestStress(t *testing.T) {
	for _, c := range []struct {
		phonemes string
		wanted   wish
		want     string
	}{
		{"hˈɛlˌO", asIs, "hˈɛlˌO"},
		{"hˈɛlˌO", none, "hɛlO"},
		{"hˈɛlˌO", less, "hˌɛlO"},
		{"hɛlˌO", less, "hɛlˌO"},
		{"hˈɛlˌO", plain, "hˌɛlO"},
		{"hɛlO", plain, "hˌɛlO"},
		{"hɛlO", some, "hˌɛlO"},
		{"hˈɛlO", some, "hˈɛlO"},
		{"stɹɛŋθ", strong, "stɹˈɛŋθ"},
		{"hɛlˌO", strong, "hɛlˈO"},
		{"hˈɛlˌO", strong, "hˈɛlˌO"},
		{"ʃ", strong, "ʃ"},
		{"", plain, ""},
	} {
		if got := stressed(c.phonemes, c.wanted); got != c.want {
			t.Errorf("%q with %d is %q, want %q", c.phonemes, c.wanted, got, c.want)
		}
	}
}

func TestTokens(t *testing.T) {
	var rules tokenizer
	if err := rules.parse(small()["tokenizer_exceptions.json"].Data); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{`"Hello," he said.`, `" Hello , " he said .`},
		{`(don't) cannot Mr. Sept.`, `( do n't ) can not Mr. Sept.`},
		{`in the U.S.)...`, `in the U.S. ) ...`},
		{`J. K. AB. c. 5. 5.`, `J. K. AB . c . 5 . 5 .`},
		{`$5 US$5 5$ 5US$ +5 + 5+`, `$ 5 US$ 5 5 $ 5 US$ +5 + 5 +`},
		{`5km 5km/h 5% km 12mph. -5`, `5 km 5 km/h 5 % km 12 mph . -5`},
		{`cat's CAT'S cats'`, `cat 's CAT 'S cats '`},
		{`well-known a--b 1-2 a-1 and/or a:b 1:2`, `well - known a -- b 1 - 2 a-1 and / or a : b 1:2`},
		{`a,b 1,2 end.Next end.next what...ever`, `a , b 1,2 end . Next end.next what ... ever`},
		{`https://a.b/c-d? www.x.org/y me@a-b.org, example.com a.bc`, `https://a.b/c-d ? www.x.org/y me@a-b.org , example.com a.bc`},
		{`…… ……x x…… …. .. . "`, `… … … … x x …… … . .. . "`},
		{`50°C. x²`, `50 ° C . x²`},
	} {
		var parts []string
		for _, token := range rules.tokens(nil, c.text) {
			parts = append(parts, token.text)
			if c.text[token.start:token.end] != token.text {
				t.Errorf("%s: %q is at %d to %d", c.text, token.text, token.start, token.end)
			}
		}
		if got := strings.Join(parts, " "); got != c.want {
			t.Errorf("%s\n is %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestPieces(t *testing.T) {
	for text, want := range map[string]string{
		"hello": "hello", "iPhone": "i Phone", "XMLHttp": "XMLHttp", "XMLHttpGet": "XMLHttp Get", "ABc": "A Bc", "ABC": "ABC", "aBC": "a BC", "12km": "12 km", "1,234.5x": "1,234.5 x", "-5-6": "-5 - 6",
		"a--b": "a -- b", "o'neil": "o'n eil", "'tis": "' tis", "dogs'": "dogs '", "a''b": "a '' b", "a'1'b": "a 1 b", "snake_case": "snake _ case", "e.g.": "e . g .",
		"1,,2": "1 , ,2", "a'bC'd": "a'b C'd", "x²": "x²", "ñU": "ñ U", "'": "'", "12'bC": "12 b C",
	} {
		var parts []string
		for _, p := range appendPieces(nil, token{text: text, end: len(text)}) {
			parts = append(parts, p.text)
		}
		if got := strings.Join(parts, " "); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		read   func(string) []string
		digits string
		want   string
	}{
		{cardinal, "0", "zero"}, {cardinal, "007", "seven"}, {cardinal, "13", "thirteen"}, {cardinal, "40", "forty"}, {cardinal, "101", "one hundred one"},
		{cardinal, "1000", "one thousand"}, {cardinal, "1000001", "one million one"}, {cardinal, "12345678", "twelve million three hundred forty five thousand six hundred seventy eight"},
		{cardinal, "1" + strings.Repeat("0", 33), "one decillion"}, {cardinal, "9" + strings.Repeat("0", 36), "nine" + strings.Repeat(" zero", 36)},
		{ordinal, "1", "first"}, {ordinal, "12", "twelfth"}, {ordinal, "20", "twentieth"}, {ordinal, "99", "ninety ninth"}, {ordinal, "1000", "one thousandth"},
		{year, "1066", "ten sixty six"}, {year, "1900", "nineteen hundred"}, {year, "1905", "nineteen oh five"}, {year, "2000", "two thousand"},
		{year, "2005", "two thousand five"}, {year, "2010", "twenty ten"}, {year, "0050", "fifty"},
		{decimal, "3.140", "three point one four"}, {decimal, "0.0", "zero"}, {decimal, "5.", "five"},
	} {
		if got := strings.Join(c.read(c.digits), " "); got != c.want {
			t.Errorf("%s is %q, want %q", c.digits, got, c.want)
		}
	}
}

func TestEndings(t *testing.T) {
	american, british := &lexicon{}, &lexicon{british: true}
	for _, c := range []struct{ got, want string }{
		{american.s("kˈæt"), "kˈæts"}, {american.s("bˈɑks"), "bˈɑksᵻz"}, {british.s("bˈɒks"), "bˈɒksɪz"}, {american.s("dˈɔɡ"), "dˈɔɡz"},
		{american.ed("lˈIk"), "lˈIkt"}, {american.ed("wˈAt"), "wˈAɾᵻd"}, {british.ed("wˈAt"), "wˈAtɪd"}, {american.ed("ˈækt"), "ˈæktᵻd"},
		{american.ed("nˈid"), "nˈidᵻd"}, {british.ed("nˈiːd"), "nˈiːdɪd"}, {american.ed("plˈA"), "plˈAd"},
		{american.ing("wˈAt"), "wˈAɾɪŋ"}, {british.ing("wˈAt"), "wˈAtɪŋ"}, {british.ing("fˈɑː"), ""}, {american.ing(""), ""},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestTable(t *testing.T) {
	b := newTableBuilder(0, 0)
	want := map[string]string{"": "empty", strings.Repeat("long", 100): strings.Repeat("value", 5000)}
	for i := range 3000 {
		want[strconv.Itoa(i)] = strconv.Itoa(-i)
	}
	for _, key := range slices.Sorted(maps.Keys(want)) {
		b.add([]byte(key), []byte(want[key]))
	}
	table := b.table()
	for key, value := range want {
		if got, ok := get(&table, key); !ok || got != value {
			t.Errorf("%q is %q, %v", key, got, ok)
		}
		if got, ok := get(&table, []byte(key+"?")); ok {
			t.Errorf("%q? is %q", key, got)
		}
	}
}

func TestFloat(t *testing.T) {
	for _, text := range []string{"0", "-1", "1.5", "-12.3", "0.1", "-0.7", "1234567.8", "12345678901.2", "1.25", "1e3", "-2.5e-2"} {
		want, _ := strconv.ParseFloat(text, 64)
		s := &scanner{data: []byte(" " + text + ",")}
		if got := s.float(); got != want || s.err != nil {
			t.Errorf("%s is %v, %v", text, got, s.err)
		}
	}
	for _, text := range []string{"", "-", "1.", "--1.0", "1-.0", "e.5"} {
		s := &scanner{data: []byte(text)}
		if got := s.float(); s.err == nil && text != "1." {
			t.Errorf("%s is %v", text, got)
		}
	}
}
