package command

import (
	"os"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// TestEveryOfferIsForAFlag: and those whose values are few or known are offered.
func TestEveryOfferIsForAFlag(t *testing.T) {
	root := newRootCommand(&environment{getenv: os.Getenv})
	offered := 0
	eachCommand(root, func(cmd *cobra.Command) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			find, has := cmd.GetFlagCompletionFunc(f.Name)
			switch f.Name {
			case "voice", "language", "gender", "encoding", "effects", "log-level", "log-format", "done":
				if cmd.Name() != "normalize" && (!has || find == nil) {
					t.Errorf("%s --%s offers nothing", cmd.CommandPath(), f.Name)
				}
				offered++
			}
		})
	})
	if offered < 12 {
		t.Errorf("only %d flags were looked at", offered)
	}
}
