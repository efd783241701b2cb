package command

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/ttsapi/client"
)

func newOperationsCommand(env *environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "operations",
		Aliases: []string{"ops"},
		Short:   "List, wait for, cancel and delete long operations",
		Long: `List, wait for, cancel and delete the long operations of a server.

The NAME of an operation is its whole name
projects/PROJECT/locations/LOCATION/operations/ID, or operations/ID, or just ID.`,
	}
	cmd.AddCommand(
		newOperationsListCommand(env),
		newOperationsGetCommand(env),
		newOperationsWaitCommand(env),
		newOperationsCancelCommand(env),
		newOperationsDeleteCommand(env),
	)
	return cmd
}

// oneOperation is a command about the operation that its argument names.
func oneOperation(env *environment, verb string, run func(ctx context.Context, c *client.Client, name string, asJSON bool) error) *cobra.Command {
	var server serverFlag
	var asJSON bool
	cmd := &cobra.Command{
		Use:  verb + " NAME",
		Args: takes("NAME"),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := server.dial(cmd.Context(), env)
			if err != nil {
				return err
			}
			defer c.Close()
			return run(cmd.Context(), c, operationName(args[0]), asJSON)
		},
	}
	server.register(cmd, "127.0.0.1:8085")
	registerJSON(cmd, &asJSON)
	offerArguments(cmd, 1, operationsOf(env, &server, verb == "wait" || verb == "cancel"))
	return cmd
}

func newOperationsGetCommand(env *environment) *cobra.Command {
	cmd := oneOperation(env, "get", func(ctx context.Context, c *client.Client, name string, asJSON bool) error {
		op, err := c.Operation(ctx, name)
		if err != nil {
			return err
		}
		output, err := c.Output(ctx, name)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(env.stdout, viewJSON(op).withOutput(output))
		}
		return printTable(env.stdout, detailRows(op, output))
	})
	cmd.Short = "Show an operation as it stands"
	cmd.Long = "Show an operation as it stands. The exit code is 0 whatever its state is."
	cmd.Example = `  lectern operations get projects/local/locations/global/operations/ID
  lectern operations get ID --json`
	return cmd
}

func newOperationsWaitCommand(env *environment) *cobra.Command {
	var timeout time.Duration
	cmd := oneOperation(env, "wait", func(ctx context.Context, c *client.Client, name string, asJSON bool) error {
		if timeout < 0 {
			return usagef("--timeout %v is less than no time", timeout)
		}
		op, err := follow(ctx, env, c, name, timeout)
		if asJSON && op.Name != "" {
			if err := printJSON(env.stdout, viewJSON(op)); err != nil {
				return err
			}
		} else if err == nil {
			return printState(env, op)
		}
		return err
	})
	cmd.Short = "Wait until an operation is done"
	cmd.Long = `Wait until an operation is done, and show how far it is. A server that is
restarted meanwhile is waited for.

The exit code is 0 when the operation succeeded, 1 when it failed or was
cancelled, and 5 when it still runs after --timeout. Ctrl-C on a terminal asks
whether to cancel the operation; elsewhere it leaves the operation running.`
	cmd.Example = `  lectern operations wait ID
  lectern operations wait ID --timeout 10m`
	cmd.Flags().DurationVar(&timeout, "timeout", 0, "how long to wait, a `DURATION` such as 90s or 10m; 0 means until it is done")
	return cmd
}

func newOperationsCancelCommand(env *environment) *cobra.Command {
	cmd := oneOperation(env, "cancel", func(ctx context.Context, c *client.Client, name string, asJSON bool) error {
		if err := c.Cancel(ctx, name); err != nil {
			return err
		}
		op, err := c.Operation(ctx, name)
		if err != nil {
			return err
		}
		if asJSON {
			return printJSON(env.stdout, viewJSON(op))
		}
		if err := printState(env, op); err != nil {
			return err
		}
		switch op.State {
		case client.Succeeded, client.Failed:
			fmt.Fprintln(env.stderr, "lectern: the operation was done already; nothing was cancelled")
		case client.Running:
			fmt.Fprintln(env.stderr, "lectern: the operation is past the point of no return and about to end")
		}
		return nil
	})
	cmd.Short = "Cancel an operation"
	cmd.Long = `Cancel an operation. It ends at once, writes no object, and can still be looked
at. One that is done already stays as it is; that is no error. What is printed
is its name and its state.`
	cmd.Example = "  lectern operations cancel ID"
	return cmd
}

func printState(env *environment, op client.Operation) error {
	_, err := fmt.Fprintf(env.stdout, "%s %s\n", op.Name, op.State)
	return err
}

func newOperationsDeleteCommand(env *environment) *cobra.Command {
	cmd := oneOperation(env, "delete", func(ctx context.Context, c *client.Client, name string, asJSON bool) error {
		if err := c.Delete(ctx, name); err != nil {
			return err
		}
		if asJSON {
			return printJSON(env.stdout, map[string]any{"name": name, "deleted": true})
		}
		_, err := fmt.Fprintf(env.stdout, "%s deleted\n", name)
		return err
	})
	cmd.Short = "Make the server forget an operation"
	cmd.Long = `Make the server forget an operation: it can no longer be looked at. Deleting does
not cancel: one that runs goes on, and its object still appears. Cancel it first
if it is not wanted.`
	cmd.Example = "  lectern operations delete ID"
	return cmd
}
