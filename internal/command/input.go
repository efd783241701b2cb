package command

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"
)

// maxInput is the most text that is read, in bytes; a server takes far less.
const maxInput = 64 << 20

// readSource reads all of a file, or of stdin when its name is "-", which must
// be UTF-8.
func readSource(env *environment, name string) (string, error) {
	text, shown, err := readAll(env, name)
	if err != nil {
		return "", err
	}
	if line := invalidLine(text); line > 0 {
		return "", fmt.Errorf("%s is not UTF-8 (line %d); convert it first, for example with iconv", shown, line)
	}
	return text, nil
}

// readAll is readSource for text of any kind; shown is its source in messages.
func readAll(env *environment, name string) (text, shown string, err error) {
	from := env.stdin
	shown = "the standard input"
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return "", "", fmt.Errorf("%s cannot be read: %w", name, reason(err))
		}
		defer file.Close()
		from, shown = file, name
	}
	b, err := io.ReadAll(io.LimitReader(from, maxInput+1))
	switch {
	case err != nil:
		return "", "", fmt.Errorf("%s cannot be read: %w", shown, reason(err))
	case len(b) > maxInput:
		return "", "", fmt.Errorf("%s has more than %d bytes; split it", shown, maxInput)
	}
	return strings.TrimPrefix(string(b), "\ufeff"), shown, nil
}

// reason is what a *fs.PathError says beyond the path and the system call.
func reason(err error) error {
	if at, ok := errors.AsType[*fs.PathError](err); ok {
		return at.Err
	}
	return err
}

// invalidLine is the first line, from 1, that is not UTF-8; 0 if there is none.
func invalidLine(text string) int {
	if utf8.ValidString(text) {
		return 0
	}
	line := 1
	for i, r := range text {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(text[i:]); size == 1 {
				return line
			}
		}
		if r == '\n' {
			line++
		}
	}
	return line
}

// readWords is the text of `say`: its arguments, or stdin when there are none
// or only "-".
func readWords(env *environment, args []string) (string, error) {
	fromStdin := len(args) == 0 || len(args) == 1 && args[0] == "-"
	if len(args) == 0 && isTerminal(env.stdin) {
		return "", usagef("there is nothing to say; give the text as an argument, or - to read it from the standard input")
	}
	text := strings.Join(args, " ")
	if fromStdin {
		var err error
		if text, err = readSource(env, "-"); err != nil {
			return "", err
		}
	} else if invalidLine(text) > 0 {
		return "", usagef("the text is not UTF-8")
	}
	if strings.TrimSpace(text) == "" {
		return "", usagef("the text is empty; there is nothing to say")
	}
	return text, nil
}
