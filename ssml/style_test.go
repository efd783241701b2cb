package ssml_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/lectern/lectern/ssml"
)

// styles are the words of a document with how each is said: rate, pitch, gain,
// and voice and language if there are any.
func styles(d *ssml.Document) string {
	var all []string
	for s := range d.Segments() {
		if s.Kind != ssml.Text {
			continue
		}
		said := fmt.Sprintf("%s:%.4g,%.4g,%.4g", strings.TrimSpace(s.Text), s.Style.Rate, s.Style.PitchSemitones, s.Style.GainDB)
		if v := s.Style.Voice; v != nil {
			said += fmt.Sprintf(",%s/%s/%d/%s", v.Name, v.Gender, v.Variant, v.Language)
		}
		if s.Style.Language != "" {
			said += "," + s.Style.Language
		}
		all = append(all, said)
	}
	return strings.Join(all, " ")
}

func TestStyles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"none", "a", "a:1,0,0"},
		{"rates", `<prosody rate="x-slow">a</prosody><prosody rate="slow">b</prosody><prosody rate="medium">c</prosody>` +
			`<prosody rate="fast">d</prosody><prosody rate="x-fast">e</prosody><prosody rate="default">f</prosody>`,
			"a:0.5,0,0 b:0.75,0,0 c:1,0,0 d:1.25,0,0 e:1.75,0,0 f:1,0,0"},
		{"pitches", `<prosody pitch="x-low">a</prosody><prosody pitch="low">b</prosody><prosody pitch="medium">c</prosody>` +
			`<prosody pitch="high">d</prosody><prosody pitch="x-high">e</prosody>`,
			"a:1,-6,0 b:1,-3,0 c:1,0,0 d:1,3,0 e:1,6,0"},
		{"volumes", `<prosody volume="silent">a</prosody><prosody volume="x-soft">b</prosody><prosody volume="soft">c</prosody>` +
			`<prosody volume="medium">d</prosody><prosody volume="loud">e</prosody><prosody volume="x-loud">f</prosody>`,
			"a:1,0,-Inf b:1,0,-12 c:1,0,-6 d:1,0,0 e:1,0,3 f:1,0,6"},
		{"numbers", `<prosody rate="120%" pitch="-2.5st" volume="+4.5dB">a</prosody>`, "a:1.2,-2.5,4.5"},
		{"rate with a sign", `<prosody rate="+20%">a</prosody><prosody rate="-20%">b</prosody>`, "a:1.2,0,0 b:0.8,0,0"},
		{"pitch in percent", `<prosody pitch="100%">a</prosody><prosody pitch="+100%">b</prosody><prosody pitch="-50%">c</prosody>`,
			"a:1,12,0 b:1,12,0 c:1,-12,0"},
		{"numbers change what is around", `<prosody rate="50%" pitch="+2st" volume="-3dB">a <prosody rate="150%" pitch="+1st" volume="-1dB">b</prosody> c</prosody>`,
			"a:0.5,2,-3 b:0.75,3,-4 c:0.5,2,-3"},
		{"labels replace it", `<prosody rate="slow" pitch="low" volume="silent">a<prosody rate="default" pitch="high" volume="loud">b</prosody></prosody>`,
			"a:0.75,-3,-Inf b:1,3,3"},
		{"what is not named stays", `<prosody rate="slow"><prosody pitch="low">a</prosody></prosody>`, "a:0.75,-3,0"},
		{"bounds", `<prosody rate="0%" pitch="-100%" volume="+99dB">a</prosody><prosody rate="999%" pitch="+999st" volume="-99dB">b</prosody>` +
			`<prosody rate="-300%">c</prosody>`, "a:0.25,-20,40 b:4,20,-99 c:0.25,0,0"},
		{"emphasis", `<emphasis>a</emphasis><emphasis level="moderate">b</emphasis><emphasis level="strong">c</emphasis><emphasis level="reduced">d</emphasis>`,
			"a:0.94,1,1.5 b:0.94,1,1.5 c:0.88,2,3 d:1.06,-1,-3"},
		{"emphasis takes emphasis away", `<emphasis level="strong">a<emphasis level="none">b</emphasis></emphasis>`, "a:0.88,2,3 b:1,0,0"},
		{"emphasis adds to prosody", `<prosody pitch="+2st"><emphasis>a</emphasis><emphasis><prosody pitch="default">b</prosody></emphasis></prosody>`,
			"a:0.94,3,1.5 b:0.94,1,1.5"},
		{"expressions", `<google:style name="apologetic">a</google:style><google:style name="calm">b</google:style><google:style name="empathetic">c</google:style>` +
			`<google:style name="firm">d</google:style><google:style name="lively">e</google:style>`,
			"a:0.92,-1,-2 b:0.9,-1,-1 c:0.95,-0.5,-1 d:0.97,-1,2 e:1.08,2,1"},
		{"voices", `<voice name="V">a</voice><voice gender="female" variant="2" language="fr-FR">b<voice gender="male">c</voice></voice>`,
			"a:1,0,0,V//0/ b:1,0,0,/female/2/fr-FR c:1,0,0,/male/0/"},
		{"languages", `<lang xml:lang="fr-FR">a<lang xml:lang="de">b</lang></lang><p xml:lang="it">c<s xml:lang="es">d</s></p>e`,
			"a:1,0,0,fr-FR b:1,0,0,de c:1,0,0,it d:1,0,0,es e:1,0,0"},
		{"a voice has its own language", `<lang xml:lang="fr-FR"><voice name="V">a<lang xml:lang="de">b</lang></voice>c</lang>`,
			"a:1,0,0,V//0/ b:1,0,0,V//0/,de c:1,0,0,fr-FR"},
		{"prosody goes on in a voice", `<prosody rate="slow"><voice name="V">a</voice></prosody>`, "a:0.75,0,0,V//0/"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := styles(parse(t, "<speak>"+c.text+"</speak>")); got != c.want {
				t.Errorf("%s\nis said  %s\nwant %s", c.text, got, c.want)
			}
		})
	}
}

