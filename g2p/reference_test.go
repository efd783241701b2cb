package g2p

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// python is the interpreter that has hibari-tts.
func python(t testing.TB) string { return needs.Python(t, "hibari, onnxruntime") }

// assets is the directory with the files that hibari-tts has.
func assets(t testing.TB) fs.FS {
	t.Helper()
	out, err := exec.Command(python(t), "-c", "import hibari; print(hibari.__path__[0])").Output()
	if err != nil {
		t.Fatal(err)
	}
	return os.DirFS(filepath.Join(strings.TrimSpace(string(out)), "assets"))
}

// answer is what testdata/reference.py says of one sentence.
type answer struct {
	Words []struct {
		Phonemes string
		Space    bool
	}
	Asked [][2][]int64
	Fault string
}

func (a *answer) UnmarshalJSON(data []byte) error {
	var line struct {
		Words [][2]any
		Asked [][2][]int64
		Fault string
	}
	if err := json.Unmarshal(data, &line); err != nil {
		return err
	}
	a.Asked, a.Fault = line.Asked, line.Fault
	for _, w := range line.Words {
		a.Words = append(a.Words, struct {
			Phonemes string
			Space    bool
		}{w[0].(string), w[1].(bool)})
	}
	return nil
}

// sample is a text to be read, and pronunciations within.
type sample struct {
	text  string
	given []Given
}

func samples(texts []string) []sample {
	list := make([]sample, len(texts))
	for i, text := range texts {
		list[i].text = text
	}
	return list
}

// marked is a sample as the Python package takes it.
func (s sample) marked() string {
	var b strings.Builder
	end := 0
	for _, g := range s.given {
		fmt.Fprintf(&b, "%s[%s](/%s/)", s.text[end:g.Start], s.text[g.Start:g.End], g.Phonemes)
		end = g.End
	}
	return b.String() + s.text[end:]
}

// reference has the Python package read sentences.
func reference(t testing.TB, language string, sentences []sample) (fs.FS, []answer) {
	t.Helper()
	var lines strings.Builder
	for _, s := range sentences {
		lines.WriteString(s.marked() + "\n")
	}
	cmd := exec.Command(python(t), filepath.Join("testdata", "reference.py"), language)
	cmd.Stdin = strings.NewReader(lines.String())
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	replies := bufio.NewScanner(bytes.NewReader(out))
	replies.Buffer(nil, 16<<20)
	var where struct{ Assets string }
	replies.Scan()
	if err := json.Unmarshal(replies.Bytes(), &where); err != nil {
		t.Fatal(err)
	}
	var answers []answer
	for replies.Scan() {
		var a answer
		if err := json.Unmarshal(replies.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, a)
	}
	if len(answers) != len(sentences) {
		t.Fatalf("%d answers to %d sentences", len(answers), len(sentences))
	}
	return os.DirFS(where.Assets), answers
}

// network answers as the reference's did.
func network(answers []answer) Unknown {
	heard := map[string][]int64{}
	for _, a := range answers {
		for _, pair := range a.Asked {
			heard[fmt.Sprint(pair[0])] = pair[1]
		}
	}
	return func(letters []int64) ([]int64, error) {
		sounds, ok := heard[fmt.Sprint(letters)]
		if !ok {
			return nil, fmt.Errorf("the reference did not ask for %v", letters)
		}
		return sounds, nil
	}
}

