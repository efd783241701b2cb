//go:build !man

package command

import "github.com/spf13/cobra"

// buildCommands are none but where manual pages are written; see man.go.
func buildCommands(*environment) []*cobra.Command { return nil }
