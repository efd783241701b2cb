package lexicon

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/phoneme"
)

// readPLS reads a W3C Pronunciation Lexicon, version 1.0: lexemes of graphemes, of
// which each is spoken as the preferred alias or phoneme, else as the first.
func readPLS(text []byte) ([]Entry, error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	wrong := func(format string, args ...any) error {
		line, column := d.InputPos()
		return fault.New(fault.InvalidArgument, format, args...).At(line, column)
	}
	var p plsReader
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			reason := err.Error()
			if syntax, ok := errors.AsType[*xml.SyntaxError](err); ok {
				reason = syntax.Msg
			}
			return nil, wrong("The lexicon is not well-formed: %s.", reason)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := p.open(t); err != nil {
				return nil, wrong("%v", err)
			}
		case xml.CharData:
			p.text.Write(t)
		case xml.EndElement:
			if err := p.close(t.Name.Local); err != nil {
				return nil, wrong("%v", err)
			}
		}
	}
	if !p.seen {
		return nil, wrong("There is no <lexicon> element.")
	}
	return p.entries, nil
}

// plsReader is what is known while a lexicon is read.
type plsReader struct {
	seen               bool
	language, alphabet string
	entries            []Entry

	inLexeme    bool
	graphemes   []string
	spoken, ipa string
	preferred   bool // spoken or ipa is what the lexeme prefers
	prefer      bool // what is being read is preferred
	own         string
	text        strings.Builder
}

func (p *plsReader) open(t xml.StartElement) error {
	attribute := func(name string) string {
		for _, a := range t.Attr {
			if a.Name.Local == name {
				return strings.TrimSpace(a.Value)
			}
		}
		return ""
	}
	p.text.Reset()
	switch name := t.Name.Local; {
	case !p.seen:
		if name != "lexicon" {
			return fmt.Errorf("the root is <%s>, and a lexicon's is <lexicon>", name)
		}
		p.seen = true
		if p.language = attribute("lang"); !isTag(p.language) || p.language == "*" {
			return fmt.Errorf("<lexicon> needs xml:lang, a tag such as en-US; it is %q", p.language)
		}
		p.alphabet = attribute("alphabet")
	case name == "lexeme":
		p.inLexeme, p.graphemes, p.spoken, p.ipa, p.preferred = true, nil, "", "", false
	case name == "alias", name == "phoneme":
		if !p.inLexeme {
			return fmt.Errorf("<%s> stands outside of a <lexeme>", name)
		}
		p.prefer = attribute("prefer") == "true"
		if p.own = attribute("alphabet"); p.own == "" {
			p.own = p.alphabet
		}
	case name == "grapheme":
		if !p.inLexeme {
			return fmt.Errorf("<grapheme> stands outside of a <lexeme>")
		}
	}
	return nil
}

func (p *plsReader) close(name string) error {
	text := strings.Join(strings.Fields(p.text.String()), " ")
	switch name {
	case "grapheme":
		if text == "" {
			return errors.New("the <grapheme> is empty")
		}
		p.graphemes = append(p.graphemes, text)
	case "alias", "phoneme":
		if text == "" {
			return fmt.Errorf("the <%s> is empty", name)
		}
		if (p.spoken != "" || p.ipa != "") && (p.preferred || !p.prefer) {
			return nil
		}
		p.spoken, p.ipa, p.preferred = "", "", p.prefer
		if name == "alias" {
			p.spoken = text
			return nil
		}
		var err error
		switch strings.ToLower(p.own) {
		case "ipa":
			p.ipa, _, err = readIPA(text)
		case "x-sampa", "xsampa":
			var t phoneme.Transcription
			if t, err = phoneme.ParseXSAMPA(text); err == nil {
				p.ipa = t.String()
			}
		default:
			err = fmt.Errorf("the alphabet %q is not known; write ipa or x-sampa", p.own)
		}
		return err
	case "lexeme":
		p.inLexeme = false
		if len(p.graphemes) == 0 {
			return errors.New("the <lexeme> has no <grapheme>")
		}
		if p.spoken == "" && p.ipa == "" {
			return errors.New("the <lexeme> has neither an <alias> nor a <phoneme>")
		}
		for _, g := range p.graphemes {
			p.entries = append(p.entries, Entry{Written: g, Language: p.language, Spoken: p.spoken, IPA: p.ipa})
		}
	}
	return nil
}