func TestRootLanguageIsNoStyle(t *testing.T) {
	if got := styles(parse(t, `<speak xml:lang="fr-FR">a</speak>`)); got != "a:1,0,0" {
		t.Errorf("said %s: the request's voice decides", got)
	}
}

func TestVoice(t *testing.T) {
	d := parse(t, `<speak><voice language="en-GB" gender="male" required="gender" ordering="gender language">a</voice> b
		<voice gender="male" language="en-GB" required="gender" ordering="gender language">c</voice><voice name="V">d</voice></speak>`)
	var said []ssml.Style
	for s := range d.Segments() {
		said = append(said, s.Style)
	}
	if len(said) != 4 {
		t.Fatalf("%d segments, want 4", len(said))
	}
	v := said[0].Voice
	if fmt.Sprint(v.Required, v.Ordering) != "[gender] [gender language]" {
		t.Errorf("required %v, ordering %v", v.Required, v.Ordering)
	}
	if said[0] != said[2] || said[0] == said[1] || said[0] == said[3] || said[1] == said[3] {
		t.Errorf("styles %v: the same wishes must be equal, others not", said)
	}
}

// Whether one text goes on into the next, and where white space is kept.
func TestContinues(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`a`, `"a"`},
		{`a <emphasis>b</emphasis> c`, `"a "+ "b"+ " c"`},
		{`un<emphasis>believ</emphasis>able`, `"un"+ "believ"+ "able"`},
		{`<prosody rate="slow">a</prosody> <prosody rate="fast">b</prosody>`, `"a "+ "b"`},
		{`<s><prosody rate="slow">a</prosody> </s> <s>b</s>`, `sentence start, "a " sentence end, sentence start, "b" sentence end,`},
		{`<emphasis>a</emphasis><break/>b`, `"a" 500ms "b"`},
		{`a <emphasis level="none">b</emphasis> c`, `"a b c"`},
		{`<p>a <lang xml:lang="de">b</lang></p>c`, `paragraph start, "a "+ "b" paragraph end, "c"`},
		{`a<emphasis><break/></emphasis>b`, `"a" 500ms "b"`},
		{`a<emphasis> </emphasis>b`, `"a "+ "b"`},
		{`<emphasis>a</emphasis> <break/>b`, `"a " 500ms "b"`},
		{` <emphasis> <mark name="m"/> </emphasis> b`, `mark m, " b"`},
		{`<emphasis>a</emphasis> <mark name="m"/> b`, `"a "(mark m at 2)+ " b"`},
	} {
		if got := sketch(parse(t, "<speak>"+c.text+"</speak>")); got != c.want {
			t.Errorf("%s\ngives %s\nwant  %s", c.text, got, c.want)
		}
	}
}

func TestSilenceIsMinusInfinity(t *testing.T) {
	d := parse(t, `<speak><prosody volume="silent"><prosody volume="+6dB">a</prosody></prosody></speak>`)
	for s := range d.Segments() {
		if !math.IsInf(s.Style.GainDB, -1) {
			t.Errorf("gain %v", s.Style.GainDB)
		}
	}
}
