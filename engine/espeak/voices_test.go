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

	"github.com/lectern/lectern/speech"
)

var update = flag.Bool("update", false, "write the golden list of voices; a line that changes breaks somebody's program")

// TestVoiceNames holds the public names: they never change and never go.
func TestVoiceNames(t *testing.T) {
	var got strings.Builder
	for _, r := range table {
		v := r.voice(22050)
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
	names, engineNames := map[string]bool{}, map[string]bool{}
	genders := map[string]map[speech.Gender]bool{}
	for _, r := range table {
		name := r.voice(1).Name
		if names[name] || engineNames[r.engineName] {
			t.Errorf("%s (%s) is there twice", name, r.engineName)
		}
		names[name], engineNames[r.engineName] = true, true
		for _, tag := range append([]string{r.tag}, r.also...) {
			if !pattern.MatchString(tag) {
				t.Errorf("%s has the language %q", name, tag)
			}
		}
		if genders[r.tag] == nil {
			genders[r.tag] = map[speech.Gender]bool{}
		}
		genders[r.tag][r.gender] = true
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
		clean, places := prepare(text)
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
