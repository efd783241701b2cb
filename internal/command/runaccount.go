package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/internal/config"
)

// tokenURL is where Google's libraries ask for tokens, whatever an account's file
// says: those of people's own accounts know no other.
const tokenURL = "https://oauth2.googleapis.com"

// account is the service account of a program, for as long as it runs.
type account struct {
	file   string
	revoke func() // makes it worth nothing again
}

// giveAccount makes an account in dir. A server that asks for credentials is told of
// its key, by the data directory or the database that it keeps keys in; to another
// server it is worth nothing, and need not be.
func giveAccount(ctx context.Context, env *environment, o runOptions, to *target, project, dir string) (*account, error) {
	holder, key, err := keys.NewServiceAccount(keys.Wish{Project: project, Role: auth.Operator, Account: "run-" + filepath.Base(dir), URL: tokenURL}, time.Now())
	if err != nil {
		return nil, fmt.Errorf("GOOGLE_CLOUD_PROJECT: %w", err)
	}
	text, err := json.MarshalIndent(holder, "", "  ")
	if err != nil {
		return nil, err
	}
	a := &account{file: filepath.Join(dir, "service-account.json"), revoke: func() {}}
	if err := os.WriteFile(a.file, text, 0o600); err != nil || !to.asks {
		return a, err
	}
	if host, _, _ := net.SplitHostPort(to.address); !net.ParseIP(host).IsLoopback() && host != "localhost" {
		return nil, fmt.Errorf("the server at %s asks for credentials and is another machine's; give the program a key of its own (lectern keys create, there) and run it with --keep-credentials", to.address)
	}
	at := keysFlags{data: o.data}
	store, err := at.open(ctx, env)
	if err != nil {
		return nil, err
	}
	if err := keys.Add(ctx, store, key); err != nil {
		return nil, errors.Join(fmt.Errorf("the server at %s asks for credentials, and none can be made in %s: %w", to.address, cmp.Or(o.data, config.Default(env.getenv).Data), err), store.Close())
	}
	a.revoke = func() {
		// The program has ended, and perhaps so has the caller's context.
		_, err := keys.Revoke(context.WithoutCancel(ctx), store, key.ID)
		if err := errors.Join(err, store.Close()); err != nil {
			fmt.Fprintf(env.stderr, "lectern: the program's key stays: %v; revoke it with lectern keys revoke %s\n", err, key.ID)
		}
	}
	return a, nil
}
