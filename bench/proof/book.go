package main

import (
	_ "embed"
	"fmt"
	"strings"
)

// alice is the text from which every other is made; see testdata/README.md.
//
//go:embed testdata/alice.txt
var alice string

// bookBytes is the most that a long operation takes.
const bookBytes = 1_000_000

// book is alice again and again, whole paragraphs only, each reading after a
// heading that numbers it, in at most bytes bytes.
func book(bytes int) string {
	paragraphs := strings.Split(strings.TrimSpace(alice), "\n\n")
	var b strings.Builder
	for reading := 1; ; reading++ {
		heading := fmt.Sprintf("READING %d", reading)
		for _, p := range append([]string{heading}, paragraphs...) {
			p = strings.Trim(p, "\n") + "\n\n"
			if b.Len()+len(p) > bytes {
				return b.String()
			}
			b.WriteString(p)
		}
	}
}
