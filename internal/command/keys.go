package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/internal/config"
)

// keysFlags say whose keys a command is about: a server's, by what it was started
// with.
type keysFlags struct{ data, store string }

func (f *keysFlags) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.data, "data", "", "the server's data `directory` (default: $LECTERN_DATA, else that of lectern serve)")
	cmd.Flags().StringVar(&f.store, "store", "", "the nodes' `DATABASE`, postgres://… (default: $LECTERN_STORE, else there is none)")
	_ = cmd.MarkFlagDirname("data")
}

// open opens the keys. The directory is made for who makes the first key before the
// server's first start.
func (f *keysFlags) open(ctx context.Context, env *environment) (keys.Store, error) {
	database := cmp.Or(f.store, env.getenv(variable("store")))
	data := cmp.Or(f.data, env.getenv(variable("data")), config.Default(env.getenv).Data)
	if database == "" {
		if err := os.MkdirAll(data, 0o700); err != nil {
			return nil, fmt.Errorf("the data directory cannot be made: %w", err)
		}
	} else if err := checkDatabase(database); err != nil {
		return nil, err
	}
	return openKeys(ctx, data, database)
}

// with opens the keys for as long as use takes.
func (f *keysFlags) with(ctx context.Context, env *environment, use func(keys.Store) error) error {
	store, err := f.open(ctx, env)
	if err != nil {
		return err
	}
	return errors.Join(use(store), store.Close())
}

func newKeysCommand(env *environment) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "keys",
		Short: "Make, list and revoke the credentials of a server",
		Long: `Make, list and revoke the credentials of a server that was started with
--credentials required. Give --data or --store as the server was given them; it need
not run, and sees what has changed within a second if it does.

What a key lets its holder do is its role, in its project:
  viewer    list voices; get, list and wait for operations
  speaker   that, and speak while the caller waits
  operator  that, and start, cancel and delete long operations
  admin     everything, in every project`,
		Example: `  lectern keys create --project books --role operator >key.json
  GOOGLE_APPLICATION_CREDENTIALS=key.json python3 program.py
  lectern keys create --project books --role speaker --api-key
  lectern keys list
  lectern keys revoke ID`,
	}
	cmd.AddCommand(newKeysCreateCommand(env), newKeysListCommand(env), newKeysRevokeCommand(env), newKeysRotateCommand(env))
	return cmd
}

func newKeysCreateCommand(env *environment) *cobra.Command {
	var at keysFlags
	var role string
	var wish keys.Wish
	var apiKey bool
	cmd := &cobra.Command{
		Use:   "create --role ROLE [--project PROJECT]",
		Short: "Make a service account's file, or an API key",
		Long: `Make a key and write it to standard output, once: the server keeps what it
recognises it by, not the key. Without --api-key it is the file of a service account
(JSON), with which Google's client libraries work as they are.

--url is where programs reach the server. It stands in the file, since some exchange
their signature for a token there.`,
		Example: `  lectern keys create --project books --role operator --url https://tts.example >key.json
  lectern keys create --project '*' --role viewer --name prometheus --api-key`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) (err error) {
			if wish.Role, err = auth.ParseRole(role); err != nil {
				return usagef("--role: %w", err)
			}
			if err := checkProject(wish); err != nil {
				return err
			}
			made, err := newCredential(wish, apiKey)
			if err != nil {
				return usageError{err}
			}
			return at.with(cmd.Context(), env, func(store keys.Store) error {
				if err := keys.Add(cmd.Context(), store, made.key); err != nil {
					return err
				}
				return made.print(env)
			})
		},
	}
	at.register(cmd)
	cmd.Flags().StringVar(&wish.Project, "project", "", "the `PROJECT` that the holder acts for, or '*' for every one")
	cmd.Flags().StringVar(&role, "role", "", "viewer, speaker, operator or `ROLE` admin")
	cmd.Flags().StringVar(&wish.Account, "name", "", "the holder's `NAME` in logs and limits (default: a new one)")
	cmd.Flags().StringVar(&wish.URL, "url", "", "the server's `URL` for programs (default: "+keys.DefaultURL+")")
	cmd.Flags().BoolVar(&apiKey, "api-key", false, "make an API key instead of a service account's file")
	offer(cmd, "role", fixed("viewer", "speaker", "operator", "admin"))
	return cmd
}

// checkProject says what is wrong with the project of a key to be made.
func checkProject(wish keys.Wish) error {
	switch admin := wish.Role == auth.Admin; {
	case admin && wish.Project != "" && wish.Project != auth.AllProjects:
		return usagef("an admin acts for every project, and --project names %s: leave it out, or give another role", wish.Project)
	case !admin && wish.Project == "":
		return usagef("--project is missing: what the key's holder acts for, or '*' for every project")
	}
	return nil
}

// credential is a key and what its holder gets, which is printed once.
type credential struct {
	key    keys.Key
	holder any
}

func newCredential(wish keys.Wish, apiKey bool) (credential, error) {
	if apiKey {
		secret, key, err := keys.NewAPIKey(wish, time.Now())
		return credential{key, secret}, err
	}
	account, key, err := keys.NewServiceAccount(wish, time.Now())
	return credential{key, account}, err
}

