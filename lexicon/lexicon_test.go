package lexicon_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lexicon"
)

func TestLines(t *testing.T) {
	got, err := lexicon.Read(strings.NewReader("\uFEFF# ours\nW3C\ten\tWorld Wide Web Consortium\r\n\nNguyễn\t*\t/ŋwiən/\nSt. Moritz\tde-CH\tSankt Moritz\n"))
	want := []lexicon.Entry{
		{Written: "W3C", Language: "en", Spoken: "World Wide Web Consortium"},
		{Written: "Nguyễn", Language: "*", IPA: "ŋwiən"},
		{Written: "St. Moritz", Language: "de-CH", Spoken: "Sankt Moritz"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestPLS(t *testing.T) {
	got, err := lexicon.Read(strings.NewReader(`<?xml version="1.0" encoding="UTF-8"?>
<lexicon version="1.0" xmlns="http://www.w3.org/2005/01/pronunciation-lexicon" alphabet="ipa" xml:lang="en-US">
  <meta name="x" content="y"/>
  <lexeme><grapheme>W3C</grapheme><grapheme>w3c</grapheme><alias>World Wide Web
    Consortium</alias></lexeme>
  <lexeme><grapheme>tomato</grapheme><phoneme>təˈmeɪtoʊ</phoneme><phoneme prefer="true">təˈmɑːtəʊ</phoneme><example>a</example></lexeme>
  <lexeme><grapheme>cat</grapheme><phoneme alphabet="x-sampa">k{t</phoneme></lexeme>
</lexicon>`))
	want := []lexicon.Entry{
		{Written: "W3C", Language: "en-US", Spoken: "World Wide Web Consortium"},
		{Written: "w3c", Language: "en-US", Spoken: "World Wide Web Consortium"},
		{Written: "tomato", Language: "en-US", IPA: "təˈmɑːtəʊ"},
		{Written: "cat", Language: "en-US", IPA: "kæt"},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestErrorsNameThePlace(t *testing.T) {
	const head = `<lexicon xml:lang="en" alphabet="ipa">` + "\n"
	for _, c := range []struct {
		text         string
		line, column int
		want         string
	}{
		{"a\ten\tb\nx\ten\n", 2, 5, "three fields"},
		{"a\ten\tb\tc", 1, 8, "there are more"},
		{"a\tgerman language\tb", 1, 3, "is no language"},
		{"ä\tde\t/a7x/", 1, 8, "7"},
		{"\tde\tx", 1, 1, "missing"},
		{"a\tde\tx\nb\xff\tde\ty", 2, 2, "UTF-8"},
		{"<lexicon>", 1, 10, "xml:lang"},
		{"<speak>", 1, 8, "the root is <speak>"},
		{head + "<lexeme><grapheme>a</grapheme></lexeme>", 2, 40, "neither"},
		{head + "<lexeme><grapheme>a</grapheme>", 2, 31, "not well-formed"},
		{head + "<lexeme><alias>a</alias></lexeme>", 2, 34, "no <grapheme>"},
		{head + "<lexeme><grapheme>a</grapheme><phoneme alphabet='arpa'>a</phoneme></lexeme>", 2, 67, "alphabet"},
	} {
		_, err := lexicon.Read(strings.NewReader(c.text))
		f := fault.From(err)
		if f == nil || f.Line != c.line || f.Column != c.column || !strings.Contains(f.Error(), c.want) {
			t.Errorf("%q: %v", c.text, err)
		}
	}
}

func TestHolds(t *testing.T) {
	for tag, want := range map[string]bool{"en-US": true, "en": true, "EN-gb": true, "eng": false, "de": false} {
		if got := (lexicon.Entry{Language: "en"}).Holds(tag); got != want {
			t.Errorf("%s: %v", tag, got)
		}
	}
}
