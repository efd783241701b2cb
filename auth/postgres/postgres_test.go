package postgres_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/auth/authtest"
	"github.com/lectern/lectern/auth/keys"
	"github.com/lectern/lectern/auth/postgres"
	"github.com/lectern/lectern/internal/needs"
)

// database is the address of an empty database.
func database(t *testing.T) string {
	t.Helper()
	cluster := needs.Postgres(t)
	execute := func(statement string) {
		ctx := context.Background() // a clean-up has no other
		conn, err := pgx.Connect(ctx, cluster.URL("postgres"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close(ctx) }()
		if _, err := conn.Exec(ctx, statement); err != nil {
			t.Error(err)
		}
	}
	execute("CREATE DATABASE keys_test")
	t.Cleanup(func() { execute("DROP DATABASE keys_test WITH (FORCE)") })
	return cluster.URL("keys_test")
}

func TestStore(t *testing.T) {
	url := database(t)
	authtest.RunStore(t, func(t *testing.T) keys.Store {
		s, err := postgres.Open(t.Context(), url)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	})
	for range 2 {
		if err := postgres.Migrate(t.Context(), url); err != nil {
			t.Error(err)
		}
	}
}

func TestAddressesKeepTheirPassword(t *testing.T) {
	if _, err := postgres.Open(t.Context(), "postgres://user:sesame@host:port/database"); err == nil {
		t.Error("it was opened")
	} else if text := err.Error(); strings.Contains(text, "sesame") {
		t.Error(text)
	}
}
