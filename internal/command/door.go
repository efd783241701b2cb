package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/auth/mtls"
	"github.com/lectern/lectern/auth/oidc"
	"github.com/lectern/lectern/auth/postgres"
	"github.com/lectern/lectern/internal/audit"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/exchange"
	"github.com/lectern/lectern/server"
)

// door is who may call a server, and the record of who did.
type door struct {
	config config.Config
	store  keys.Store // nil if nobody is asked
	issuer *keys.Issuer
	log    *audit.Log // nil if nothing is recorded
}

// registerDoor adds the flags of who may call.
func registerDoor(cmd *cobra.Command, c *config.Config) {
	f := cmd.Flags()
	f.StringVar(&c.Credentials, "credentials", c.Credentials, "whether callers are asked who they are: required or none (docs/credentials.md)")
	f.StringVar(&c.OIDC.Issuer, "oidc-issuer", c.OIDC.Issuer, "`URL` of an OpenID Connect issuer whose tokens are accepted beside the server's own keys")
	f.StringVar(&c.OIDC.Audience, "oidc-audience", c.OIDC.Audience, "what the issuer's tokens for this server have as aud, a `NAME`")
	f.StringVar(&c.OIDC.Scope, "oidc-scope", auth.CloudPlatform, "the `SCOPE` that the issuer's tokens need if they carry scopes")
	f.StringVar(&c.OIDC.NameClaim, "oidc-name-claim", "sub", "the `CLAIM` with the caller's name")
	f.StringVar(&c.OIDC.ProjectClaim, "oidc-project-claim", "project", "the `CLAIM` with the caller's project, or a list of them")
	f.StringVar(&c.OIDC.RoleClaim, "oidc-role-claim", "role", "the `CLAIM` with the caller's role, or a list of them; claims inside of others are parted by dots")
	f.StringToStringVar(&c.BucketProjects, "bucket-project", c.BucketProjects, "the one project whose callers may use a bucket, rather than the one that wrote to it first, as `BUCKET=PROJECT`; * for everybody; may be repeated")
	f.StringVar(&c.AuditLog, "audit-log", c.AuditLog, "`FILE` in which who did what is recorded, for lectern audit")
	f.BoolVar(&c.InsecureWyoming, "insecure-wyoming", c.InsecureWyoming, "serve --wyoming beyond loopback, although that protocol has no credentials")
	offer(cmd, "credentials", fixed(config.CredentialsRequired, config.CredentialsNone))
	_ = cmd.MarkFlagFilename("audit-log")
}

// openDoor opens what c says of credentials.
func openDoor(ctx context.Context, c config.Config, log *slog.Logger) (_ *door, err error) {
	d := &door{config: c}
	defer func() {
		if err != nil {
			err = errors.Join(err, d.Close())
		}
	}()
	if c.AuditLog != "" {
		if d.log, err = audit.Open(c.AuditLog, log, time.Now); err != nil {
			return nil, err
		}
	}
	if c.Credentials != config.CredentialsRequired {
		return d, nil
	}
	if d.store, err = openKeys(ctx, c.Data, c.Store); err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(c.Listen)
	d.issuer = keys.New(keys.Config{Store: d.store, Hosts: c.AnsweredHosts(), Port: port, Services: grpcServices()})
	return d, nil
}

// openKeys opens the store of keys of a server with this data directory and this
// database: what nodes share of operations they share of keys.
func openKeys(ctx context.Context, data, database string) (keys.Store, error) {
	if database != "" {
		return postgres.Open(ctx, database)
	}
	return keys.OpenFile(filepath.Join(data, keys.FileName)), nil
}

// grpcServices are the names of the services for which roles has methods.
func grpcServices() (names []string) {
	for name := range roles {
		if service, _, ok := strings.Cut(name, "/"); ok && strings.HasPrefix(service, "google.") {
			names = append(names, service)
		}
	}
	return names
}

// guard has the server ask who calls, and record it.
func (d *door) guard(s *server.Config) {
	if d.log != nil {
		s.Record = func(r server.Record) {
			d.log.Write(audit.Line{
				Time: r.Time.UTC(), Principal: r.Principal, Project: r.Project, Method: r.Method, Resource: r.Resource,
				Code: r.Code, Seconds: r.Took.Round(time.Microsecond).Seconds(), RequestID: r.RequestID, Remote: r.Remote,
			})
		}
	}
	if d.issuer == nil {
		return
	}
	all := auth.Chain{d.issuer}
	if d.config.OIDC.Issuer != "" {
		issuer := oidc.New(d.config.OIDC)
		all = append(all, issuer)
		s.APIs = append(s.APIs, server.API{Patterns: []string{exchange.FederationPattern}, Serve: exchange.Federate(issuer, time.Now), Refuse: exchange.Refuse})
	}
	// It has certificates to look at only where TLS verifies some.
	all = append(all, mtls.Authenticator{})
	s.Authenticate, s.Roles = all.Authenticate, allRoles()
	s.APIs = append(s.APIs, server.API{Patterns: []string{exchange.Pattern}, Serve: exchange.Serve(d.issuer), Refuse: exchange.Refuse})
}

// greet tells a person how to be let in.
func (d *door) greet(w io.Writer) {
	if d.issuer != nil {
		fmt.Fprint(w, "\nCredentials are asked for. An API key for curl's header x-goog-api-key, or a file for Google's clients:\n  lectern keys create --project local --role operator --api-key\n  lectern keys create --project local --role operator >key.json\n")
	}
}

// Close ends the use of keys and of the record.
func (d *door) Close() error {
	var errs []error
	if d.store != nil {
		errs = append(errs, d.store.Close())
	}
	if d.log != nil {
		errs = append(errs, d.log.Close())
	}
	return errors.Join(errs...)
}
