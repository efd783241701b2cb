package ssml_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/ssml"
)

// spokenText is the text of all segments, those of fallbacks in brackets.
func spokenText(segments []ssml.Segment) string {
	var b strings.Builder
	for _, s := range segments {
		switch {
		case s.Clip != nil:
			fmt.Fprintf(&b, "[%s]", spokenText(s.Clip.Fallback))
		case s.Kind == ssml.Break:
			b.WriteString("|")
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

func TestLenientSpeaksWhatUnknownElementsHold(t *testing.T) {
	for _, c := range []struct {
		body, spoken string
		ignored      []string
	}{
		{`one <raw>two</raw> three`, "one two three", []string{"<raw>"}},
		{`<amazon:effect name="whispered">one <w role="x">t</w>wo</amazon:effect>`, "one two", []string{"<amazon:effect>", "<w>"}},
		{`one <lookup ref="a"><s>two</s><break/></lookup>`, "one two|", []string{"<lookup>"}},
		{`<P>one</P> <bookmark mark="a"/><bookmark mark="b"/>`, "one ", []string{"<P>", "<bookmark>"}},
		{`<metadata>never<rdf:RDF>heard</rdf:RDF></metadata>one`, "one", []string{"<metadata>", "<rdf:RDF>"}},
		{`<say-as interpret-as="characters"><w>ab</w>c</say-as>`, "abc", []string{"<w>"}},
		{`<sub alias="one"><w>two</w></sub>`, "one", []string{"<w>"}},
		{`<audio src="http://example.com/a.mp3">one</audio><audio src="a.wav"/>`, "[one][]", []string{"<audio src>"}},
		{`<audio src="data:oops">one</audio>`, "[one]", []string{"<audio src>"}},
		{`one`, "one", nil},
	} {
		text := "<speak>" + c.body + "</speak>"
		d, err := ssml.Parse(text, ssml.Limits{Lenient: true})
		if err != nil {
			t.Errorf("%s: %v", c.body, err)
			continue
		}
		if got := spokenText(slices.Collect(d.Segments())); got != c.spoken {
			t.Errorf("%s is spoken as %q, want %q", c.body, got, c.spoken)
		}
		if !slices.Equal(d.Ignored, c.ignored) {
			t.Errorf("%s: %q are told, want %q", c.body, d.Ignored, c.ignored)
		}
		if _, err := ssml.Parse(text, ssml.Limits{}); (err == nil) != (c.ignored == nil) {
			t.Errorf("%s, strictly: %v", c.body, err)
		}
	}
}

// What is wrong with elements of ours, and with XML, is refused by both.
func TestLenientIsNoLessChecked(t *testing.T) {
	for _, r := range verdicts(t) {
		_, strict := ssml.Parse(r.document, ssml.Limits{})
		_, lenient := ssml.Parse(r.document, ssml.Limits{Lenient: true})
		passed := strict != nil && (strings.Contains(strict.Error(), "is not an SSML element") || strings.Contains(strict.Error(), `The attribute "src"`))
		if (strict == nil) != (lenient == nil) && !passed {
			t.Errorf("%s: strictly %v, leniently %v", r.document, strict, lenient)
		}
	}
	for _, text := range []string{
		`<raw>one</raw>`, `<speak><par><raw>one</raw></par></speak>`, `<speak><break><w/></break></speak>`,
		`<speak><w></speak>`, `<speak><w a="1" a="2"/></speak>`, `<speak><w><break time="forever"/></w></speak>`,
		`<speak>` + strings.Repeat("<w>", 64) + strings.Repeat("</w>", 64) + `</speak>`,
	} {
		if _, err := ssml.Parse(text, ssml.Limits{Lenient: true}); err == nil {
			t.Errorf("%.60s is taken", text)
		}
	}
}

func TestFewNamesAreTold(t *testing.T) {
	var b strings.Builder
	for i := range 100 {
		fmt.Fprintf(&b, "<x%d/>", i)
	}
	d, err := ssml.Parse("<speak>"+b.String()+"</speak>", ssml.Limits{Lenient: true})
	if err != nil || len(d.Ignored) != 17 || d.Ignored[16] != "..." {
		t.Errorf("%q, %v", d.Ignored, err)
	}
}
