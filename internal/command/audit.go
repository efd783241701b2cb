package command

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/internal/audit"
)

// auditFilter is which lines are wanted.
type auditFilter struct {
	since                         string
	from                          time.Time
	principal, project, operation string
	failed                        bool
}

func newAuditCommand(env *environment) *cobra.Command {
	var wanted auditFilter
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "audit [FILE]",
		Short: "Show who did what on a server",
		Long: `Show who did what on a server that was started with --audit-log FILE: each call's
time, principal, method, operation and outcome, oldest first; nothing of any text. "-"
reads standard input, such as older files that were compressed.`,
		Example: `  lectern audit /var/log/lectern/audit.jsonl --since 24h --principal batch
  zcat audit.jsonl.2.gz | lectern audit - --operation operations/abc --json`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := wanted.begin(time.Now()); err != nil {
				return err
			}
			path, err := auditPath(env, args)
			if err != nil {
				return err
			}
			if path == "-" {
				return showAudit(env, env.stdin, wanted, asJSON)
			}
			f, err := os.Open(path)
			if err != nil {
				return err
			}
			defer f.Close()
			return showAudit(env, f, wanted, asJSON)
		},
	}
	cmd.Flags().StringVar(&wanted.since, "since", "", "only what was done since: a `TIME` such as 2026-11-30T12:00:00Z, or how long ago, such as 24h")
	cmd.Flags().StringVar(&wanted.principal, "principal", "", "only what was done by the principal of this `NAME`")
	cmd.Flags().StringVar(&wanted.project, "project", "", "only what was done in this `PROJECT`")
	cmd.Flags().StringVar(&wanted.operation, "operation", "", "only what was done to the operation of this `NAME`, whole or its id")
	cmd.Flags().BoolVar(&wanted.failed, "failed", false, "only what was refused or has failed")
	registerJSON(cmd, &asJSON)
	return cmd
}

func (f *auditFilter) begin(now time.Time) error {
	if f.since == "" {
		return nil
	}
	if ago, err := time.ParseDuration(f.since); err == nil {
		f.from = now.Add(-ago)
		return nil
	}
	at, err := time.Parse(time.RFC3339, f.since)
	if err != nil {
		return usagef("--since %q is neither a time such as 2026-11-30T12:00:00Z nor a duration such as 24h", f.since)
	}
	f.from = at
	return nil
}

func (f *auditFilter) wants(l audit.Line) bool {
	return !l.Time.Before(f.from) &&
		(f.principal == "" || l.Principal == f.principal) &&
		(f.project == "" || l.Project == f.project) &&
		(f.operation == "" || lastPart(l.Resource) == lastPart(f.operation) && strings.Contains(l.Resource, "operations/")) &&
		(!f.failed || l.Code != "OK")
}

func lastPart(name string) string { return name[strings.LastIndexByte(name, '/')+1:] }

// showAudit prints lines as they come: there may be millions.
func showAudit(env *environment, from io.Reader, wanted auditFilter, asJSON bool) error {
	return audit.Read(from, func(l audit.Line) error {
		if l.Lost > 0 {
			fmt.Fprintf(env.stderr, "lectern: before %s %d lines could not be written\n", l.Time.Format(time.RFC3339), l.Lost)
		}
		if !wanted.wants(l) {
			return nil
		}
		if asJSON {
			return json.NewEncoder(env.stdout).Encode(l)
		}
		_, err := fmt.Fprintln(env.stdout, strings.Join([]string{
			l.Time.UTC().Format("2006-01-02T15:04:05.000Z"), orDash(l.Principal), l.Method, orDash(l.Resource), l.Code,
			strconv.FormatFloat(l.Seconds, 'f', 3, 64) + "s", orDash(l.Remote), orDash(l.RequestID),
		}, "  "))
		return err
	})
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
