package main

import (
	"fmt"
	"regexp"
	"strings"
)

// versionOne finds the word v1 in any language's spelling.
var versionOne = regexp.MustCompile(`(?:[^A-Za-z]|^)[vV]1(?:[^A-Za-z0-9]|$)`)

// sprintWithout joins parts by spaces, with the version's name as V wherever it
// is a word of its own. Options print with random spaces, which are one here.
func sprintWithout(version string, parts ...any) string {
	line := strings.TrimSuffix(fmt.Sprintln(parts...), "\n")
	line = regexp.MustCompile(`\b`+version+`\b`).ReplaceAllString(line, "V")
	return strings.Join(strings.Fields(line), " ")
}
