package command

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lexicon"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/textnorm"
)

// maxLine is the longest line that normalize takes, in bytes.
const maxLine = 16 << 20

func newNormalizeCommand(env *environment) *cobra.Command {
	n := normalizing{env: env}
	var dictionary string
	cmd := &cobra.Command{
		Use:   "normalize [TEXT...]",
		Short: "Put written text into spoken words",
		Long: `Put written text into the words that an engine is given to speak: numbers,
dates, money, abbreviations, addresses. Without TEXT lines are read on stdin; each
is printed in spoken words as one line, in the same order, as soon as it has come.

Languages differ by region: en-GB writes other dates than en-US, es-MX other
numbers than es-ES, fr-BE says septante. Lines of a language without rules are
printed as they are, but for white space, letters in special dress and what
nobody can speak. docs/words.md says how things are read that may mean several.
Neither a server nor an engine is needed.`,
		Example: `  lectern normalize 'Dr. Smith paid $3.50 on 5/6/2024.'
  lectern normalize --explain --language de-DE 'Am 3.4. um 8:30'
  lectern normalize --language en-GB <book.txt`,
		RunE: func(_ *cobra.Command, args []string) error {
			if !textnorm.Known(n.language) {
				return usagef("--language %q is no language; write a tag such as en-US, de or pt-BR", n.language)
			}
			if dictionary != "" {
				entries, err := readLexicon(dictionary)
				if err != nil {
					return err
				}
				n.lexicon = entries
			}
			n.rules = textnorm.ForLanguage(n.language)
			if len(args) > 0 {
				return n.print(env.stdout, strings.Join(args, " "))
			}
			return n.lines()
		},
	}
	cmd.Flags().StringVarP(&n.language, "language", "l", "en-US", "the language of the text, as a BCP-47 `TAG`")
	cmd.Flags().BoolVar(&n.explain, "explain", false, "print a table instead: what is written, the kind of thing it is read as, what is spoken")
	cmd.Flags().StringVar(&dictionary, "lexicon", "", "`FILE` of a dictionary that wins over the rules: W3C PLS, or lines of written, language, spoken or /IPA/, parted by tabs")
	return cmd
}

// normalizing is what the command was asked to do.
type normalizing struct {
	env      *environment
	language string
	explain  bool
	lexicon  []lexicon.Entry
	rules    *textnorm.Normalizer
}

// readLexicon reads a dictionary of a user.
func readLexicon(file string) ([]lexicon.Entry, error) {
	in, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("the lexicon cannot be read: %w", err)
	}
	defer in.Close()
	entries, err := lexicon.Read(in)
	if f := fault.From(err); f != nil && f.Line > 0 {
		return nil, fmt.Errorf("%s:%d:%d: %s", file, f.Line, f.Column, f.Message)
	}
	return entries, err
}

// print says one line.
func (n normalizing) print(w io.Writer, line string) error {
	fixed := synth.InLexicon(n.lexicon, n.language, line)
	if !n.explain {
		_, err := io.WriteString(w, n.rules.Sentence(line, fixed).Text+"\n")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "written\tkind\tspoken\n")
	for _, r := range n.rules.Explain(line, fixed) {
		fmt.Fprintf(table, "%s\t%s\t%s\n", strings.Join(strings.Fields(r.Written), " "), r.Kind, r.Spoken)
	}
	return table.Flush()
}

// lines says the lines of the standard input.
func (n normalizing) lines() error {
	in := bufio.NewReaderSize(n.env.stdin, 64<<10)
	out := bufio.NewWriter(n.env.stdout)
	for number := 1; ; number++ {
		line, err := readLine(in)
		if err == io.EOF {
			return out.Flush()
		} else if err != nil {
			return errors.Join(out.Flush(), fmt.Errorf("line %d of the standard input cannot be read: %w", number, reason(err)))
		}
		if err := n.print(out, line); err != nil {
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
		case errors.Is(err, bufio.ErrBufferFull):
		case err == io.EOF && line.Len() > 0, err == nil:
			return strings.TrimSuffix(strings.TrimSuffix(line.String(), "\n"), "\r"), nil
		default:
			return "", err
		}
	}
}
