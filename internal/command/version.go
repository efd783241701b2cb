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
			return printVersion(env)
		},
	}
	registerJSON(cmd, &asJSON)
	return cmd
}

func printVersion(env *environment) error {
	_, err := fmt.Fprintln(env.stdout, env.program.versionLine())
	return err
}

func (p Program) versionLine() string {
	return fmt.Sprintf("lectern %s (%s, %s/%s)", p.Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
}
