package command

import (
	"cmp"
	"context"
	"fmt"
	"maps"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/ttsapi/client"
)

type listOptions struct {
	server            serverFlag
	project, location string
	done              string
	limit             int
	asJSON            bool
}

func newOperationsListCommand(env *environment) *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List operations, the newest first",
		Long: `List operations, the newest first: those of all projects, or with --project those
of one project and location.`,
		Example: `  lectern operations list
  lectern operations list --done=false
  lectern operations list --project books --limit 10 --json`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return listOperations(cmd.Context(), env, o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.project, "project", "", "only operations of this `PROJECT`")
	f.StringVar(&o.location, "location", "global", "`LOCATION` within --project")
	f.StringVar(&o.done, "done", "", "`BOOL`: true for only those that ended, false for only those that run")
	f.IntVar(&o.limit, "limit", 50, "at most this `NUMBER`; 0 means all")
	o.server.register(cmd, "127.0.0.1:8085")
	registerJSON(cmd, &o.asJSON)
	offer(cmd, "done", fixed("true", "false"))
	return cmd
}

func listOperations(ctx context.Context, env *environment, o listOptions) error {
	query, err := o.query()
	if err != nil {
		return err
	}
	c, err := o.server.dial(ctx, env)
	if err != nil {
		return err
	}
	defer c.Close()
	found, outputs, more, err := collect(ctx, c, query, o.limit)
	if err != nil {
		return err
	}
	if o.asJSON {
		list := make([]operationJSON, len(found))
		for i, op := range found {
			list[i] = viewJSON(op).withOutput(outputs[op.Name])
		}
		return printJSON(env.stdout, map[string]any{"operations": list, "more": more})
	}
	rows := [][]string{{"ID", "STATE", "PROGRESS", "STARTED", "UPDATED", "OUTPUT"}}
	for _, op := range found {
		rows = append(rows, []string{idOf(op.Name), string(op.State), percent(op.Progress), clock(op.Start), clock(op.Update), cmp.Or(outputs[op.Name].URI, "-")})
	}
	if err := printTable(env.stdout, rows); err != nil {
		return err
	}
	if more {
		fmt.Fprintf(env.stderr, "lectern: there are more than %d; --limit 0 lists all\n", o.limit)
	}
	return nil
}

func (o *listOptions) query() (client.Query, error) {
	var q client.Query
	if o.limit < 0 {
		return q, usagef("--limit %d is negative; 0 means all", o.limit)
	}
	switch o.done {
	case "":
	case "true", "false":
		done := o.done == "true"
		q.Done = &done
	default:
		return q, usagef("--done %q is neither true nor false", o.done)
	}
	if o.project == "" {
		return q, nil
	}
	var err error
	q.Parent, err = parentOf(o.project, o.location)
	return q, err
}

// pageSize is how many operations are asked for at a time.
const pageSize = 200

// collect lists up to limit operations, all if it is 0, with what they write, by their
// names, and tells whether there are more.
func collect(ctx context.Context, c *client.Client, q client.Query, limit int) (found []client.Operation, outputs map[string]client.Output, more bool, err error) {
	outputs = make(map[string]client.Output)
	for {
		q.PageSize = pageSize
		if limit > 0 {
			q.PageSize = min(pageSize, limit-len(found))
		}
		page, err := c.Operations(ctx, q)
		if err != nil {
			return nil, nil, false, err
		}
		some, err := c.Outputs(ctx, q)
		if err != nil {
			return nil, nil, false, err
		}
		maps.Copy(outputs, some)
		found = append(found, page.Operations...)
		q.PageToken = page.NextPageToken
		if q.PageToken == "" || limit > 0 && len(found) >= limit {
			return found, outputs, q.PageToken != "", nil
		}
	}
}
