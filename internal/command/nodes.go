package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	keysof "github.com/lectern/lectern/auth/postgres"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
	"github.com/lectern/lectern/lro/sqlite"
)

// storeFlag is the database that nodes share.
type storeFlag struct{ url string }

func (f *storeFlag) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.url, "store", "", "the nodes' `DATABASE`, postgres://… (default: $LECTERN_STORE)")
}

// address is the database's.
func (f *storeFlag) address(env *environment) (string, error) {
	url := cmp.Or(f.url, env.getenv(variable("store")))
	if url == "" {
		return "", usagef("--store is missing: the database that the nodes share, postgres://user@host/database; or set %s", variable("store"))
	}
	return url, checkDatabase(url)
}

// checkDatabase says what is wrong with the address of a database. It may hold a
// password, and is not shown.
func checkDatabase(url string) error {
	if !config.IsDatabase(url) {
		return usagef("--store, or %s, must begin with postgres://, such as postgres://user@host/database", variable("store"))
	}
	return nil
}

// look opens the database for questions.
func (f *storeFlag) look(ctx context.Context, env *environment) (*postgres.Store, error) {
	url, err := f.address(env)
	if err != nil {
		return nil, err
	}
	return postgres.Look(ctx, url)
}

func newMigrateCommand(env *environment) *cobra.Command {
	var store storeFlag
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the schema of the nodes' database up to date",
		Long: `Bring the schema of the database that nodes share up to date. Each server that
starts does the same; this is for doing it beforehand, with another user's rights.
Many may do it at once. A schema of a newer version is left alone.`,
		Example: `  lectern migrate --store postgres://owner@db.example/lectern`,
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			url, err := store.address(env)
			if err != nil {
				return err
			}
			from, to, err := postgres.Migrate(cmd.Context(), url)
			if err == nil {
				err = keysof.Migrate(cmd.Context(), url)
			}
			if err != nil {
				return err
			}
			if from == to {
				fmt.Fprintf(env.stdout, "The schema has version %d already.\n", to)
			} else {
				fmt.Fprintf(env.stdout, "The schema went from version %d to %d.\n", from, to)
			}
			return nil
		},
	}
	store.register(cmd)
	return cmd
}

func newNodesCommand(env *environment) *cobra.Command {
	var store storeFlag
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "nodes",
		Short: "List the servers that share a database",
		Long: `List the servers that share a database: how long each is still trusted without
being heard of (LEASE), how many tasks it works on of how many at once, and whether
it is drained. One whose lease is over is gone; what it did is done by others.`,
		Example: `  lectern nodes --store postgres://lectern@db.example/lectern`,
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := store.look(cmd.Context(), env)
			if err != nil {
				return err
			}
			defer s.Close()
			nodes, err := s.Nodes(cmd.Context())
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(env.stdout, map[string]any{"nodes": viewNodes(nodes)})
			}
			rows := [][]string{{"ID", "NAME", "VERSION", "JOINED", "LEASE", "TASKS", "SLOTS", "STATE"}}
			for _, n := range viewNodes(nodes) {
				rows = append(rows, []string{n.ID, n.Name, n.Version, clock(n.Joined), fmt.Sprintf("%.1fs", n.Lease), strconv.Itoa(n.Tasks), strconv.Itoa(n.Slots), n.State})
			}
			return printTable(env.stdout, rows)
		},
	}
	store.register(cmd)
	registerJSON(cmd, &asJSON)
	return cmd
}

// nodeView is a node as it is printed.
type nodeView struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Version string    `json:"version"`
	Joined  time.Time `json:"joined"`
	Lease   float64   `json:"leaseSeconds"`
	Tasks   int       `json:"tasks"`
	Slots   int       `json:"slots"`
	State   string    `json:"state"`
}

func viewNodes(nodes []postgres.NodeInfo) []nodeView {
	views := make([]nodeView, len(nodes))
	for i, n := range nodes {
		views[i] = nodeView{n.ID, n.Name, n.Version, n.Joined, n.Lease.Seconds(), n.Tasks, n.Slots, nodeState(n)}
	}
	return views
}

func nodeState(n postgres.NodeInfo) string {
	switch {
	case n.Lease <= 0:
		return "gone"
	case n.Draining:
		return "draining"
	case n.Slots == 0:
		return "answering"
	}
	return "working"
}

