package ssml_test

import (
	"testing"

	"github.com/lectern/lectern/ssml"
)

// What each element becomes.
func TestElements(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"mark in text", `a <mark name="x"/> b<mark name="y"/>`, `"a  b"(mark x at 2)(mark y at 4)`},
		{"mark before text", ` <mark name="x"/>a`, `mark x, "a"`},
		{"mark after a break", `a<break/><mark name="x"/>b`, `"a" 500ms mark x, "b"`},
		{"only marks", `<mark name="x"/> <mark name="y"/>`, `mark x, mark y,`},
		{"mark in a sentence", `<s>a<mark name="x"/></s><mark name="y"/><s>b</s>`,
			`sentence start, "a"(mark x at 1) sentence end, mark y, sentence start, "b" sentence end,`},

		{"say-as", `<say-as interpret-as="cardinal">12</say-as>`, `"12"(0-2 cardinal,,,,)`},
		{"say-as in text", `a <say-as interpret-as="date" format="dmy" detail="2">10-9-1960</say-as>.`, `"a 10-9-1960."(2-11 date,dmy,2,,)`},
		{"say-as with all", `<say-as interpret-as="telephone" google:style="zero-as-zero" language="en-GB" format="1">0</say-as>`,
			`"0"(0-1 telephone,1,,en-GB,zero)`},
		{"synonyms", `<say-as interpret-as="spell-out">a</say-as><say-as interpret-as="bleep">b</say-as>`, `"ab"(0-1 verbatim,,,,)(1-2 expletive,,,,)`},
		{"say-as over a comment", `<say-as interpret-as="characters">a<!-- -->&amp;</say-as>`, `"a&"(0-2 characters,,,,)`},
		{"empty say-as", `<say-as interpret-as="unit"/>`, ``},

		{"phoneme", `a <phoneme alphabet="ipa" ph="ˈkæts">cats</phoneme>`, `"a cats"(2-6 /ˈkæts/)`},
		{"phoneme in X-SAMPA", `<phoneme alphabet="x-sampa" ph='m@"hA:g@%ni:'>mahogany</phoneme>`, `"mahogany"(0-8 /məˈhɑːɡəˌniː/)`},
		{"phoneme of no alphabet", `<phoneme ph="ˈwɑːtɚ">water</phoneme>`, `"water"(0-5 /ˈwɑːtɚ/)`},
		{"phoneme without a word", `<phoneme ph="a"/>`, `"a"(0-1 /a/)`},

		{"audio", `<audio src="https://a/b"/>`, `{https://a/b}`},
		{"audio with all", `x <audio src="https://a/b" clipBegin="1s" clipEnd="1min" speed="110%" repeatCount="2.6" repeatDur="8s" soundLevel="-3dB">a<desc>b</desc><break/></audio> y`,
			`"x " {https://a/b 1s-1m0s *1.1 x3 <8s -3dB or "a" 500ms} " y"`},
		{"repeatDur repeats ten times", `<audio src="https://a/b" repeatDur="8s" repeatCount="0"/>`, `{https://a/b x10 <8s}`},
		{"speed has bounds", `<audio src="https://a/b" speed="1%"/><audio src="https://a/b" speed="900%"/>`, `{https://a/b *0.5} {https://a/b *2}`},
		{"audio in audio", `<audio src="https://a/b"><audio src="data:audio/mpeg;base64,AA">a</audio></audio>`,
			`{https://a/b or {data:audio/mpeg;base64,AA or "a"}}`},
		{"sound level without sign", `<audio src="https://a/b" soundLevel="3.5dB"/>`, `{https://a/b 3.5dB}`},

		{"par", `<par><media xml:id="q" begin="0.5s"><speak>Who?</speak></media><media begin="q.end + 2" end="q.begin-1min"><speak>I.</speak></media></par>`,
			`par[q from 500ms "Who?" | from q.end+2s to q.begin+-1m0s "I."]`},
		{"seq", `<seq><media repeatCount="3" soundLevel="+2.28dB" fadeInDur="2s" fadeOutDur="0.2s" repeatDur="10s"><audio src="https://a/b">PURR</audio></media></seq>`,
			`seq[x3 <10s 2.28dB /2s 200ms\ {https://a/b or "PURR"}]`},
		{"media repeats once", `<seq><media repeatCount="0"><speak>a</speak></media></seq>`, `seq[ "a"]`},
		{"nested", `<par begin="1s"><seq end="-1"><media><speak><p>a</p></speak></media></seq></par>`,
			`par from 1s[seq to -1s[ paragraph start, "a" paragraph end,]]`},
		{"a mix in a mix's speech", `<par><media><speak><seq><media xml:id="a"><speak>b</speak></media></seq></speak></media></par>`,
			`par[ seq[a "b"]]`},
		{"later media may be named", `<par><media begin="b.end+0s"><speak>a</speak></media><media xml:id="b"><speak>b</speak></media></par>`,
			`par[from b.end+0s "a" | b "b"]`},
		{"ids of every script", `<par><media xml:id="é_-#1٣"><speak>a</speak></media><media begin="é_-#1٣.begin+1h"><speak>b</speak></media></par>`,
			`par[é_-#1٣ "a" | from é_-#1٣.begin+1h0m0s "b"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := sketch(parse(t, "<speak>"+c.text+"</speak>")); got != c.want {
				t.Errorf("%s\ngives %s\nwant  %s", c.text, got, c.want)
			}
		})
	}
}

// Sounds in a mix or a fallback are said in the style around them.
func TestStyleGoesInside(t *testing.T) {
	d := parse(t, `<speak><prosody rate="slow"><par><media><speak>a</speak></media></par><audio src="https://a/b">b</audio></prosody></speak>`)
	for s := range d.Segments() {
		inside := s.Style
		switch {
		case s.Mix != nil:
			inside = s.Mix.Children[0].(*ssml.Media).Content[0].Style
		case s.Clip != nil:
			inside = s.Clip.Fallback[0].Style
		}
		if inside.Rate != 0.75 {
			t.Errorf("%v at rate %v", s.Kind, inside.Rate)
		}
	}
}
