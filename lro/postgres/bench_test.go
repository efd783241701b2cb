package postgres_test

import (
	"testing"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/postgres"
)

// BenchmarkStore measures with a server that waits for its disk.
func BenchmarkStore(b *testing.B) {
	server := needs.Postgres(b).URL("postgres")
	fsync := func(state string) {
		execute(b, server, "ALTER SYSTEM SET fsync = "+state)
		execute(b, server, "SELECT pg_reload_conf()")
	}
	fsync("on")
	defer fsync("off")
	lrotest.Benchmark(b, func(b *testing.B) lrotest.Filling {
		url := database(b) + "&pool_max_conns=8"
		return lrotest.Filling{
			Open: func() (driver.Store, error) { return postgres.Open(b.Context(), url, silent()) },
			OpenHasty: func() (driver.Store, error) {
				return postgres.Open(b.Context(), url+"&synchronous_commit=off", silent())
			},
		}
	})
}
