package postgres_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/postgres"
)

func silent() *slog.Logger { return slog.New(slog.DiscardHandler) }

var databases atomic.Int64

// database makes an empty database and returns its address.
func database(t testing.TB) (url string) {
	t.Helper()
	cluster := needs.Postgres(t)
	name := fmt.Sprintf("test%d", databases.Add(1))
	execute(t, cluster.URL("postgres"), "CREATE DATABASE "+name)
	t.Cleanup(func() { execute(t, cluster.URL("postgres"), "DROP DATABASE "+name+" WITH (FORCE)") })
	return cluster.URL(name)
}

// execute runs a statement as an operator would.
func execute(t testing.TB, url, statement string, args ...any) {
	t.Helper()
	ctx := context.Background() // a clean-up has no other
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, statement, args...); err != nil {
		t.Error(err)
	}
}

func place(t testing.TB) lrotest.Place {
	url := database(t)
	return lrotest.Place{
		Open: func(clock func() time.Time) (driver.Store, error) {
			return postgres.OpenAt(t.Context(), url, clock, silent())
		},
		Bury: func(t testing.TB) {
			execute(t, url, "UPDATE nodes SET lease_until = store_now() - 1 WHERE left_at IS NULL")
		},
	}
}

func TestStore(t *testing.T) { lrotest.Run(t, lrotest.Harness{Place: place}) }

// TestCancelsArePlanned: a connection has the plans of a cancel before it is first
// asked for one.
func TestCancelsArePlanned(t *testing.T) {
	s, err := postgres.Open(t.Context(), database(t), silent())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if plans, err := s.PlansOfCancels(t.Context()); err != nil || !slices.Equal(plans, []int{1, 1, 1}) {
		t.Errorf("the statements of a cancel have %v plans (%v), want one each of three", plans, err)
	}
}
