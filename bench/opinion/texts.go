package opinion

import (
	_ "embed"
	"strings"
)

//go:embed sentences.txt
var sentencesTXT string

// Sentence is something to say.
type Sentence struct {
	// Text is plain.
	Text string
	// before and after part it where a reader may pause; stressed is a word of it
	// that a reader may stress.
	before, stressed, after string
}

// Sentences are twenty of 8 to 20 words.
func Sentences() []Sentence {
	var all []Sentence
	for line := range strings.Lines(sentencesTXT) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		plain := strings.NewReplacer("| ", "", "*", "").Replace(line)
		before, after, _ := strings.Cut(strings.ReplaceAll(line, "*", ""), "| ")
		stressed := strings.Split(line, "*")[1]
		all = append(all, Sentence{plain, before, stressed, after})
	}
	return all
}

// Marked is the sentence cut by a mark, as SSML.
func (s Sentence) Marked() string {
	return "<speak>" + s.before + `<mark name="here"/>` + s.after + "</speak>"
}

// Broken is the sentence with a pause where a reader may make one.
func (s Sentence) Broken() string {
	return "<speak>" + s.before + `<break time="200ms"/>` + s.after + "</speak>"
}

// Stressed is the sentence with one word stressed.
func (s Sentence) Stressed() string {
	return "<speak>" + strings.Replace(s.Text, s.stressed, `<emphasis level="moderate">`+s.stressed+"</emphasis>", 1) + "</speak>"
}
