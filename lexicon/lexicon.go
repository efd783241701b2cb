// Package lexicon reads dictionaries that a user writes: how words are spoken,
// whatever the rules of their language and the engine would make of them.
//
// A dictionary is a W3C Pronunciation Lexicon (PLS 1.0), or lines of three fields
// parted by tabs, with "#" before remarks:
//
//	written <TAB> language <TAB> spoken, or /IPA/
//
// What is written counts as a whole word or several, letter by letter. The
// language is a BCP-47 tag, which holds for its regions too; "*" stands for all.
package lexicon

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/phoneme"
)

// Entry says how one written form is spoken: in other words, or in IPA.
type Entry struct {
	Written string
	// Language is a BCP-47 tag, or "*" for all.
	Language    string
	Spoken, IPA string
}

// Holds reports whether the entry is for a language.
func (e Entry) Holds(tag string) bool {
	own, tag := strings.ToLower(e.Language), strings.ToLower(tag)
	return own == "*" || own == tag || strings.HasPrefix(tag, own+"-")
}

// maxBytes is the longest dictionary.
const maxBytes = 16 << 20

// Read reads a dictionary of either form. What is wrong with it is a
// *fault.Error with its line and column.
func Read(r io.Reader) ([]Entry, error) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	if err != nil {
		return nil, err
	}
	if len(text) > maxBytes {
		return nil, fault.New(fault.InvalidArgument, "The dictionary has more than %d bytes.", maxBytes)
	}
	text = bytes.TrimPrefix(text, []byte("\uFEFF"))
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("<")) {
		return readPLS(text)
	}
	return readLines(text)
}

func readLines(text []byte) ([]Entry, error) {
	var entries []Entry
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, maxBytes)
	for number := 1; lines.Scan(); number++ {
		line := lines.Text()
		wrong := func(column int, format string, args ...any) error {
			return fault.New(fault.InvalidArgument, format, args...).At(number, column)
		}
		if !utf8.ValidString(line) {
			return nil, wrong(utf8.RuneCountInString(line[:firstInvalid(line)])+1, "The dictionary is not valid UTF-8 here.")
		}
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.Split(strings.TrimRight(line, "\t\r"), "\t")
		column := func(field int) int {
			return utf8.RuneCountInString(strings.Join(fields[:field], "\t")) + 2
		}
		switch {
		case len(fields) < 3:
			return nil, wrong(utf8.RuneCountInString(line)+1, "A line has three fields parted by tabs: what is written, the language or *, what is spoken. This one has %d.", len(fields))
		case len(fields) > 3:
			return nil, wrong(column(3), "A line has three fields parted by tabs; there are more.")
		}
		e := Entry{Written: strings.TrimSpace(fields[0]), Language: strings.TrimSpace(fields[1]), Spoken: strings.TrimSpace(fields[2])}
		switch {
		case e.Written == "":
			return nil, wrong(1, "The written form is missing.")
		case !isTag(e.Language):
			return nil, wrong(column(1), "%q is no language; write a tag such as en or de-CH, or * for all.", e.Language)
		case e.Spoken == "":
			return nil, wrong(column(2), "What is spoken is missing.")
		}
		if len(e.Spoken) > 1 && e.Spoken[0] == '/' && e.Spoken[len(e.Spoken)-1] == '/' {
			ipa, at, err := readIPA(e.Spoken[1 : len(e.Spoken)-1])
			if err != nil {
				return nil, wrong(column(2)+1+at, "%v", err)
			}
			e.Spoken, e.IPA = "", ipa
		}
		entries = append(entries, e)
	}
	return entries, lines.Err()
}

// firstInvalid is the first byte of line that is not UTF-8.
func firstInvalid(line string) int {
	for i, c := range line {
		if c == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(line[i:]); size == 1 {
				return i
			}
		}
	}
	return len(line)
}

// readIPA checks a transcription. at is where it is wrong, in characters.
func readIPA(text string) (ipa string, at int, err error) {
	t, err := phoneme.ParseIPA(text)
	if err != nil {
		if wrong, ok := errors.AsType[*phoneme.Error](err); ok {
			at = utf8.RuneCountInString(text[:min(wrong.Offset, len(text))])
		}
		return "", at, err
	}
	return t.String(), 0, nil
}

func isTag(tag string) bool {
	if tag == "*" {
		return true
	}
	parts := strings.Split(tag, "-")
	if len(parts[0]) < 2 || len(parts[0]) > 3 {
		return false
	}
	for _, part := range parts {
		if part == "" || len(part) > 8 || strings.Trim(strings.ToLower(part), "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}
