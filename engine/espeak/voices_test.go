// SPDX-License-Identifier: GPL-3.0-or-later

package espeak

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/lectern/lectern/speech"
)

var update = flag.Bool("update", false, "write the golden list of voices; a line that changes breaks somebody's program")

func all(t *testing.T) []speech.Voice {
	t.Helper()
	voices, err := catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return voices
}

// TestVoiceNames holds the public names: they never change and never go.
func TestVoiceNames(t *testing.T) {
	var got strings.Builder
	for _, v := range all(t) {
		fmt.Fprintln(&got, v.Name, strings.Join(v.Languages, ","), v.Gender, v.EngineName)
	}
	golden := filepath.Join("testdata", "voices.txt")
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Error("the voices differ from testdata/voices.txt; if voices were added, run the test with -update")
	}
}

func TestTable(t *testing.T) {
	pattern := regexp.MustCompile(`^[a-z]{2,3}-([A-Z]{2}|[0-9]{3})$`)
	genders := map[string]map[speech.Gender]bool{}
	for _, v := range all(t) {
		for _, tag := range v.Languages {
			if !pattern.MatchString(tag) {
				t.Errorf("%s has the language %q", v.Name, tag)
			}
		}
		tag := v.Languages[0]
		if genders[tag] == nil {
			genders[tag] = map[speech.Gender]bool{}
		}
		genders[tag][v.Gender] = true
	}
	for tag, has := range genders {
		if !has[speech.Male] || !has[speech.Female] {
			t.Errorf("%s lacks a male or a female voice", tag)
		}
	}
}

func FuzzPrepare(f *testing.F) {
	for _, text := range []string{"", "plain", "caf\xe9 \x00\x01150s", "漢字 😀", "\ue000[[x]]", "\xed\xa0\x80"} {
		f.Add(text, 1, 3)
	}
	f.Fuzz(func(t *testing.T, text string, position, length int) {
		clean, places := prepare(text, nil)
		if token := (speech.Token{Start: min(max(position, 0), len(text)), End: len(text)}); token.End > token.Start && utf8.RuneStart(text[token.Start]) {
			checkBrackets(t, text, said{token, []string{"[[a|b]]", "[[c]]"}})
		}
		if strings.ContainsAny(clean, "\x00\x01") || !strings.HasPrefix(strings.ToValidUTF8(clean, "?"), clean) {
			t.Errorf("%q became %q", text, clean)
		}
		if n := len([]rune(clean)); n != len(places.offsets)-1 {
			t.Errorf("%q has %d characters and %d places", text, n, len(places.offsets)-1)
		}
		if token, ok := places.token(position, length%1000); ok && (token.Start < 0 || token.End <= token.Start || token.End > len(text)) {
			t.Errorf("%q: token %v", text, token)
		}
	})
}

// checkBrackets checks that only a word that is said opens a bracket.
func checkBrackets(t *testing.T, text string, word said) {
	clean, places := prepare(text, []said{word})
	if n := len([]rune(clean)); n != len(places.offsets)-1 {
		t.Fatalf("%q has %d characters and %d places", clean, n, len(places.offsets)-1)
	}
	if n := strings.Count(clean, "["); n != 4 {
		t.Fatalf("%q became %q", text, clean)
	}
	before, _, _ := strings.Cut(clean, "[[")
	at := utf8.RuneCountInString(before) + 1
	want, speaks := trim(text, word.Token)
	if token, ok := places.token(at+2, 1); ok != speaks || ok && token != want {
		t.Fatalf("%q: its bracket is the token %v, want %v", clean, token, want)
	}
}

// The library's volume gives a gain within 0.1 dB; loud gains are left to a limiter.
func TestVolumes(t *testing.T) {
	for _, c := range []struct {
		gainDB float64
		volume int
		native bool
	}{{0, 100, true}, {1, 113, true}, {0.8, 110, true}, {-6, 51, true}, {1.1, 100, false}} {
		if volume, native := volumeOf(c.gainDB); volume != c.volume || native != c.native {
			t.Errorf("%+v dB are volume %d, native %v", c.gainDB, volume, native)
		}
	}
}
