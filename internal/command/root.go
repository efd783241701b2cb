package command

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// finishRoot gives all commands what they have in common: mistakes in the
// command line are usage errors that name the help to read.
func finishRoot(root *cobra.Command) {
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newExitCodesTopic(), newEnvironmentTopic())
	// By functions, not by templates: for those the linker keeps every method there is.
	usage := root.UsageFunc()
	root.SetUsageFunc(func(cmd *cobra.Command) error {
		if cmd.Annotations["group"] == "" {
			return usage(cmd)
		}
		// A command of commands runs only to tell of mistakes; that is no usage.
		run := cmd.RunE
		defer func() { cmd.RunE = run }()
		cmd.RunE = nil
		return usage(cmd)
	})
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return misused(cmd, plainly(cmd, err)) })
	eachCommand(root, func(cmd *cobra.Command) {
		if cmd.HasSubCommands() && (cmd == root || !cmd.Runnable()) {
			cmd.Annotations = map[string]string{"group": "yes"}
			cmd.Args = onlySubcommands
			if cmd.RunE == nil {
				cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
			}
			return
		}
		if check := cmd.Args; check != nil {
			cmd.Args = func(cmd *cobra.Command, args []string) error {
				if err := check(cmd, args); err != nil {
					return misused(cmd, err)
				}
				return nil
			}
		}
	})
}

func eachCommand(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, sub := range cmd.Commands() {
		eachCommand(sub, visit)
	}
}

// onlySubcommands checks the arguments of a command that does nothing by itself.
func onlySubcommands(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("there is no command %q", cmd.CommandPath()+" "+args[0])
	if cmd.SuggestionsMinimumDistance <= 0 {
		cmd.SuggestionsMinimumDistance = 2
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		message += ", perhaps " + strings.Join(near, " or ")
	}
	return misused(cmd, errors.New(message))
}

// kinds are what values of flags must be, by the type that pflag has for them.
var kinds = map[string]string{
	"float64": "a number", "int": "a whole number", "int64": "a whole number", "bool": "true or false",
	"duration": "a duration such as 90s or 5m", "size": "a size such as 512MiB or 2GB",
	"stringSlice": "a list parted by commas, each value with a quotation mark in it in quotation marks of its own",
}

// plainly says what is wrong with a flag in words that are no program's: of its value what
// it should be; of a text that was taken for one, how it stays a text.
func plainly(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok {
		flag := "--" + unknown.GetSpecifiedName()
		if short := unknown.GetSpecifiedShortnames(); short != "" {
			flag = "-" + short
		}
		if strings.Contains(cmd.Use, "TEXT") {
			return fmt.Errorf("there is no flag %s (a text that begins with a hyphen stands behind `--`)", flag)
		}
		return fmt.Errorf("there is no flag %s", flag)
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return unreadable("--"+invalid.GetFlag().Name, invalid)
	}
	return err
}

// unreadable says what the value of a flag, or of its variable, should be; said is how
// it was given.
func unreadable(said string, invalid *pflag.InvalidValueError) error {
	flag := invalid.GetFlag()
	kind, known := kinds[flag.Value.Type()]
	switch {
	case errors.Is(invalid, strconv.ErrRange):
		return fmt.Errorf("%s %s is too large or too small", said, invalid.GetValue())
	case flag.Value.Type() == "stringToString":
		form, _ := pflag.UnquoteUsage(flag)
		kind = "of the form " + form
	case !known:
		kind = "what it should be"
	}
	return fmt.Errorf("%s %q is not %s", said, invalid.GetValue(), kind)
}

func misused(cmd *cobra.Command, err error) error {
	if _, ok := errors.AsType[usageError](err); ok {
		return err
	}
	return usagef("%w; see `%s --help`", err, cmd.CommandPath())
}

// takes checks the number of arguments and names the one that is missing.
func takes(names ...string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%s is missing", names[len(args)])
		case len(args) > len(names):
			return fmt.Errorf("%q is one argument too many", args[len(names)])
		}
		return nil
	}
}
