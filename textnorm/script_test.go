package textnorm_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/textnorm"
)

func TestForeignTo(t *testing.T) {
	for _, c := range []struct{ tag, text, want string }{
		{"en-US", "Hello, Zürich and naïve!", ""},
		{"en-US", "你好", "你好 cmn"},
		{"en-US", "Say 你好，世界！ and Привет, мир. Then go.", "你好，世界！ cmn|Привет, мир. ru"},
		{"en-US", "ありがとう 東京 2024年", "ありがとう 東京 2024年 ja"},
		{"en-US", "안녕하세요", "안녕하세요 ko"},
		{"en-US", "π r², ΔT = 5 but Ελλάδα", "Ελλάδα el"},
		{"ru-RU", "Привет, world и 你好", "你好 cmn"},
		{"ja-JP", "漢字とカタカナ, 한국", ""},
		{"cmn-CN", "你好ありがとう", "ありがとう ja"},
		{"sr-RS", "Здраво", ""},
		{"uk-UA", "Привіт", ""},
		{"de-DE", "שלום und مرحبا!", "שלום he|مرحبا! ar"},
		{"hi-IN", "नमस्ते", ""},
		{"fa-IR", "می\u200cخواهم", ""},
		{"en", "5 × 3 → ½ 😀 ①", ""},
	} {
		var got []string
		for _, f := range textnorm.ForeignTo(c.tag, c.text) {
			got = append(got, f.Of(c.text)+" "+f.Languages[0])
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%s: of %q %q are foreign, want %q", c.tag, c.text, got, c.want)
		}
	}
}

func TestForeignPiecesAreInOrder(t *testing.T) {
	text := strings.Repeat("a 你 б ", 1000)
	found := textnorm.ForeignTo("en", text)
	if len(found) != 2000 || !slices.IsSortedFunc(found, func(a, b textnorm.Foreign) int { return a.Start - b.Start }) {
		t.Errorf("%d pieces", len(found))
	}
}
