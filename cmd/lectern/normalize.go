package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/textnorm"
)

// maxLine is the longest line that normalize takes, in bytes.
const maxLine = 16 << 20

func newNormalizeCommand(env *environment) *cobra.Command {
	var language string
	cmd := &cobra.Command{
		Use:   "normalize",
		Short: "Put written text into spoken words, line by line",
		Long: `Put written text into the words that an engine is given to speak: numbers,
dates, money, abbreviations, addresses. Lines are read on stdin; each is printed
in spoken words as one line, in the same order, as soon as it has come.

English, German, Spanish and French have rules, which differ by region: en-GB
writes other dates than en-US, es-MX other numbers than es-ES, fr-BE says
septante. Lines of a language without rules are printed as they are, but for
white space and what nobody can speak. Neither a server nor an engine is needed.`,
		Example: `  echo 'Dr. Smith paid $3.50 on 5/6/2024.' | lectern normalize --language en-US
  lectern normalize --language en-GB <book.txt`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return normalize(env, language)
		},
	}
	cmd.Flags().StringVar(&language, "language", "en-US", "the language of the text, as a BCP-47 `TAG`")
	return cmd
}

func normalize(env *environment, language string) error {
	n := textnorm.ForLanguage(language)
	in := bufio.NewReaderSize(env.stdin, 64<<10)
	out := bufio.NewWriter(env.stdout)
	for number := 1; ; number++ {
		line, err := readLine(in)
		if err == io.EOF {
			return out.Flush()
		} else if err != nil {
			return errors.Join(out.Flush(), fmt.Errorf("line %d of the standard input cannot be read: %w", number, reason(err)))
		}
		if _, err := out.WriteString(n.Sentence(line, nil).Text + "\n"); err != nil {
			return err
		}
		if in.Buffered() == 0 { // whoever writes lines one by one waits for the answer
			if err := out.Flush(); err != nil {
				return err
			}
		}
	}
}

// readLine reads a line without its end. The last one need not have an end.
func readLine(in *bufio.Reader) (string, error) {
	var line strings.Builder
	for {
		part, err := in.ReadSlice('\n')
		line.Write(part)
		switch {
		case line.Len() > maxLine:
			return "", fmt.Errorf("it has more than %d bytes; split it", maxLine)
		case err == bufio.ErrBufferFull:
		case err == io.EOF && line.Len() > 0, err == nil:
			return strings.TrimSuffix(strings.TrimSuffix(line.String(), "\n"), "\r"), nil
		default:
			return "", err
		}
	}
}
