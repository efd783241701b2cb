package command

import (
	"strings"

	"github.com/lectern/lectern/synth"
)

// readLexicons reads the dictionaries of a server: [NAME=]FILE. Those of one name
// are one dictionary, of which the first file counts.
func readLexicons(files []string) (synth.Lexicons, error) {
	lexicons := synth.Lexicons{}
	for _, file := range files {
		name, path, named := strings.Cut(file, "=")
		if !named {
			name, path = "", file
		} else if name == "" || strings.ContainsAny(name, ", /\\") {
			return nil, usagef("--lexicon %q: the name before the equals sign must have no commas, spaces and slashes", file)
		}
		entries, err := readLexicon(path)
		if err != nil {
			return nil, err
		}
		lexicons[name] = append(lexicons[name], entries...)
	}
	return lexicons, nil
}

// ownLexicon is the dictionary of files that a command speaks with itself, of which
// the first counts.
func ownLexicon(files []string) (synth.Lexicons, error) {
	lexicons := synth.Lexicons{}
	for _, file := range files {
		entries, err := readLexicon(file)
		if err != nil {
			return nil, err
		}
		lexicons[""] = append(lexicons[""], entries...)
	}
	return lexicons, nil
}
