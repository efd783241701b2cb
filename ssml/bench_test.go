package ssml_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lectern/lectern/ssml"
)

// realistic is a document of at least size bytes as people write them: prose
// with the elements of the guide in between, most often breaks and sentences.
func realistic(size int) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\"?>\n<speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\" xml:lang=\"en-US\">\n")
	for i := 0; b.Len() < size; i++ {
		fmt.Fprintf(&b, `<p>
  <s>Welcome back to chapter %d, in which Tom &amp; Jerry meet the <sub alias="World Wide Web Consortium">W3C</sub>.</s>
  <s>It was the best of times, <break time="250ms"/> it was the worst of times, it was the age of wisdom.</s>
  <s><prosody rate="95%%" pitch="-1st">Your order of <say-as interpret-as="cardinal">%d</say-as> pieces ships on
  <say-as interpret-as="date" format="mdy">9/%d/2026</say-as></prosody>; the total is <say-as interpret-as="currency">$42.01</say-as>.</s>
  <s>You say <phoneme alphabet="ipa" ph="pɪˈkɑːn">pecan</phoneme>, <emphasis level="strong">she</emphasis> says <lang xml:lang="fr-FR">noix de pécan</lang>.</s>
  <mark name="m%d"/><s>All the rest of this paragraph is plain prose, because most of what is read aloud is just that, and goes on for a while.</s>
</p>
`, i, i*37, i%28+1, i)
	}
	b.WriteString("</speak>")
	return b.String()
}

func benchmarkParse(b *testing.B, document string) {
	b.SetBytes(int64(len(document)))
	b.ReportAllocs()
	for b.Loop() {
		d, err := ssml.Parse(document, ssml.Limits{MaxBytes: 2 * len(document)})
		if err != nil {
			b.Fatal(err)
		}
		for range d.Segments() {
		}
	}
}

// Parse and walk. The bar is 20 MB/s.
func BenchmarkParse20kB(b *testing.B) { benchmarkParse(b, realistic(20_000)) }
func BenchmarkParse1MB(b *testing.B)  { benchmarkParse(b, realistic(1_000_000)) }

func BenchmarkParseMarkupHeavy(b *testing.B) {
	benchmarkParse(b, "<speak>"+strings.Repeat(`<s><break time="250ms"/>a</s>`, 30_000)+"</speak>")
}

func BenchmarkParsePlain(b *testing.B) {
	benchmarkParse(b, "<speak>"+strings.Repeat("It was the best of times, it was the worst of times. ", 20_000)+"</speak>")
}