// compare reads sentences and counts words that are spoken as the reference does.
func compare(t *testing.T, language string, sentences []sample, wanted float64) {
	files, answers := reference(t, language, sentences)
	e, err := Open(files, language, network(answers))
	if err != nil {
		t.Fatal(err)
	}
	total, same, faults, shown := 0, 0, 0, 0
	for i, s := range sentences {
		sentence, a := s.text, answers[i]
		if a.Fault != "" {
			faults++
			t.Logf("the reference fails: %s: %s", sentence, a.Fault)
			continue
		}
		total += len(a.Words)
		words, err := e.Words(sentence, s.given)
		if err == nil && len(words) != len(a.Words) {
			err = fmt.Errorf("%d words instead of %d", len(words), len(a.Words))
		}
		if err != nil {
			t.Logf("%s: %v", sentence, err)
			continue
		}
		for j, w := range a.Words {
			if got, want := words[j], e.vocabulary(w.Phonemes); got.Phonemes == want && got.Space == w.Space {
				same++
			} else if shown++; shown <= 50 {
				t.Logf("%s: %q is %q, in the reference %q", sentence, sentence[got.Start:got.End], got.Phonemes, want)
			}
		}
	}
	rate := float64(same) / float64(max(1, total))
	t.Logf("%d sentences, %d words, %.3f %% the same; the reference failed at %d sentences", len(sentences), total, 100*rate, faults)
	if rate < wanted {
		t.Errorf("%.3f of the words are spoken as by the reference; want %v", rate, wanted)
	}
}

// vocabulary is phonemes without what the model has no sign for.
func (e *English) vocabulary(phonemes string) string {
	return strings.Map(func(r rune) rune {
		if !e.vocab[r] {
			return -1
		}
		return r
	}, phonemes)
}

// TestReference compares over sentences that were written for it, many more that
// are made from words of all kinds and those of the dictionaries, and texts without
// sense.
func TestReference(t *testing.T) {
	for _, c := range []struct {
		language        string
		sentences, soup int
	}{{"en-US", 5000, 1200}, {"en-GB", 1500, 500}} {
		t.Run(c.language, func(t *testing.T) {
			e, err := Open(assets(t), c.language, nil)
			if err != nil {
				t.Fatal(err)
			}
			texts := append(writtenSentences(), corpus(c.sentences, e.someWords())...)
			all := samples(append(texts, soup(c.soup)...))
			compare(t, c.language, append(all, e.pronounced(t, texts[:400])...), 0.995)
		})
	}
}

// someWords is every seventh word of the dictionaries.
func (e *English) someWords() (words []string) {
	for _, d := range []dictionary{e.lexicon.gold, e.lexicon.silver} {
		rest := d.table.data
		for i := 0; rest != ""; i++ {
			word := ""
			if word, rest = chunk(rest); i%7 == 0 {
				words = append(words, word)
			}
			_, rest = chunk(rest)
		}
	}
	return words
}

// pronounced has every fourth word of texts spoken otherwise.
func (e *English) pronounced(t *testing.T, texts []string) (list []sample) {
	for _, text := range texts {
		words, err := e.Words(text, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := sample{text: text}
		for i, w := range words {
			if i%4 == 1 && !strings.ContainsAny(text[w.Start:w.End], "[]()/") {
				s.given = append(s.given, Given{w.Start, w.End, []string{"ˈæpᵊl", "lˈɪɾəɹ", ",", "stɹ"}[i/4%4]})
			}
		}
		list = append(list, s)
	}
	return list
}

// TestBook compares over a book, one line a sentence, if LECTERN_TESTDATA names a
// directory with texts.
func TestBook(t *testing.T) {
	dir := os.Getenv("LECTERN_TESTDATA")
	if dir == "" {
		t.Skip("LECTERN_TESTDATA is not set")
	}
	data, err := os.ReadFile(filepath.Join(dir, "text", "alice.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"en-US", "en-GB"} {
		t.Run(language, func(t *testing.T) { compare(t, language, samples(sentences(string(data))), 0.995) })
	}
}

// sentences cuts a text roughly, both at lines and, once more, at full stops.
func sentences(text string) []string {
	lines := strings.Split(strings.ReplaceAll(strings.TrimSpace(text), "\r", ""), "\n")
	running := strings.Join(lines, " ")
	lines = append(lines, strings.SplitAfter(running, ". ")...)
	return append(lines, strings.SplitAfter(running, ", ")...)
}
