package ssml_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ssml"
)

func parse(t *testing.T, text string) *ssml.Document {
	t.Helper()
	d, err := ssml.Parse(text, ssml.Limits{})
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return d
}

// What is refused, where, and a few words of why.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name, text   string
		line, column int
		words        string
	}{
		{"nothing", "", 1, 1, "no <speak>"},
		{"only space", " \n ", 2, 2, "no <speak>"},
		{"plain text", "Hello.", 1, 1, "outside <speak>"},
		{"text before", "\n x <speak/>", 2, 2, "outside <speak>"},
		{"text after", "<speak>a</speak>\n\n  b", 3, 3, "outside <speak>"},
		{"a reference outside", "<speak/>&#32;", 1, 9, "outside <speak>"},
		{"CDATA outside", "<speak/><![CDATA[ ]]>", 1, 9, "outside <speak>"},
		{"an instruction outside", "<speak/><?php 1?>", 1, 9, "outside <speak>"},
		{"another root", "<p>a</p>", 1, 1, "must be <speak>"},
		{"wrong case", "<Speak>a</Speak>", 1, 1, "lower case: <speak>"},
		{"two roots", "<speak/><speak/>", 1, 9, "only one root"},
		{"never closed", "<speak>\n<p>a", 2, 1, "<p> is never closed"},
		{"closed twice", "<speak/></speak>", 1, 9, "closes nothing"},
		{"overlap", "<speak><p>\na</speak></p>", 2, 2, "<p> of line 1, column 8 must be closed first"},
		{"cut in a tag", "<speak><break time=", 1, 19, "in the middle of a tag"},
		{"cut in a comment", "<speak><!-- a", 1, 13, "in the middle of a comment"},
		{"cut in CDATA", "<speak><![CDATA[ a", 1, 18, "in the middle of a CDATA section"},
		{"unknown element", "<speak>é\né<foo>a</foo></speak>", 2, 2, "<foo> is not an SSML element"},
		{"not yet", "<speak>\n a <prosody rate=\"slow\">a</prosody></speak>", 2, 4, "<prosody> is not supported yet"},
		{"unbound prefix", "<speak><x:y/></speak>", 1, 8, `prefix "x" is not declared`},
		{"bound prefix", `<speak xmlns:x="u"><x:y/></speak>`, 1, 20, "<x:y> is not an SSML element."},
		{"unbound prefix of an attribute", `<speak><p x:y=""/></speak>`, 1, 11, `prefix "x" is not declared`},
		{"unknown attribute", "<speak><p\n  é=''/></speak>", 2, 3, `<p> has no attribute "é"`},
		{"the same twice", `<speak><break time="1s" time="1s"/></speak>`, 1, 25, "twice"},
		{"no space between", `<speak><break time="1s"strength="weak"/></speak>`, 1, 24, "space before the attribute"},
		{"no quotes", "<speak><break time=1s/></speak>", 1, 20, "not well-formed"},
		{"no value", "<speak><break time/></speak>", 1, 19, "not well-formed"},
		{"less-than in a value", `<speak><sub alias="a<b">c</sub></speak>`, 1, 21, "not well-formed"},
		{"no alias", "<speak><sub>W3C</sub></speak>", 1, 8, `needs the attribute "alias"`},
		{"element in sub", `<speak><sub alias="a"><break/></sub></speak>`, 1, 23, "<sub> holds text"},
		{"text in break", "<speak><break>a</break></speak>", 1, 15, "<break> must be empty"},
		{"space in break", "<speak><break> </break></speak>", 1, 15, "<break> must be empty"},
		{"element in break", "<speak><break><s/></break></speak>", 1, 15, "<break> must be empty"},
		{"speak in speak", "<speak><p><speak/></p></speak>", 1, 11, "may not stand inside <speak>"},
		{"p in s", "<speak><s><p/></s></speak>", 1, 11, "<p> may not stand inside <s>"},
		{"s in s", "<speak><s><s/></s></speak>", 1, 11, "<s> may not stand inside <s>"},
		{"break too long", `<speak><break time="61s"/></speak>`, 1, 15, "at most 60s"},
		{"break far too long", `<speak><break time="` + strings.Repeat("9", 400) + `s"/></speak>`, 1, 15, "at most 60s"},
		{"negative break", `<speak><break time="-1s"/></speak>`, 1, 15, "number and a unit"},
		{"break in minutes", `<speak><break time="1min"/></speak>`, 1, 15, "number and a unit"},
		{"no number", `<speak><break time=".s"/></speak>`, 1, 15, "number and a unit"},
		{"strength", `<speak><break strength="Weak"/></speak>`, 1, 15, "one of none, x-weak"},
		{"bare ampersand", "<speak>\nTom & Jerry</speak>", 2, 5, "write &amp;"},
		{"unknown entity", "<speak>a&nbsp;b</speak>", 1, 9, "write &amp;"},
		{"bare less-than", "<speak>\n1 < 2</speak>", 2, 3, "write &lt;"},
		{"end of CDATA in text", "<speak>a ]]> b</speak>", 1, 12, "not well-formed"},
		{"hyphens in a comment", "<speak><!-- a -- b --></speak>", 1, 17, "not well-formed"},
		{"NUL", "<speak>\x00</speak>", 1, 8, "does not allow"},
		{"NUL in a comment", "<speak><!--\x00--></speak>", 1, 12, "does not allow"},
		{"noncharacter", "<speak>\uFFFE</speak>", 1, 8, "does not allow"},
		{"reference to NUL", "<speak>&#0;</speak>", 1, 8, "not well-formed"},
		{"reference to a bell", "<speak>a &#7; b</speak>", 1, 10, "not well-formed"},
		{"reference to a surrogate", "<speak>ab&#xD83D;</speak>", 1, 10, "names no character"},
		{"decimal reference to a surrogate", "<speak>&#55357;</speak>", 1, 8, "names no character"},
		{"surrogate in a value", `<speak><sub alias="&#xDC00;">a</sub></speak>`, 1, 20, "names no character"},
		{"reference beyond Unicode", "<speak>&#x110000;</speak>", 1, 8, "not well-formed"},
		{"invalid UTF-8", "<speak>\né\xff</speak>", 2, 2, "not UTF-8"},
		{"DOCTYPE", "<!DOCTYPE speak><speak/>", 1, 1, "<!DOCTYPE"},
		{"DOCTYPE with a file", `<!DOCTYPE speak SYSTEM "file:///etc/passwd"><speak/>`, 1, 1, "<!DOCTYPE"},
		{"late declaration", ` <?xml version="1.0"?><speak/>`, 1, 2, "very beginning"},
		{"declaration inside", `<speak><?xml version="1.0"?></speak>`, 1, 8, "very beginning"},
		{"declaration twice", `<?xml version="1.0"?><?xml version="1.0"?><speak/>`, 1, 22, "very beginning"},
		{"empty declaration", `<?xml?><speak/>`, 1, 1, "declaration is malformed"},
		{"declaration without version", `<?xml encoding="UTF-8"?><speak/>`, 1, 1, "declaration is malformed"},
		{"XML 2", `<?xml version="2.0"?><speak/>`, 1, 1, "declaration is malformed"},
		{"Latin-1", `<?xml version="1.0" encoding="ISO-8859-1"?><speak/>`, 1, 1, "ISO-8859-1"},
		{"declaration of no namespace", `<speak xmlns:a=""/>`, 1, 8, "malformed"},
		{"namespace inside", `<speak><p xmlns:a="u"/></speak>`, 1, 11, "no attribute"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ssml.Parse(c.text, ssml.Limits{})
			f := fault.From(err)
			if f == nil || f.Code != fault.InvalidArgument {
				t.Fatalf("%q: %v, want INVALID_ARGUMENT", c.text, err)
			}
			if f.Line != c.line || f.Column != c.column || !strings.Contains(f.Message, c.words) {
				t.Errorf("%q\nat %d:%d %q\nwant %d:%d … %s …", c.text, f.Line, f.Column, f.Message, c.line, c.column, c.words)
			}
			if len(f.Message) > 400 {
				t.Errorf("the message has %d bytes", len(f.Message))
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	for _, text := range []string{
		"<speak/>",
		"\uFEFF<speak/>",
		"\uFEFF<?xml version='1.0'?>\n<!-- a --><speak/>\n<!-- b -->\n",
		`<?xml version = "1.1" encoding="utf-8" standalone='yes' ?><speak/>`,
		`<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xmlns:a="u" xml:lang="en-US"/>`,
		"<speak ><p ></p ></speak >",
		"<speak><?note to self?>a</speak>",
		"<speak><![CDATA[a <b> & c]]></speak>",
		"<speak><sub alias='say \"hi\" > there/'>a</sub></speak>",
		`<speak><break time="+.5s"/><break time="60s"/><break time="60000ms"/><break time="1.s"/></speak>`,
		"<speak>]] ></speak>",
	} {
		if _, err := ssml.Parse(text, ssml.Limits{}); err != nil {
			t.Errorf("Parse(%q): %v", text, err)
		}
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		text   string
		limits ssml.Limits
		ok     bool
	}{
		{"<speak>abc</speak>", ssml.Limits{MaxBytes: 18}, true},
		{"<speak>abcd</speak>", ssml.Limits{MaxBytes: 18}, false},
		{"<speak><p><s>a</s></p></speak>", ssml.Limits{MaxDepth: 3}, true},
		{"<speak><p><s>a</s></p></speak>", ssml.Limits{MaxDepth: 2}, false},
		{"<speak>" + strings.Repeat("a", ssml.DefaultMaxBytes) + "</speak>", ssml.Limits{}, false},
	} {
		_, err := ssml.Parse(c.text, c.limits)
		if ok := err == nil; ok != c.ok {
			t.Errorf("Parse of %d bytes with %+v: %v", len(c.text), c.limits, err)
		}
	}
}

// Documents made to cost much are refused, or read, in milliseconds. A minute is
// what even a busy machine needs only for a quadratic search.
func TestAttacks(t *testing.T) {
	many := func(s string, n int) string { return strings.Repeat(s, n) }
	attributes := strings.Builder{}
	for i := range 90_000 {
		attributes.WriteString(" a" + strings.Repeat("b", i%5) + time.Duration(i).String() + "=''")
	}
	for name, text := range map[string]string{
		"deep":             many("<p>", 100_000),
		"deep and known":   "<speak>" + many("<speak>", 100_000),
		"entities":         `<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "` + many("&a;", 1000) + `">]><speak>&b;</speak>`,
		"long DOCTYPE":     "<!DOCTYPE " + many("<", 900_000),
		"open comment":     "<speak><!--" + many("-", 900_000),
		"many attributes":  "<speak" + attributes.String() + "/>",
		"long name":        "<speak><" + many("a", 900_000) + "/></speak>",
		"long prefix":      "<speak><" + many("a:", 400_000) + "b/></speak>",
		"long entity":      "<speak>&" + many("a", 900_000) + ";</speak>",
		"long reference":   "<speak>&#" + many("9", 900_000) + ";</speak>",
		"long zeros":       "<speak>&#x" + many("0", 900_000) + "D800;</speak>",
		"long time":        `<speak><break time="` + many("1", 900_000) + `"/></speak>`,
		"long end":         "<speak></" + many("a", 900_000) + ">",
		"long declaration": `<?xml version="1.` + many("0", 900_000),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			_, err := ssml.Parse(text, ssml.Limits{})
			if f := fault.From(err); f == nil || f.Code != fault.InvalidArgument || len(f.Message) > 400 {
				t.Errorf("error %.300v, want a short INVALID_ARGUMENT", err)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
	t.Run("many references", func(t *testing.T) {
		parse(t, "<speak>"+many("&#x41;", 160_000)+"</speak>")
	})
	t.Run("many elements", func(t *testing.T) {
		parse(t, "<speak>"+many("<s/>", 240_000)+"</speak>")
	})
}
