// Package listener hears what was said: it runs pocketsphinx, a recogniser that
// is nobody's speech engine, on files of sound, within a grammar. Tests and
// measurements use it where a person would listen.
//
// [Hear] needs the programs and the model of Debian's packages pocketsphinx and
// pocketsphinx-en-us, and sox; a test says so with [Need].
package listener

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/needs"
)

const (
	recognizer = "pocketsphinx_batch"
	converter  = "sox"
	model      = "/usr/share/pocketsphinx/model/en-us/en-us"
	dictionary = "/usr/share/pocketsphinx/model/en-us/cmudict-en-us.dict"
)

// insertionPenalty is what a word more costs. The recogniser's own is for
// dictation; with it, every breath between digits is one more of them.
const insertionPenalty = "0.01"

// Grammar is what may be said, in the rules of JSGF: the right side of the one
// public rule.
type Grammar string

// Digits are any number of English digits, Commands short orders of a house.
const (
	Digits   Grammar = "( zero | one | two | three | four | five | six | seven | eight | nine )+"
	Commands Grammar = "( turn | switch ) ( on | off ) the ( kitchen | bedroom | garden | front ) ( light | heater | radio | fan )" +
		" | ( open | close | lock ) the ( door | window | garage | gate )" +
		" | set the ( timer | alarm ) ( for | to ) ( five | ten | twenty | thirty ) ( minutes | seconds | hours )" +
		" | ( play | stop | pause ) the ( music | movie | song )"
)

// Word is one word that was heard, and when.
type Word struct {
	Text       string
	Start, End time.Duration
}

// Need ends the test when something that Hear needs is not there (needs.Missing).
func Need(t testing.TB) {
	t.Helper()
	needs.Program(t, recognizer)
	needs.Program(t, converter)
	if _, err := os.Stat(model); err != nil {
		needs.Missing(t, "the recognizer's model is not in %s (Debian: pocketsphinx-en-us)", model)
	}
}

// Hear recognises files of any format that sox reads, and returns the words of
// each in the same order; none where nothing was understood. Times have a
// resolution of 10 ms.
func Hear(ctx context.Context, grammar Grammar, files ...string) ([][]Word, error) {
	dir, err := os.MkdirTemp("", "lectern-listener-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var list strings.Builder
	for i, file := range files {
		// With a little noise, since the recogniser cannot do with none, and each
		// time the same.
		out, err := exec.CommandContext(ctx, converter, "-R", file, "-r", "16000", "-c", "1", "-b", "16", filepath.Join(dir, fmt.Sprintf("%d.wav", i))).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("listener: converting %s: %w: %s", file, err, out)
		}
		fmt.Fprintln(&list, i)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	rules := "#JSGF V1.0;\ngrammar spoken;\npublic <spoken> = " + string(grammar) + ";\n"
	for name, text := range map[string]string{"list": list.String(), "grammar": rules} {
		if err := os.WriteFile(in(name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	out, err := exec.CommandContext(ctx, recognizer, "-hmm", model, "-dict", dictionary, "-jsgf", in("grammar"),
		"-wip", insertionPenalty,
		"-cepdir", dir, "-ctl", in("list"), "-cepext", ".wav", "-adcin", "yes", "-adchdr", "44",
		"-hyp", in("words"), "-hypseg", in("segments")).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("listener: %w: %s", err, out)
	}
	segments, err := os.ReadFile(in("segments"))
	if err != nil {
		return nil, err
	}
	return parse(string(segments), len(files))
}

const frame = 10 * time.Millisecond

// parse reads lines such as "0 S 0 T -61 A -54 L -6 START -1 -3 WORD START … END",
// where each word is followed by the frame at which the next one starts.
func parse(segments string, files int) ([][]Word, error) {
	heard := make([][]Word, files)
	for line := range strings.Lines(segments) {
		fields := strings.Fields(line)
		if len(fields) < 10 {
			continue
		}
		index, err := strconv.Atoi(fields[0])
		if err != nil || index < 0 || index >= files {
			return nil, fmt.Errorf("listener: a line begins with %q", fields[0])
		}
		for i := 9; i+4 < len(fields); i += 4 {
			start, errStart := strconv.Atoi(fields[i])
			end, errEnd := strconv.Atoi(fields[i+4])
			if errStart != nil || errEnd != nil {
				break
			}
			text := alternative.ReplaceAllString(fields[i+3], "")
			if strings.ContainsAny(text, "<(") {
				continue // silence, noise, nothing
			}
			heard[index] = append(heard[index], Word{text, time.Duration(start) * frame, time.Duration(end) * frame})
		}
	}
	return heard, nil
}

// alternative is the number of a word's other pronunciation, as in "a(2)".
var alternative = regexp.MustCompile(`\(\d+\)$`)

// Text is the words alone.
func Text(words []Word) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = w.Text
	}
	return strings.Join(texts, " ")
}

// NamesOf are the words of digits: "31" is "three one".
func NamesOf(digits string) string {
	names := strings.Fields("zero one two three four five six seven eight nine")
	var words []string
	for _, d := range digits {
		words = append(words, names[d-'0'])
	}
	return strings.Join(words, " ")
}

// Errors is how many words must be put in, left out or replaced to make want of
// got, and how many words want has.
func Errors(want, got string) (errors, words int) {
	a, b := strings.Fields(want), strings.Fields(got)
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)], len(a)
}
