package ssml_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/ssml"
)

// sketch writes a walk in short.
func sketch(d *ssml.Document) string { return short(slices.Collect(d.Segments())) }

func short(segments []ssml.Segment) string {
	var b strings.Builder
	for _, s := range segments {
		switch s.Kind {
		case ssml.Text:
			fmt.Fprintf(&b, "%q", s.Text)
			for _, span := range s.Spans {
				fmt.Fprintf(&b, "(%s)", shortSpan(span))
			}
			if s.Continues {
				b.WriteByte('+')
			}
			b.WriteByte(' ')
		case ssml.Break:
			fmt.Fprintf(&b, "%v ", s.Pause)
		case ssml.Mark:
			fmt.Fprintf(&b, "mark %s, ", s.Name)
		case ssml.Audio:
			fmt.Fprintf(&b, "{%s} ", shortClip(s.Clip))
		case ssml.Container:
			b.WriteString(shortMix(s.Mix) + " ")
		default:
			fmt.Fprintf(&b, "%v, ", s.Kind)
		}
	}
	return strings.TrimSpace(b.String())
}

func shortSpan(s ssml.Span) string {
	switch {
	case s.Mark != "":
		return fmt.Sprintf("mark %s at %d", s.Mark, s.Start)
	case s.IPA != "":
		return fmt.Sprintf("%d-%d /%s/", s.Start, s.End, s.IPA)
	case s.Alias:
		return fmt.Sprintf("%d-%d alias", s.Start, s.End)
	}
	as := s.SayAs
	return fmt.Sprintf("%d-%d %s", s.Start, s.End, strings.Join([]string{as.InterpretAs, as.Format, as.Detail, as.Language,
		map[bool]string{true: "zero"}[as.ZeroAsZero]}, ","))
}

func shortClip(c *ssml.Clip) string {
	out := c.Src
	if c.Begin != 0 || c.End >= 0 {
		out += fmt.Sprintf(" %v-%v", c.Begin, c.End)
	}
	if c.Speed != 1 {
		out += fmt.Sprintf(" *%v", c.Speed)
	}
	out += repeats(c.RepeatCount, c.RepeatDur, c.GainDB)
	if len(c.Fallback) > 0 {
		out += " or " + short(c.Fallback)
	}
	return out
}

func repeats(count int, most time.Duration, gain float64) string {
	out := ""
	if count != 1 {
		out += fmt.Sprintf(" x%d", count)
	}
	if most >= 0 {
		out += fmt.Sprintf(" <%v", most)
	}
	if gain != 0 {
		out += fmt.Sprintf(" %vdB", gain)
	}
	return out
}

func shortMix(m *ssml.Mix) string {
	out := map[bool]string{true: "par", false: "seq"}[m.Parallel] + shortTimes(m.Begin, m.End) + "["
	for i, child := range m.Children {
		if i > 0 {
			out += " | "
		}
		switch child := child.(type) {
		case *ssml.Mix:
			out += shortMix(child)
		case *ssml.Media:
			out += strings.TrimSpace(child.ID + shortTimes(child.Begin, child.End) + repeats(child.RepeatCount, child.RepeatDur, child.GainDB))
			if child.FadeIn != 0 || child.FadeOut != 0 {
				out += fmt.Sprintf(" /%v %v\\", child.FadeIn, child.FadeOut)
			}
			out += " " + short(child.Content)
		}
	}
	return out + "]"
}

func shortTimes(begin, end *ssml.Time) string {
	out := ""
	for i, at := range []*ssml.Time{begin, end} {
		if at == nil {
			continue
		}
		out += " " + []string{"from", "to"}[i] + " "
		if at.ID != "" {
			out += at.ID + map[bool]string{true: ".end", false: ".begin"}[at.AtEnd] + "+"
		}
		out += at.Offset.String()
	}
	return out
}

func TestSegments(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"<speak/>", ""},
		{"<speak> \n </speak>", ""},
		{"<speak>One. Two.</speak>", `"One. Two."`},
		{"<speak>a<!-- x -->b<?x y?>c<![CDATA[<d>]]>e &amp; f</speak>", `"abc<d>e & f"`},
		{"<speak>\n<p><s>One.</s>\n<s>Two.</s></p>\n</speak>",
			`paragraph start, sentence start, "One." sentence end, sentence start, "Two." sentence end, paragraph end,`},
		{`<speak>the <sub alias="World Wide Web">WWW</sub>, or so</speak>`, `"the World Wide Web, or so"(4-18 alias)`},
		{`<speak><sub alias="">a</sub><sub alias="x">a</sub></speak>`, `"x"(0-1 alias)`},
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
func TestPlaces(t *testing.T) {
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