func newDrainCommand(env *environment) *cobra.Command {
	var store storeFlag
	var undo, wait bool
	cmd := &cobra.Command{
		Use:   "drain NODE",
		Short: "Let a server take no more tasks of long operations",
		Long: `Let a server take no more tasks of long operations: what it works on it ends, and
the others do the rest. It goes on answering calls. NODE is an id or a name of
` + "`lectern nodes`" + `. A server that starts again is not drained any more.`,
		Example: `  lectern drain worker-3 --wait --store postgres://lectern@db.example/lectern
  lectern drain worker-3 --undo`,
		Args: takes("NODE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := store.look(cmd.Context(), env)
			if err != nil {
				return err
			}
			defer s.Close()
			n, err := s.Drain(cmd.Context(), args[0], !undo)
			switch {
			case err != nil:
				return err
			case n == 0:
				return fmt.Errorf("there is no node %q; `lectern nodes` lists them", args[0])
			}
			if wait && !undo {
				return awaitIdle(cmd.Context(), s, args[0])
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&undo, "undo", false, "let it take tasks again")
	cmd.Flags().BoolVar(&wait, "wait", false, "return when it works on nothing any more")
	store.register(cmd)
	return cmd
}

// drainPoll is how often it is looked whether a node works on anything.
const drainPoll = 500 * time.Millisecond

// awaitIdle returns when the nodes of this id or name work on nothing, having had the
// time to know that they are drained.
func awaitIdle(ctx context.Context, s *postgres.Store, node string) error {
	tick := time.NewTicker(drainPoll)
	defer tick.Stop()
	known := time.Now().Add(postgres.LeaseTime / 2)
	for {
		nodes, err := s.Nodes(ctx)
		if err != nil {
			return err
		}
		tasks := 0
		for _, n := range nodes {
			if n.ID == node || n.Name == node {
				tasks += n.Tasks
			}
		}
		if tasks == 0 && time.Now().After(known) {
			return nil
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func newImportCommand(env *environment) *cobra.Command {
	var store storeFlag
	cmd := &cobra.Command{
		Use:   "import DIRECTORY",
		Short: "Move the operations of a data directory into the nodes' database",
		Long: `Move the operations of a server's data directory into the database that nodes
share, with those that are queued or half done: they go on from where they stood.
The server must be stopped. Sound that is spoken already stays where it is, so that
the nodes must be given that directory, or one with its scratch, staging and buckets,
as their --data. The directory's own database is left as it is; do not start a
server on it again. After an error the command may be repeated.`,
		Example: `  lectern import /var/lib/lectern --store postgres://lectern@db.example/lectern`,
		Args:    takes("DIRECTORY"),
		RunE: func(cmd *cobra.Command, args []string) error {
			url, err := store.address(env)
			if err != nil {
				return err
			}
			return importOperations(cmd.Context(), env, args[0], url)
		},
	}
	store.register(cmd)
	return cmd
}

// isDataDirectory keeps a database from being made where there is none.
func isDataDirectory(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, "operations.db")); err != nil {
		return fmt.Errorf("%s is not the data directory of a server: %w", dir, err)
	}
	return nil
}

func importOperations(ctx context.Context, env *environment, dir, url string) (err error) {
	if err := isDataDirectory(dir); err != nil {
		return err
	}
	from, err := sqlite.Open(ctx, dir, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := postgres.Open(ctx, url, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	// Whose the buckets are comes first: no object of those operations is to be nobody's.
	owned, err := from.Owned(ctx)
	if err != nil {
		return err
	}
	for name, owner := range owned {
		switch now, err := to.Claim(ctx, name, owner); {
		case err != nil:
			return fmt.Errorf("the bucket %s: %w", name, err)
		case now != owner:
			return fmt.Errorf("the bucket %s is of project %s in the data directory and of project %s in the nodes' database; nothing is imported", name, owner, now)
		}
	}
	moved, known, underWay := 0, 0, 0
	err = from.Export(ctx, func(r driver.Record) error {
		fresh, err := to.Import(ctx, r)
		switch {
		case err != nil:
			return fmt.Errorf("operation %s: %w", r.ID, err)
		case !fresh:
			known++
			return nil
		case r.Ended.IsZero():
			underWay++
		}
		moved++
		return nil
	})
	fmt.Fprintf(env.stdout, "%d operations were moved, %d of them under way; %d were there already.\n", moved, underWay, known)
	return err
}
