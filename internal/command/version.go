package command

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func newVersionCommand(env *environment) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "version",
		Short:   "Print the version of this program",
		Long:    "Print the version of this program, of the Go it was built with, and its platform.",
		Example: "  lectern version\n  lectern version --json",
		Args:    takes(),
		RunE: func(*cobra.Command, []string) error {
			if asJSON {
				return printJSON(env.stdout, map[string]string{
					"version": env.program.Version, "go": runtime.Version(), "os": runtime.GOOS, "arch": runtime.GOARCH,
				})
			}
			_, err := fmt.Fprintln(env.stdout, env.program.versionLine())
			return err
		},
	}
	registerJSON(cmd, &asJSON)
	return cmd
}

// offerVersion gives the program --version. Cobra's own would answer whatever else stands
// in the command line, a command that there is not too.
func offerVersion(root *cobra.Command, line string) {
	asked := root.Flags().BoolP("version", "v", false, "version for lectern")
	otherwise := root.RunE
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if !*asked {
			return otherwise(cmd, args)
		}
		_, err := fmt.Fprintln(cmd.OutOrStdout(), line)
		return err
	}
}

func (p Program) versionLine() string {
	return fmt.Sprintf("lectern %s (%s, %s/%s)", p.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