// print gives the holder what is theirs, and says what it is where only a person
// sees it.
func (c credential) print(env *environment) error {
	if secret, ok := c.holder.(string); ok {
		fmt.Fprintln(env.stdout, secret)
	} else {
		encoder := json.NewEncoder(env.stdout)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(c.holder); err != nil {
			return err
		}
	}
	fmt.Fprintf(env.stderr, "%s %s of %s: %s in %s\n", kindWord(c.key.Kind), c.key.ID, c.key.Account, c.key.Role, projectWord(c.key))
	return nil
}

func kindWord(kind keys.Kind) string {
	if kind == keys.APIKey {
		return "API key"
	}
	return "service account"
}

func projectWord(k keys.Key) string {
	if k.Principal().In(auth.AllProjects) {
		return "every project"
	}
	return "project " + k.Project
}

// keyView is a key as it is printed.
type keyView struct {
	ID      string     `json:"id"`
	Kind    keys.Kind  `json:"kind"`
	Account string     `json:"account"`
	Project string     `json:"project"`
	Role    auth.Role  `json:"role"`
	Created time.Time  `json:"created"`
	Expires *time.Time `json:"expires,omitempty"`
}

func newKeysListCommand(env *environment) *cobra.Command {
	var at keysFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the keys of a server",
		Long:    `List the keys of a server: whose they are, for which project and in which role.`,
		Example: `  lectern keys list --data /var/lib/lectern`,
		Args:    takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return at.with(cmd.Context(), env, func(store keys.Store) error {
				all, err := keys.List(cmd.Context(), store)
				if err != nil {
					return err
				}
				return printKeys(env, all, asJSON)
			})
		},
	}
	at.register(cmd)
	registerJSON(cmd, &asJSON)
	return cmd
}

func printKeys(env *environment, all []keys.Key, asJSON bool) error {
	views := []keyView{}
	rows := [][]string{{"ID", "KIND", "ACCOUNT", "PROJECT", "ROLE", "CREATED", "EXPIRES"}}
	for _, k := range all {
		project := k.Project
		if k.Principal().In(auth.AllProjects) {
			project = auth.AllProjects
		}
		v := keyView{ID: k.ID, Kind: k.Kind, Account: k.Account, Project: project, Role: k.Role, Created: k.Created}
		if !k.Expires.IsZero() {
			v.Expires = &k.Expires
		}
		views = append(views, v)
		rows = append(rows, []string{k.ID, string(k.Kind), k.Account, project, k.Role.String(), clock(k.Created), clock(k.Expires)})
	}
	if asJSON {
		return printJSON(env.stdout, map[string]any{"keys": views})
	}
	return printTable(env.stdout, rows)
}

func newKeysRevokeCommand(env *environment) *cobra.Command {
	var at keysFlags
	cmd := &cobra.Command{
		Use:     "revoke ID",
		Short:   "Let nobody in by a key any more",
		Long:    `Let nobody in by a key any more, nor by a token that was had with it. Servers that run know it within a second.`,
		Example: `  lectern keys revoke 0123456789abcdef0123456789abcdef01234567`,
		Args:    takes("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return at.with(cmd.Context(), env, func(store keys.Store) error {
				k, err := keys.Revoke(cmd.Context(), store, args[0])
				if err != nil {
					return err
				}
				fmt.Fprintf(env.stdout, "The key of %s is revoked.\n", k.Account)
				return nil
			})
		},
	}
	at.register(cmd)
	return cmd
}

func newKeysRotateCommand(env *environment) *cobra.Command {
	var at keysFlags
	var overlap time.Duration
	cmd := &cobra.Command{
		Use:   "rotate ID",
		Short: "Make a new key in the place of one",
		Long: `Make a new key of the same account, project and role in the place of one, and
write it to standard output. The old one holds as long as --overlap says.`,
		Example: `  lectern keys rotate 0123456789abcdef0123456789abcdef01234567 --overlap 24h >key.json`,
		Args:    takes("ID"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if overlap < 0 {
				return usagef("--overlap must not be negative")
			}
			return at.with(cmd.Context(), env, func(store keys.Store) error { return rotate(cmd.Context(), env, store, args[0], overlap) })
		},
	}
	at.register(cmd)
	cmd.Flags().DurationVar(&overlap, "overlap", 0, "how long the old key holds beside the new one")
	return cmd
}

func rotate(ctx context.Context, env *environment, store keys.Store, id string, overlap time.Duration) error {
	all, err := keys.List(ctx, store)
	if err != nil {
		return err
	}
	for _, old := range all {
		if old.ID != id {
			continue
		}
		made, err := newCredential(old.Wish(), old.Kind == keys.APIKey)
		if err != nil {
			return err
		}
		var until time.Time
		if overlap > 0 {
			until = time.Now().Add(overlap)
		}
		if err := keys.Replace(ctx, store, id, made.key, until); err != nil {
			return err
		}
		return made.print(env)
	}
	return fmt.Errorf("there is no key %q; `lectern keys list` lists them", id)
}

// auditPath is where a command finds the record of a server.
func auditPath(env *environment, args []string) (string, error) {
	if len(args) > 0 {
		return filepath.Clean(args[0]), nil
	}
	if path := env.getenv(variable("audit-log")); path != "" {
		return path, nil
	}
	return "", usagef("FILE is missing: the one of `lectern serve --audit-log`; or set %s", variable("audit-log"))
}
