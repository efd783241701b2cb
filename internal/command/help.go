package command

import "github.com/spf13/cobra"

// helpForWhatIs lets help be had for commands that there are only: cobra shows the
// parent's for any other word. It returns what tells, at the end, which command was
// asked about and is not there.
func helpForWhatIs(root *cobra.Command) (missing func() error) {
	var mistake error
	show := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		if mistake = ofCommands(cmd, cmd.Flags().Args()); mistake == nil {
			show(cmd, args)
		}
	})
	root.InitDefaultHelpCmd()
	for _, help := range root.Commands() {
		if help.Name() != "help" {
			continue
		}
		help.Run, help.RunE = nil, func(_ *cobra.Command, words []string) error {
			cmd, rest, err := root.Find(words)
			if err != nil {
				return misused(root, err)
			}
			if err := ofCommands(cmd, rest); err != nil {
				return err
			}
			cmd.InitDefaultHelpFlag() // it shows them
			return cmd.Help()
		}
	}
	return func() error { return mistake }
}

// ofCommands says what is wrong with words behind a command that has others below it;
// what other commands take is no matter of help.
func ofCommands(cmd *cobra.Command, words []string) error {
	if !cmd.HasSubCommands() || len(words) == 0 {
		return nil
	}
	if err := cmd.ValidateArgs(words); err != nil {
		return misused(cmd, err)
	}
	return nil
}
