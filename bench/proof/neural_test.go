package main

import (
	"slices"
	"strings"
	"testing"
)

func TestSentencesOfWords(t *testing.T) {
	texts := sentencesOfWords(15, 12)
	if len(texts) != 12 {
		t.Fatalf("%d sentences", len(texts))
	}
	for _, text := range texts {
		if len(strings.Fields(text)) != 15 {
			t.Errorf("%q", text)
		}
	}
	if n := len(withComma(sentencesOfWords(15, 1000))); n < 3 {
		t.Errorf("%d of them have a clause before a comma", n)
	}
	if n := len(pairsOfSentences(8)); n != 8 {
		t.Errorf("%d pairs", n)
	}
}

func TestSpreadOver(t *testing.T) {
	if got := spreadOver([]string{"a", "b", "c", "d", "e", "f"}, 3); !slices.Equal(got, []string{"a", "e", "c"}) {
		t.Errorf("%q", got)
	}
	if got := spreadOver([]string{"a"}, 3); !slices.Equal(got, []string{"a"}) {
		t.Errorf("%q", got)
	}
}
