package ssml_test

import (
	"fmt"
	"runtime"
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
		{"cut in a tag", "<speak><break time=", 1, 8, "in the middle of the tag"},
		{"cut in a comment", "<speak><!-- a", 1, 8, "in the middle of the comment"},
		{"cut in CDATA", "<speak><![CDATA[ a", 1, 8, "in the middle of the CDATA section"},
		{"unknown element", "<speak>é\né<foo>a</foo></speak>", 2, 2, "<foo> is not an SSML element"},
		{"unbound prefix", "<speak><x:y/></speak>", 1, 8, `prefix "x" is not declared`},
		{"bound prefix", `<speak xmlns:x="u"><x:y/></speak>`, 1, 20, "<x:y> is not an SSML element that can"},
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
		{"speak in speak", "<speak><p><speak/></p></speak>", 1, 11, "only inside <media>"},
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
		{"end of CDATA in text", "<speak>a ]]> b</speak>", 1, 10, "not well-formed"},
		{"hyphens in a comment", "<speak><!-- a -- b --></speak>", 1, 15, "not well-formed"},
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
		{"a prefix in a prefix", `<speak xmlns:a:b="u"/>`, 1, 8, "the name of an attribute"},
		{"schema location without a declaration", `<speak xsi:schemaLocation="u"/>`, 1, 8, `prefix "xsi" is not declared`},
		{"namespace of a speak in a media", `<speak><seq><media><speak xmlns:a="u"/></media></seq></speak>`, 1, 27, "no attribute"},
		{"instruction without a name", "<speak><? a?></speak>", 1, 8, "followed by a name"},
		{"instruction without a space", "<speak><?a=b?></speak>", 1, 11, "a space must follow"},
		{"cut in an instruction", "<speak><?a b", 1, 8, "in the middle of the processing instruction"},
		{"end tag with an attribute", "<speak></speak a='b'>", 1, 16, "holds its name only"},
		{"end tag without a name", "<speak></ speak>", 1, 8, "write &lt;/"},
		{"reference without a number", "<speak>a&#;</speak>", 1, 9, "character reference is"},
		{"reference without an end", "<speak>a&#65</speak>", 1, 9, "character reference is"},
		{"hexadecimal reference in capitals", "<speak>&#X41;</speak>", 1, 8, "character reference is"},
		{"bad reference in a value", `<speak><sub alias="a&b;">c</sub></speak>`, 1, 21, "write &amp;"},

		{"root language", `<speak xml:lang="en_US"/>`, 1, 8, "one language tag"},
		{"p language", `<speak><p xml:lang=""/></speak>`, 1, 11, "one language tag"},
		{"mark without a name", `<speak><mark/></speak>`, 1, 8, `needs the attribute "name"`},
		{"mark with an empty name", `<speak><mark name=""/></speak>`, 1, 14, "not empty"},
		{"mark with content", `<speak><mark name="a">b</mark></speak>`, 1, 23, "must be empty"},
		{"element in say-as", `<speak><say-as interpret-as="unit"><mark name="a"/></say-as></speak>`, 1, 36, "holds text, no elements"},
		{"interpret-as", `<speak><say-as interpret-as="digits">1</say-as></speak>`, 1, 16, "one of bleep, cardinal"},
		{"say-as language", `<speak><say-as interpret-as="currency" language="english">1</say-as></speak>`, 1, 40, "one language tag"},
		{"date with a code twice", `<speak><say-as interpret-as="date" format="dmd">1</say-as></speak>`, 1, 36, "a run of y, m and d"},
		{"date without codes", `<speak><say-as interpret-as="date" format="">1</say-as></speak>`, 1, 36, "a run of y, m and d"},
		{"date with one field and detail", `<speak><say-as interpret-as="date" format="dd" detail="1">1</say-as></speak>`, 1, 48, "with the day and the month or the year"},
		{"date with two fields and detail 2", `<speak><say-as interpret-as="date" detail="2" format="my">1</say-as></speak>`, 1, 36, "day, month and year"},
		{"time of no field", `<speak><say-as interpret-as="time" format="12">1</say-as></speak>`, 1, 36, "a run of h, m and s"},
		{"time of two clocks", `<speak><say-as interpret-as="time" format="hms1224">1</say-as></speak>`, 1, 36, "a run of h, m and s"},
		{"duration without colons", `<speak><say-as interpret-as="duration" format="hm">1</say-as></speak>`, 1, 40, "joined by colons"},
		{"duration with a code twice", `<speak><say-as interpret-as="duration" format="h:h">1</say-as></speak>`, 1, 40, "joined by colons"},
		{"duration with an empty code", `<speak><say-as interpret-as="duration" format="h:">1</say-as></speak>`, 1, 40, "joined by colons"},
		{"empty ph", `<speak><phoneme ph="">a</phoneme></speak>`, 1, 17, "not empty"},
		{"unknown symbol", `<speak>a <phoneme alphabet="ipa" ph="k7t">a</phoneme></speak>`, 1, 34, "cannot be read"},
		{"alphabet", `<speak><phoneme alphabet="IPA" ph="a">a</phoneme></speak>`, 1, 17, "one of ipa, x-sampa"},
		{"rate", `<speak><prosody rate="0.8">a</prosody></speak>`, 1, 17, "a percentage"},
		{"pitch in hertz", `<speak><prosody pitch="+10Hz">a</prosody></speak>`, 1, 17, "semitones with a sign"},
		{"pitch of no number", `<speak><prosody pitch="+st">a</prosody></speak>`, 1, 17, "semitones with a sign"},
		{"volume without sign", `<speak><prosody volume="6dB">a</prosody></speak>`, 1, 17, "decibels with a sign"},
		{"contour", `<speak><prosody contour="(0%,+20Hz)">a</prosody></speak>`, 1, 17, "no attribute"},
		{"level", `<speak><emphasis level="weak">a</emphasis></speak>`, 1, 18, "one of strong"},
		{"style", `<speak><google:style name="sad">a</google:style></speak>`, 1, 22, "one of apologetic"},
		{"only an ordering", `<speak><voice ordering="gender">a</voice></speak>`, 1, 8, "at least one of"},
		{"gender", `<speak><voice gender="Male">a</voice></speak>`, 1, 15, "one of male"},
		{"variant", `<speak><voice variant="0">a</voice></speak>`, 1, 15, "whole number"},
		{"voice language", `<speak><voice language="en US">a</voice></speak>`, 1, 15, "one language tag"},
		{"required", `<speak><voice gender="male" required="age">a</voice></speak>`, 1, 29, "a list of name, gender"},
		{"empty ordering", `<speak><voice gender="male" ordering=" ">a</voice></speak>`, 1, 29, "a list of name, gender"},

		{"src http", `<speak><audio src="http://a/b"/></speak>`, 1, 15, "begins with https:// or data:"},
		{"src relative", `<speak><audio src="a.wav"/></speak>`, 1, 15, "begins with https:// or data:"},
		{"src file", `<speak><audio src="file:///etc/passwd"/></speak>`, 1, 15, "begins with https:// or data:"},
		{"src without a host", `<speak><audio src="https:///b"/></speak>`, 1, 15, "with a host"},
		{"src with a space", `<speak><audio src="https://a b/c"/></speak>`, 1, 15, "with a host"},
		{"src data without a comma", `<speak><audio src="data:audio/wav;base64"/></speak>`, 1, 15, "in base64"},
		{"negative clipBegin", `<speak><audio src="https://a/b" clipBegin="-1s"/></speak>`, 1, 33, "a number and a unit"},
		{"clipEnd without unit", `<speak><audio src="https://a/b" clipEnd="1"/></speak>`, 1, 33, "a number and a unit"},
		{"negative repeatCount", `<speak><audio src="https://a/b" repeatCount="-1"/></speak>`, 1, 33, "0 or more"},
		{"soundLevel too high", `<speak><audio src="https://a/b" soundLevel="+40.01dB"/></speak>`, 1, 33, "from -40dB to +40dB"},
		{"element in desc", `<speak><audio src="https://a/b"><desc><s/></desc></audio></speak>`, 1, 39, "holds text"},
		{"desc in a fallback's emphasis", `<speak><audio src="https://a/b"><emphasis><desc/></emphasis></audio></speak>`, 1, 43, "only inside <audio>"},

		{"text in seq", `<speak><seq> a</seq></speak>`, 1, 14, "no text"},
		{"audio in par", `<speak><par><audio src="https://a/b"/></par></speak>`, 1, 13, "<par> holds <par>, <seq> and <media>"},
		{"empty seq", `<speak><seq> <!-- --> </seq></speak>`, 1, 8, "<seq> is empty"},
		{"media outside", `<speak><media><speak/></media></speak>`, 1, 8, "only inside <par> or <seq>"},
		{"two in a media", `<speak><seq><media><speak/><speak/></media></seq></speak>`, 1, 28, "one <speak> or one <audio>"},
		{"p in a media", `<speak><seq><media><p/></media></seq></speak>`, 1, 20, "one <speak> or one <audio>"},
		{"id with a reference", `<speak><seq><media xml:id="&#97;"><speak/></media></seq></speak>`, 1, 20, "written as they are"},
		{"id with a space", `<speak><seq><media xml:id="a b"><speak/></media></seq></speak>`, 1, 20, "letters, digits"},
		{"id twice", `<speak><seq><media xml:id="a"><speak/></media></seq><par><media xml:id="a"><speak/></media></par></speak>`, 1, 65, "line 1, column 13 has already"},
		{"base without offset", `<speak><par><media xml:id="a" begin="a.end"><speak/></media></par></speak>`, 1, 31, `such as "question.end+2.0s"`},
		{"time of two dots", `<speak><par><media begin="1.s"><speak/></media></par></speak>`, 1, 20, "a time such as"},
		{"base of no media", `<speak><par><media begin="b.end+1s"><speak/></media></par></speak>`, 1, 20, `"b", which is the xml:id of no <media>`},
		{"base in another container", `<speak><par><media xml:id="a"><speak/></media></par><par><media begin="a.end+1s"><speak/></media></par></speak>`, 1, 65, "in the same <par>"},
		{"base inside a media", `<speak><par><media><speak><seq><media xml:id="a"><speak/></media></seq></speak></media><media begin="a.end+1s"><speak/></media></par></speak>`, 1, 95, "in the same <par>"},
		{"begins after its own end", `<speak><par><media xml:id="a" begin="a.end+1s"><speak/></media></par></speak>`, 1, 13, "depends on itself"},
		{"two that wait for each other", `<speak><par><media xml:id="a" begin="b.end+0s"><speak/></media><media xml:id="b" begin="a.begin+0s"><speak/></media></par></speak>`, 1, 13, "depends on itself"},
		{"waits for what follows in a seq", `<speak><seq><media begin="b.end+0s"><speak/></media><media xml:id="b"><speak/></media></seq></speak>`, 1, 13, "depends on itself"},
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
		`<speak xmlns:xsi="u" xsi:schemaLocation="a b"/>`,
		"<speak><![CDATA[]]]]><![CDATA[>]]></speak>",
		`<speak><say-as interpret-as="date">today</say-as><say-as interpret-as="date" format="y">1960</say-as></speak>`,
		`<speak><say-as interpret-as="date" format="ddmmyyyy" detail="2">a</say-as><say-as interpret-as="date" format="md" detail="1">a</say-as></speak>`,
		`<speak><say-as interpret-as="time" format="hhmmss24" detail="1">a</say-as><say-as interpret-as="time" format="hmsZ">a</say-as></speak>`,
		`<speak><say-as interpret-as="duration" format="h:m:s:ms">a</say-as><say-as interpret-as="duration">a</say-as></speak>`,
		`<speak><phoneme ph="ˌɹiː.də.ˈbɪ.lə.tiː">a</phoneme><phoneme alphabet="x-sampa" ph='%r\i:.d@."bI.l@.ti:'>a</phoneme></speak>`,
		`<speak><phoneme ph="ˈt͡ʃɪ n̩ə">a</phoneme></speak>`,
		`<speak><voice name="V" gender="female" variant="3" required="name language"><p>a</p></voice></speak>`,
		`<speak><audio src="HTTPS://a.example:8080/b?c=d&amp;e"/></speak>`,
		`<speak><emphasis><par><media><speak><s>a</s></speak></media></par></emphasis></speak>`,
		`<speak><s><par><media><speak><s>a</s></speak></media></par></s></speak>`,
		`<speak><par><seq begin="b.end+0s"><media><speak/></media></seq><media xml:id="b"><speak/></media></par></speak>`,
		`<speak><par end="a.end+0s"><media xml:id="a"><speak/></media></par></speak>`,
		`<speak><par><media xml:id="a" end="a.begin+1s"><speak/></media></par></speak>`,
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

// Which schemes recordings may have is the caller's to say.
func TestSource(t *testing.T) {
	clips := func(scheme string) bool { return scheme == "clip" || scheme == "http" }
	for src, want := range map[string]bool{
		"clip:door-bell": true, "CLIP:a": true, "http://a/b": true, "clip:": false, "https://a/b": false, "data:,a": false, "door-bell": false, ":a": false,
	} {
		_, err := ssml.Parse(`<speak><audio src="`+src+`"/></speak>`, ssml.Limits{Source: clips})
		if got := err == nil; got != want {
			t.Errorf("src %q is allowed: %v (%v), want %v", src, got, err, want)
		}
	}
}

// ring is n media each of which waits for the one before it, the first for the
// last.
func ring(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<media xml:id="m%d" begin="m%d.end+0s"><speak/></media>`, i, (i+n-1)%n)
	}
	return b.String()
}

// Documents made to cost much are refused, or read, in milliseconds. A minute is
// what even a busy machine needs only for a quadratic search.
func TestAttacks(t *testing.T) {
	many := strings.Repeat
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
		"a ring of times":  "<speak><par>" + ring(12_000) + "</par></speak>",
		"long attribute":   `<speak><audio src="https://` + many("a", 900_000) + ` "/></speak>`,
		"long ph":          `<speak><phoneme ph="` + many("a", 900_000) + `7">a</phoneme></speak>`,
		"long declaration": `<?xml version="1.` + many("0", 900_000),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := ssml.Parse(text, ssml.Limits{})
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; used > 32<<20 {
				t.Errorf("it took %d bytes of memory for %d of text", used, len(text))
			}
			if f := fault.From(err); f == nil || f.Code != fault.InvalidArgument || len(f.Message) > 400 {
				t.Errorf("error %.300v, want a short INVALID_ARGUMENT", err)
			}
			if took := time.Since(start); took > time.Minute {
				t.Errorf("it took %v", took)
			}
		})
	}
	t.Run("a chain of times", func(t *testing.T) {
		parse(t, "<speak><par>"+strings.Replace(ring(12_000), `begin="m11999.end+0s"`, "", 1)+"</par></speak>")
	})
	t.Run("many styles", func(t *testing.T) {
		for range parse(t, "<speak>a"+many("<emphasis> </emphasis>", 40_000)+"b</speak>").Segments() {
		}
	})
	t.Run("many marks", func(t *testing.T) {
		for range parse(t, "<speak>"+many(" ", 200_000)+many(" <mark name='m'/>", 40_000)+"b</speak>").Segments() {
		}
	})
	t.Run("many references", func(t *testing.T) {
		parse(t, "<speak>"+many("&#x41;", 160_000)+"</speak>")
	})
	t.Run("many elements", func(t *testing.T) {
		parse(t, "<speak>"+many("<s/>", 240_000)+"</speak>")
	})
}
