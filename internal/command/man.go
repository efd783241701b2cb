//go:build man

package command

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"
)

// buildCommands are those of `make install`'s own build, with the tag man: what
// writes manual pages need not be in everybody's program.
func buildCommands(env *environment) []*cobra.Command {
	return []*cobra.Command{{
		Use:    "man DIRECTORY",
		Short:  "Write the manual pages",
		Hidden: true,
		Args:   takes("DIRECTORY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true // the day of the build
			eachCommand(root, forEveryMachine)
			return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Source: env.program.versionLine(), Manual: "Lectern"}, args[0])
		},
	}}
}

// machineDefaults are those of flags that the machine decides, in words.
var machineDefaults = map[string]string{
	"data": "~/.local/state/lectern", "voices": "~/.local/share/lectern/voices",
	"slots": "one for each core", "model-memory": "a quarter of the memory",
	"body-memory": "a sixteenth of the memory, at most 64 MiB", "answer-memory": "a quarter of the memory, at most 128 MiB",
	"max-audio-bytes": "a quarter of the memory, at most 100 MiB", "max-connections": "three quarters of the open files allowed, at most 1024",
}

// forEveryMachine makes what help says of this machine, as Go's text, what a page
// says of any, in the Markdown that the pages are made from.
func forEveryMachine(cmd *cobra.Command) {
	plain := strings.NewReplacer("<", `\<`, "*", `\*`)
	cmd.Long, cmd.Short = plain.Replace(cmd.Long), plain.Replace(cmd.Short)
	cmd.LocalFlags().VisitAll(func(f *pflag.Flag) {
		f.Usage = plain.Replace(f.Usage)
		if said, decided := machineDefaults[f.Name]; decided && f.DefValue != "" {
			f.DefValue = said
		}
	})
}
