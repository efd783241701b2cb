package command

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ssml"
)

func newSSMLCommand(env *environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "ssml",
		Short: "Work with SSML documents",
		Long:  "Work with SSML documents.",
	}
	cmd.AddCommand(newSSMLCheckCommand(env))
	return cmd
}

func newSSMLCheckCommand(env *environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "check FILE|-",
		Short: "Say whether an SSML document can be spoken",
		Long: `Check an SSML document: whether it is well-formed, and made of elements that
Lectern speaks. Neither a server nor an engine is needed.

A document that is good prints nothing (on a terminal: "valid"). For one that is
not, the first mistake is told on stderr as LINE:COLUMN: REASON, both counted
from 1, columns in characters, and the exit code is 1.`,
		Example: `  lectern ssml check greeting.ssml
  echo '<speak>Hello</speak>' | lectern ssml check -`,
		Args: takes("FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return checkSSML(env, args[0], asJSON)
		},
	}
	registerJSON(cmd, &asJSON)
	return cmd
}

// verdict is the outcome of a check for programs.
type verdict struct {
	Valid  bool   `json:"valid"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Reason string `json:"reason,omitempty"`
}

func checkSSML(env *environment, name string, asJSON bool) error {
	text, _, err := readAll(env, name)
	if err != nil {
		return err
	}
	_, err = ssml.Parse(text, ssml.Limits{})
	var f *fault.Error
	if err != nil && !errors.As(err, &f) {
		return err
	}
	if asJSON {
		v := verdict{Valid: f == nil}
		if f != nil {
			v.Line, v.Column, v.Reason = f.Line, f.Column, f.Message
		}
		if err := printJSON(env.stdout, v); err != nil {
			return err
		}
	} else if f != nil {
		fmt.Fprintf(env.stderr, "%d:%d: %s\n", max(f.Line, 1), max(f.Column, 1), f.Message)
	} else if isTerminal(env.stdout) {
		fmt.Fprintln(env.stdout, "valid")
	}
	if f != nil {
		return outcome{code: exitFailed}
	}
	return nil
}
