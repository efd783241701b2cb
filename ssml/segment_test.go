package ssml_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/ssml"
)

// sketch writes a walk in short.
func sketch(d *ssml.Document) string {
	var b strings.Builder
	for s := range d.Segments() {
		switch s.Kind {
		case ssml.Text:
			fmt.Fprintf(&b, "%q ", s.Text)
		case ssml.Break:
			fmt.Fprintf(&b, "%v ", s.Pause)
		default:
			fmt.Fprintf(&b, "%v, ", s.Kind)
		}
	}
	return strings.TrimSpace(b.String())
}

func TestSegments(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"<speak/>", ""},
		{"<speak> \n </speak>", ""},
		{"<speak>One. Two.</speak>", `"One. Two."`},
		{"<speak>a<!-- x -->b<?x y?>c<![CDATA[<d>]]>e &amp; f</speak>", `"abc<d>e & f"`},
		{"<speak>\n<p><s>One.</s>\n<s>Two.</s></p>\n</speak>",
			`paragraph start, sentence start, "One." sentence end, sentence start, "Two." sentence end, paragraph end,`},
		{`<speak>the <sub alias="World Wide Web">WWW</sub>, or so</speak>`, `"the World Wide Web, or so"`},
		{`<speak><sub alias="">a</sub><sub alias="x">a</sub></speak>`, `"x"`},
		{`<speak>a<break time="3s"/>b<break time="+250.5ms"/></speak>`, `"a" 3s "b" 250.5ms`},
		{`<speak><break/><break strength="none"/><break strength="x-weak"/><break strength="weak"/>` +
			`<break strength="medium"/><break strength="strong"/><break strength="x-strong"/></speak>`,
			"500ms 0s 150ms 300ms 500ms 800ms 1.2s"},
		{`<speak><break time="0s" strength="strong"/></speak>`, "0s"},
		{"<speak>a\r\nb\rc</speak>", `"a\nb\nc"`},
	} {
		if got := sketch(parse(t, c.text)); got != c.want {
			t.Errorf("%s\ngives %s\nwant  %s", c.text, got, c.want)
		}
	}
}

func TestSegmentsCanBeLeftAtAnyStep(t *testing.T) {
	d := parse(t, "<speak>a<p>b<s>c</s><break/>d</p>e</speak>")
	whole := 0
	for range d.Segments() {
		whole++
	}
	for stop := 1; stop <= whole; stop++ {
		n := 0
		for range d.Segments() {
			if n++; n == stop {
				break
			}
		}
		if n != stop {
			t.Errorf("left after %d steps of %d", n, stop)
		}
	}
}

// Every byte of a segment's text leads to the place it was written at.
func TestSource(t *testing.T) {
	const text = "\uFEFF<speak>é&amp;&#x1F600;x\r\ny<!-- -->z" +
		`<![CDATA[&lt;` + "\r\n" + `]]><sub alias="&lt;VC">W</sub>w<break/>end</speak>`
	d := parse(t, text)
	at := func(s string) int { return strings.Index(text, s) }
	var places []string
	for s := range d.Segments() {
		if s.Kind != ssml.Text {
			if want := at("<break"); s.Offset != want {
				t.Errorf("the break begins at %d, want %d", s.Offset, want)
			}
			continue
		}
		if s.Offset != s.Source(0) {
			t.Errorf("%q begins at %d, its first byte at %d", s.Text, s.Offset, s.Source(0))
		}
		for i, c := range s.Text {
			places = append(places, fmt.Sprintf("%c%d", c, s.Source(i)))
		}
		places = append(places, fmt.Sprint("|", s.Source(len(s.Text))))
	}
	want := fmt.Sprintf("é%d &%d 😀%d x%d \n%d y%d z%d &%d l%d t%d ;%d \n%d <%d V%d C%d w%d |%d e%d n%d d%d |%d",
		at("é"), at("&amp;"), at("&#x"), at("x\r"), at("\r"), at("y<"), at("z<"),
		at("&lt;\r"), at("lt;\r"), at("t;\r"), at(";\r"), at("\r\n]"),
		at("<sub"), at("<sub"), at("<sub"), at("w<b"), at("<break"),
		at("end"), at("nd<"), at("d</speak"), at("</speak>"))
	if got := strings.Join(places, " "); got != want {
		t.Errorf("places\n%q, want\n%q", got, want)
	}
}

func TestPosition(t *testing.T) {
	d := parse(t, "<speak>é\n日本x</speak>")
	if line, column := d.Position(strings.Index(d.Source, "x")); line != 2 || column != 3 {
		t.Errorf("Position of x = %d:%d, want 2:3", line, column)
	}
}

func TestTree(t *testing.T) {
	d := parse(t, `<speak>a<p><break time="1s"/></p></speak>`)
	p := d.Root.Children[1].(*ssml.Element)
	b := p.Children[0].(*ssml.Element)
	if d.Source[p.Offset:p.End] != `<p><break time="1s"/></p>` || d.Source[b.Offset:b.End] != `<break time="1s"/>` {
		t.Errorf("p is %q, break %q", d.Source[p.Offset:p.End], d.Source[b.Offset:b.End])
	}
	if v, ok := b.Attribute("time"); v != "1s" || !ok || d.Source[b.Attributes[0].Offset:][:4] != "time" {
		t.Errorf("time = %q, %v", v, ok)
	}
	if _, ok := b.Attribute("strength"); ok {
		t.Error("break has a strength")
	}
}

var benchmarkDocument = "<speak>" + strings.Repeat("<p><s>Tom &amp; Jerry <sub alias=\"and so on\">etc</sub></s>"+
	"<break time=\"250ms\"/> and some more words that are spoken.</p>\n", 1000) + "</speak>"

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(benchmarkDocument)))
	for b.Loop() {
		d, err := ssml.Parse(benchmarkDocument, ssml.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		var length time.Duration
		for s := range d.Segments() {
			length += s.Pause
		}
	}
}
