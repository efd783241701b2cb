package ssml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzScanner holds the scanner against encoding/xml: what one takes the other
// takes, with the same tags and text, but for what the scanner's comment names.
func FuzzScanner(f *testing.F) {
	for _, text := range []string{
		`<a b="c" d = 'e"'><f/>g &amp; &#x41;&#66;<!-- h --><![CDATA[i <>& ]]]]></a >`,
		"<a>\r\n\r<b\n c='\r\n'/>&#13;</a>", "<?a b?><?a?><?a-b ?>", "<a:b c:d=''/>", "<a:b:c/>", "<é·/>", "<-a/>", "<a&b/>",
		"]]>", "<a b=\"]]>\"/>", "a>b", "<a b='<'/>", "<a b='&lt;>'/>", "<!---->", "<!--->", "<!-- - -->", "<!-- -- -->", "<!-- --->",
		"&#xD800;", "&#0;", "&#x110000;", "&#00000000000000000000065;", "&;", "&a", "&#;", "&#x;", "&#X41;", "&amp", "& amp;",
		"<a b=c/>", "<a b/>", "<a b='c'd='e'/>", "<a b='c' b='d'/>", "</a b='c'>", "</a>", "< a/>", "<a/ >", "<", "<a", "<a b='", "<![CDATA[", "<!--", "<?", "<?a",
		"<![CDATA[\r\n]]>", "<!DOCTYPE a>", "<a \u00a0b=''/>", "<a\u2003/>", "<:a/>", "<a:/>", "<a :b=''/>",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, problem := badCharacter(text); problem != "" || len(text) > 1<<16 {
			t.Skip("never reaches the scanner")
		}
		mine, err := scanned(text)
		theirs, oracle := decoded(text)
		switch {
		case err != nil && oracle == nil && !stricter(err):
			t.Fatalf("%q\nis refused: %v\nencoding/xml takes it as %s", text, err, theirs)
		case err == nil && oracle != nil && !newerName(text):
			t.Fatalf("%q\nis taken as %s\nencoding/xml refuses it: %v", text, mine, oracle)
		case err == nil && oracle == nil && mine != theirs:
			t.Fatalf("%q\nis taken as  %s\nencoding/xml: %s", text, mine, theirs)
		}
	})
}

// stricter reports whether err is one of the faults that encoding/xml does not
// see.
func stricter(err error) bool {
	for _, words := range []string{
		"document type declaration", "space before the attribute", "twice", "more than 50 attributes",
		"the character reference names no character", "a space must follow the name of a processing instruction",
		"a <? must be followed by a name", // one of two colons
	} {
		if strings.Contains(err.Error(), words) {
			return true
		}
	}
	return false
}

// newerName reports whether text has characters that only the fifth edition of
// XML takes in names.
func newerName(text string) bool {
	return strings.ContainsFunc(text, func(c rune) bool { return c >= utf8.RuneSelf && isNameCharacter(c) })
}

func scanned(text string) (string, error) {
	var b strings.Builder
	s := scanner{text: text}
	for {
		t, err := s.next()
		if err != nil {
			return "", err
		}
		switch t.kind {
		case endOfText:
			return b.String(), nil
		case startTag:
			fmt.Fprintf(&b, "<%s", t.name)
			for _, a := range t.attributes {
				fmt.Fprintf(&b, " %s=%q", a.Name, a.Value)
			}
			b.WriteByte('>')
			if t.empty {
				fmt.Fprintf(&b, "</%s>", t.name)
			}
		case endTag:
			fmt.Fprintf(&b, "</%s>", t.name)
		case characters:
			fmt.Fprintf(&b, "%q", t.run.Text)
		case instruction:
			fmt.Fprintf(&b, "<?%s?>", t.name)
		}
	}
}

// xmlTarget is an instruction that encoding/xml looks into; the reader refuses
// all but the declaration, which it reads itself.
var xmlTarget = regexp.MustCompile(`<\?xml[^-A-Za-z0-9_.:]`)

func decoded(text string) (string, error) {
	if xmlTarget.MatchString(text) {
		return "", errors.New("an XML declaration")
	}
	var b strings.Builder
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.RawToken()
		if err == io.EOF {
			return b.String(), nil
		}
		if err != nil {
			return "", err
		}
		switch token := token.(type) {
		case xml.StartElement:
			fmt.Fprintf(&b, "<%s", written(token.Name))
			for _, a := range token.Attr {
				fmt.Fprintf(&b, " %s=%q", written(a.Name), a.Value)
			}
			b.WriteByte('>')
		case xml.EndElement:
			fmt.Fprintf(&b, "</%s>", written(token.Name))
		case xml.CharData:
			fmt.Fprintf(&b, "%q", token)
		case xml.ProcInst:
			fmt.Fprintf(&b, "<?%s?>", token.Target)
		}
	}
}

// written is a raw name as the source has it.
func written(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return name.Space + ":" + name.Local
}
