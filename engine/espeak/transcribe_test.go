// SPDX-License-Identifier: GPL-3.0-or-later

package espeak_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
	"golang.org/x/text/unicode/norm"

	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/enginetest"
	"github.com/lectern/lectern/engine/espeak"
	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/speech"
)

// sentences are 25 in each of eight languages.
func sentences(t testing.TB) (all []speech.Utterance) {
	t.Helper()
	table, err := os.ReadFile(filepath.Join("testdata", "sentences.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(table)) {
		if voice, text, found := strings.Cut(strings.TrimSuffix(line, "\n"), "\t"); found {
			all = append(all, speech.Utterance{Voice: voice, Text: text})
		}
	}
	return all
}

// transcribed is the phonemes of u, as they are read on end.
func transcribed(t testing.TB, engine driver.Transcriber, u speech.Utterance) string {
	t.Helper()
	words, err := engine.Transcribe(context.Background(), u)
	if err != nil {
		t.Fatalf("Transcribe(%q): %v", u.Text, err)
	}
	enginetest.CheckTranscribed(t, u.Text, words)
	var all []string
	for _, w := range words {
		all = append(all, w.Phonemes)
	}
	return strings.Join(all, " ")
}

var language = regexp.MustCompile(`\([^)]*\)`)

// printed is what the espeak-ng program prints for u.
func printed(t testing.TB, u speech.Utterance) string {
	t.Helper()
	out, err := exec.Command(needs.Program(t, "espeak-ng"), "--ipa", "-q", "-v", u.Voice, u.Text).Output()
	if err != nil {
		t.Fatalf("espeak-ng: %v", err)
	}
	return norm.NFD.String(strings.Join(strings.Fields(language.ReplaceAllString(string(out), "")), " "))
}

// TestTranscribesAsTheProgram reads each sentence twice, in both orders: what was
// read before makes no difference.
func TestTranscribesAsTheProgram(t *testing.T) {
	engine := open(t)
	all := sentences(t)
	if len(all) != 200 {
		t.Fatalf("there are %d sentences", len(all))
	}
	var forth []string
	for _, u := range all {
		forth = append(forth, transcribed(t, engine, u))
	}
	for i, u := range slices.Backward(all) {
		if again := transcribed(t, engine, u); again != forth[i] {
			t.Errorf("%s: %q is %q and was %q", u.Voice, u.Text, again, forth[i])
		}
	}
	for i, u := range all {
		if want := printed(t, u); forth[i] != want {
			t.Errorf("%s: %q is\n%s, the program says\n%s", u.Voice, u.Text, forth[i], want)
		}
	}
}

// TestNotAsTheProgram holds what differs, on purpose: see Transcribe.
func TestNotAsTheProgram(t *testing.T) {
	engine := open(t)
	for _, c := range []struct{ voice, text, want, program string }{
		{"en-us", "And, yes.", "ænd jˈɛs", "ˈænd jˈɛs"},
		{"vi", "xin chào", "sˈin tʃˈaː2w", "sˈi1n tʃˈaː2w"},
	} {
		u := speech.Utterance{Voice: c.voice, Text: c.text}
		if got := transcribed(t, engine, u); got != norm.NFD.String(c.want) {
			t.Errorf("%s: %q is %q, want %q", c.voice, c.text, got, c.want)
		}
		if got := printed(t, u); got != norm.NFD.String(c.program) {
			t.Errorf("%s: %q is printed as %q, want %q", c.voice, c.text, got, c.program)
		}
	}
}

// TestTranscribedPlaces shows each word with its phonemes in its place: what the
// library takes for a mark between clauses is outside.
func TestTranscribedPlaces(t *testing.T) {
	engine := open(t)
	for _, c := range []struct{ voice, text, want string }{
		{"en-us", "The apple, and a dog.", "{The|ðɪ} {apple|ˈæpəl}, {and|ænd} {a|ɐ} {dog|dˈɑːɡ}."},
		{"en-us", "Out of the U.S. mail (at last), it's 50%.", "{Out of|ˌaʊɾəv} {the|ðə} {U.S.|jˌuːˈɛs} {mail|mˈeɪl} ({at|æt} {last|lˈæst}), {it's|ɪts} {50|fˈɪfti}{%|pɚsˈɛnt}."},
		{"en-us", "It is 1,234.5 at 10:30.", "{It|ɪɾ} {is|ɪz} {1|wˈʌn}{,234.5|θˈaʊzənd tˈuːhˈʌndɹɪd θˈɜːɾi fˈoːɹ pɔɪnt fˈaɪv} {at|æt} {10:|tˈɛn}{30|θˈɜːɾi}."},
		{"en-us", "A well-known e-mail... “Hello?”", "{A|ɐ} {well-known|wˈɛlnˈoʊn} {e-mail|ˈiːmˈeɪl}... “{Hello|həlˈoʊ}?”"},
		{"nl", "mama 1 is er", "{mama|mˈaːmaː} {1|ˈeːn} {is|ɪs} {er|ər}"},
		{"fr-fr", "Les amis, « Hello » !", "{Les|le-z} {amis|amˈi}, « {Hello|ɛlˈo} » !"},
		{"cmn", "你好，北京。", "{你|nˈi2}{好|χˈɑu2}，{北|pˈei2}{京|tɕˈi5ŋ}。"},
		{"en-us", "[[t@m]] — 漢字", "[[{t|tˈiː}{@|æt}{m|ˈɛm}]] — {漢字|tʃˈaɪniːzlˌɛɾɚ tʃˈaɪniːzlˌɛɾɚ}"},
	} {
		words, err := engine.Transcribe(context.Background(), speech.Utterance{Voice: c.voice, Text: c.text})
		if err != nil {
			t.Fatal(err)
		}
		if got := shown(c.text, words); got != norm.NFD.String(c.want) {
			t.Errorf("%s: %s, want %s", c.voice, got, c.want)
		}
	}
}

// shown is text with each word's phonemes beside it.
func shown(text string, words []speech.Transcribed) string {
	var b strings.Builder
	at := 0
	for _, w := range words {
		b.WriteString(text[at:w.Start] + "{" + text[w.Start:w.End] + "|" + w.Phonemes + "}")
		at = w.End
	}
	return norm.NFD.String(b.String() + text[at:])
}

// TestTranscribingVoices reads with what Piper's models name, and with what is no
// voice.
func TestTranscribingVoices(t *testing.T) {
	engine := open(t)
	for name := range strings.FieldsSeq("ar ca cmn cs cy da de el en-gb-x-rp en-us en-gb es es-419 fa fi fr fr-fr hi hu is it ka kk lb lv ml nb ne nl no pl pt pt-br ro ru sk sl sr sv sw te tr uk vi gmw/en-US gmw/en-us+f3 DE zh") {
		if words, err := engine.Transcribe(context.Background(), speech.Utterance{Voice: name, Text: "mama 1"}); err != nil || len(words) != 2 {
			t.Errorf("%s: %v %v", name, words, err)
		}
	}
	for _, name := range []string{"", "xx", "gmw", "../lang/gmw/de", "gmw/", "+f3"} {
		if _, err := engine.Transcribe(context.Background(), speech.Utterance{Voice: name, Text: "a"}); !errors.Is(err, driver.ErrVoice) {
			t.Errorf("%q: %v, want ErrVoice", name, err)
		}
	}
}

// TestTranscribingCrash kills the process that reads.
func TestTranscribingCrash(t *testing.T) {
	before := enginetest.ProcessesBelow(os.Getpid())
	engine := open(t)
	u := speech.Utterance{Voice: "en-us", Text: "all is well"}
	want := transcribed(t, engine, u)
	for _, pid := range enginetest.ProcessesBelow(os.Getpid()) {
		if !slices.Contains(before, pid) {
			unix.Kill(pid, unix.SIGSEGV)
		}
	}
	if _, err := engine.Transcribe(context.Background(), u); !errors.Is(err, driver.ErrFailed) || errors.Is(err, driver.ErrCrashed) {
		t.Errorf("Transcribe by a process that died: %v, want ErrFailed", err)
	}
	if got := transcribed(t, engine, u); got != want {
		t.Errorf("the next is %q, was %q", got, want)
	}
}

func BenchmarkTranscribe(b *testing.B) {
	benchmarkTranscribe(b, open(b))
}

func BenchmarkTranscribeThroughWorker(b *testing.B) {
	p := start(b)
	defer p.Close()
	benchmarkTranscribe(b, p)
}

func benchmarkTranscribe(b *testing.B, engine driver.Transcriber) {
	all := sentences(b)[:25]
	transcribed(b, engine, all[0])
	i := 0
	for b.Loop() {
		transcribed(b, engine, all[i%len(all)])
		i++
	}
}

var _ driver.Transcriber = (*espeak.Engine)(nil)
