// Package command is the program lectern: the server's command line, and the tool to
// use it from a terminal. cmd/lectern runs it as it is, and lectern-stores with the
// clients of object stores.
package command

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Program is one of the programs that are lectern.
type Program struct {
	Version string
	// Objects are the clients of object stores. A program without them becomes
	// lectern-stores when it is asked for one.
	Objects *Objects
}

// Main is the whole program, which it ends.
func (p Program) Main() {
	os.Exit(p.Run(context.Background(), os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr))
}

// environment is what a command may use of the world.
type environment struct {
	program        Program
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// Run is the whole program: it returns the exit code. End-to-end tests call it
// as Main does. When ctx ends, a server shuts down.
func (p Program) Run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	env := &environment{program: p, getenv: getenv, stdin: stdin, stdout: stdout, stderr: stderr}
	root := newRootCommand(env)
	root.SetArgs(args)
	missing := helpForWhatIs(root)
	err := root.ExecuteContext(ctx)
	if err == nil {
		err = missing()
	}
	if err != nil {
		if message := sentence(err); message != "" {
			fmt.Fprintf(stderr, "lectern: %s\n", message)
		}
		return exitCode(err)
	}
	return exitOK
}

func newRootCommand(env *environment) *cobra.Command {
	root := &cobra.Command{
		Use:   "lectern",
		Short: "Speak text, and serve the Google Cloud Text-to-Speech API",
		Long: `Lectern speaks text, and serves the Google Cloud Text-to-Speech API (v1 and
v1beta1, gRPC and REST on one port) with long operations that can be cancelled.`,
		Example: `  lectern serve
  lectern say "Hello, world." -o hello.wav
  lectern long book.txt gs://books/book.wav --wait`,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetIn(env.stdin)
	root.SetOut(env.stdout)
	root.SetErr(env.stderr)
	root.AddCommand(
		newServeCommand(env),
		newRunCommand(env),
		newTrustCommand(env),
		newSayCommand(env),
		newVoicesCommand(env),
		newLongCommand(env),
		newOperationsCommand(env),
		newCopyCommand(env),
		newNormalizeCommand(env),
		newSSMLCommand(env),
		newUsageCommand(env),
		newDoctorCommand(env),
		newMigrateCommand(env),
		newNodesCommand(env),
		newDrainCommand(env),
		newImportCommand(env),
		newKeysCommand(env),
		newAuditCommand(env),
		newVersionCommand(env),
	)
	root.AddCommand(buildCommands(env)...)
	finishRoot(root)
	offerVersion(root, env.program.versionLine())
	return root
}
