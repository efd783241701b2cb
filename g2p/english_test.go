package g2p

import (
	"errors"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestWords reads with the few words of small; what all of them do together is
// TestReference's to say.
func TestWords(t *testing.T) {
	e := openSmall(t)
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{" \t ", ""},
		{"A cat.", "ˈA kˈæt."},
		{"a cat.", "ɐ kˈæt."},
		{"the apple, the cat", "ði ˈæpᵊl, ðə kˈæt"},
		{"to apple to cat to", "tʊ ˈæpᵊl tə kˈæt tu"},
		{"of cat of", "ʌv kˈæt ˈʌv"},
		{"read", "ɹˈid"},
		{"had read", "æb ɹˈɛd"},
		{"cats boxes studies", "kˈæts bˈɑksᵻz stˈʌdiz"},
		{"waited liked waiting", "wˈATᵻd lˈIkt wˈATɪŋ"},
		{"cat's cats' cats’", "kˈæts kˈæts kˈæts"},
		{"Cat CAT Apples", "kˈæt kˈæt ˈæpᵊlz"},
		{"ABC U.S.", "ˌAbˌisˈi jˌuˈɛs"},
		{"don't don’t", "dˈOnt dˈOnt"},
		{"well-known", "wˌɛlnˈOn"},
		{"cat/hat", "kˈæt hˈæt"},
		{"iPhone", "æb"},
		{"B2C", "bˈitəsˈi"},
		{"2 5th 5% $2, $1.05", "tˈu fˈɪfθ fˈIv pəɹsˈɛnt tˈu dˈɑləɹz, wˈʌn dˈɑləɹ ænd fˈIv sˈɛnts"},
		{"2005 1905 25 105", "tˈu fˈIv ˈO fˈIv twˈɛnti fˈIv wˈʌn hˈʌndɹəd fˈIv"},
		{"quibble blob", "kwˈɪbᵊl æb"},
		{"cat – hat—cat", "kˈæt — hˈæt—kˈæt"},
	} {
		words, err := e.Words(c.text, nil)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
		}
		if got := strings.ReplaceAll(Join(words), "  ", " "); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
		}
	}
}

// TestPlaces has signs of other lengths than what they are read as.
func TestPlaces(t *testing.T) {
	const text = "  The cat’s hat―don’t. "
	words, err := openSmall(t).Words(text, []Given{{14, 17, "ˈi"}})
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	for _, w := range words {
		part := text[w.Start:w.End]
		if w.Space {
			part += "_"
		}
		parts = append(parts, part)
	}
	if want := []string{"The_", "cat’s_", "hat", "―", "don’t", "._"}; !slices.Equal(parts, want) {
		t.Errorf("%q, want %q", parts, want)
	}
}

func TestGiven(t *testing.T) {
	e := openSmall(t)
	const text = "the cat’s hat to cat."
	words, err := e.Words(text, []Given{{4, 11, "ˈApᵊlx"}, {12, 15, "hˈɑɾ"}, {18, 22, "ˈi"}})
	if want := "ði ˈApᵊl hˈɑT tʊ ˈi."; err != nil || Join(words) != want {
		t.Errorf("%q, %v, want %q", Join(words), err, want)
	}
	if w := (Word{4, 11, "ˈApᵊl", true}); words[1] != w {
		t.Errorf("%+v, want %+v", words[1], w)
	}
	for _, given := range [][]Given{
		{{-1, 3, "ˈi"}}, {{0, 0, "ˈi"}}, {{3, 2, "ˈi"}}, {{0, len(text) + 1, "ˈi"}}, {{4, 11, "ˈi"}, {0, 3, "ˈi"}},
		{{0, 4, "ˈi"}, {3, 11, "ˈi"}}, {{4, 8, "ˈi"}}, {{8, 11, "ˈi"}}, {{3, 4, "ˈi"}},
	} {
		if _, err := e.Words(text, given); err == nil {
			t.Errorf("%v is taken", given)
		}
	}
}

func TestOpenErrors(t *testing.T) {
	if _, err := Open(small(), "de-DE", nil); err == nil || !strings.Contains(err.Error(), "de-DE") {
		t.Errorf("German: %v", err)
	}
	if _, err := Open(small(), "en-GB", nil); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "lexicon_gb_gold.json.gz") {
		t.Errorf("without the files: %v", err)
	}
	for name := range small() {
		for _, data := range []string{"", "{", "[]", `{"a"`, `{"a":`, `{"a":"b",}`, `{"a":1e}`, `{"tags":["a"],"weights":{"b":{"c":"d"}}}`, `{"a":["b"]}`} {
			files := small()
			files[name].Data = []byte(data)
			if strings.HasSuffix(name, ".gz") {
				files[name].Data = packed([]byte(data))
			}
			if _, err := Open(files, "en-US", silent); err == nil || !strings.Contains(err.Error(), name) {
				t.Errorf("%s with %q: %v", name, data, err)
			}
		}
		files := small()
		files[name].Data = files[name].Data[:len(files[name].Data)-9]
		if _, err := Open(files, "en-US", silent); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s without its end: %v", name, err)
		}
	}
}

func TestUnknown(t *testing.T) {
	spelling, err := Open(small(), "en-US", nil)
	if err != nil {
		t.Fatal(err)
	}
	if words, err := spelling.Words("bácus", nil); err != nil || Join(words) != "bˌiˌAsˌijˌuˈɛs" {
		t.Errorf("spelled: %v, %v", words, err)
	}
	fault := errors.New("no network")
	var asked [][]int64
	e, err := Open(small(), "en-US", func(letters []int64) ([]int64, error) {
		asked = append(asked, slices.Clone(letters))
		return nil, fault
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.Words("xyz", nil); err != nil || asked != nil {
		t.Errorf("letters that it does not know: %v, asked for %v", err, asked)
	}
	if _, err := e.Words("bxoabo", nil); !errors.Is(err, fault) || !slices.Equal(asked[0], []int64{2, 3, 1}) {
		t.Errorf("%v, asked for %v", err, asked)
	}
}

// TestUnknownLong: no letter of a word is lost that is longer than what the network
// takes at a time, or asked for twice.
func TestUnknownLong(t *testing.T) {
	for word, want := range map[string][][]int64{
		"boa":         {{2, 3, 1}},
		"boaa":        {{2, 3}, {1, 1}},
		"boaaboo":     {{2, 3, 1}, {1, 2}, {3, 3}},
		"bxoxaxaxboa": {{2, 3, 1}, {1, 2}, {3, 1}},
	} {
		var asked [][]int64
		e, err := Open(small(), "en-US", func(letters []int64) ([]int64, error) {
			asked = append(asked, slices.Clone(letters))
			return []int64{0, 3, 3, 0}, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		words, err := e.Words(word, nil)
		if err != nil || !slices.EqualFunc(asked, want, slices.Equal) {
			t.Errorf("%s: %v, asked for %v, want %v", word, err, asked, want)
		}
		if sounds := strings.Repeat("b", len(want)); Join(words) != sounds {
			t.Errorf("%s is %q, want %q", word, Join(words), sounds)
		}
	}
}

func TestSharing(t *testing.T) {
	e := openSmall(t)
	const text = "The cats don’t read 25 well-known apples."
	want, _ := e.Words(text, nil)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 50 {
				if got, err := e.Words(text, nil); err != nil || !slices.Equal(got, want) {
					t.Errorf("%v, %v, want %v", got, err, want)
				}
			}
		})
	}
	all.Wait()
}
