package command

import (
	"cmp"
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/postgres"
	"github.com/lectern/lectern/lro/sqlite"
	"github.com/lectern/lectern/quota"
)

func newUsageCommand(env *environment) *cobra.Command {
	var store storeFlag
	var data, project, day string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "usage",
		Short: "Tell what was used, by day, project and principal",
		Long: `Tell what was used, by day (UTC), project and principal: requests for speech,
characters, long operations that were started, and seconds of sound that were made.
It is read from the data directory, or from the nodes' database; a server may be
running, and writes what it has counted every two seconds. Days are kept for 400
days. A project is known by the name of a long operation, or by the principal.`,
		Example: `  lectern usage
  lectern usage --project acme --day 2026-11-30
  lectern usage --day 2026-11-01..2026-11-30 --json`,
		Args: takes(),
		RunE: func(cmd *cobra.Command, _ []string) error {
			first, last, err := readDays(day, time.Now())
			if err != nil {
				return usageError{err}
			}
			counter, done, err := lookAtSums(cmd.Context(), env, store, data)
			if err != nil {
				return err
			}
			defer done()
			uses, err := quota.Report(cmd.Context(), counter, first, last, project)
			if err != nil {
				return err
			}
			views := viewUses(uses)
			if asJSON {
				return printJSON(env.stdout, map[string]any{"usage": views})
			}
			rows := [][]string{{"DAY", "PROJECT", "PRINCIPAL", "REQUESTS", "CHARACTERS", "OPERATIONS", "SECONDS"}}
			for _, v := range views {
				rows = append(rows, []string{v.Day, cmp.Or(v.Project, "-"), v.Principal, strconv.FormatInt(v.Requests, 10), strconv.FormatInt(v.Characters, 10), strconv.FormatInt(v.Operations, 10), fmt.Sprintf("%.1f", v.Seconds)})
			}
			return printTable(env.stdout, rows)
		},
	}
	f := cmd.Flags()
	f.StringVar(&data, "data", "", "data `DIRECTORY` of the server (default: $LECTERN_DATA, else that of lectern serve)")
	f.StringVar(&store.url, "store", "", "`DATABASE` of the server (default: $LECTERN_STORE, else a file in --data)")
	f.StringVar(&project, "project", "", "only what was used for this `PROJECT`")
	f.StringVar(&day, "day", "", "`DAY` as YYYY-MM-DD, or FIRST..LAST (default: today)")
	registerJSON(cmd, &asJSON)
	return cmd
}

// readDays reads a day, or the first and the last of some.
func readDays(text string, now time.Time) (first, last string, err error) {
	if text == "" {
		text = now.UTC().Format(time.DateOnly)
	}
	first, last, several := strings.Cut(text, "..")
	if !several {
		last = first
	}
	for _, day := range []string{first, last} {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			return "", "", fmt.Errorf("--day %q is not YYYY-MM-DD or YYYY-MM-DD..YYYY-MM-DD", text)
		}
	}
	return first, last, nil
}

// lookAtSums opens what was counted, for questions, beside a server that counts.
func lookAtSums(ctx context.Context, env *environment, store storeFlag, data string) (counter driver.Counter, done func(), err error) {
	if url := cmp.Or(store.url, env.getenv(variable("store"))); url != "" && data == "" {
		if err := checkDatabase(url); err != nil {
			return nil, nil, err
		}
		s, err := postgres.Look(ctx, url)
		if err != nil {
			return nil, nil, err
		}
		return s, func() { _ = s.Close() }, nil
	}
	dir := cmp.Or(data, env.getenv(variable("data")), config.Default(env.getenv).Data)
	if err := isDataDirectory(dir); err != nil {
		return nil, nil, err
	}
	s, err := sqlite.Look(ctx, dir)
	if err != nil {
		return nil, nil, err
	}
	return s, func() { _ = s.Close() }, nil
}

// useView is a use as it is printed.
type useView struct {
	Day        string  `json:"day"`
	Project    string  `json:"project"`
	Principal  string  `json:"principal"`
	Requests   int64   `json:"requests"`
	Characters int64   `json:"characters"`
	Operations int64   `json:"operations"`
	Seconds    float64 `json:"seconds"`
}

func viewUses(uses []quota.Use) []useView {
	views := make([]useView, len(uses))
	for i, u := range uses {
		views[i] = useView{u.Day, u.Project, u.Principal, u.Requests, u.Characters, u.Operations, u.Sound.Seconds()}
	}
	return views
}
