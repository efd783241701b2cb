package postgres_test

import (
	"net/url"
	"testing"

	"github.com/lectern/lectern/internal/needs"
	"github.com/lectern/lectern/lro/driver"
	"github.com/lectern/lectern/lro/lrotest"
	"github.com/lectern/lectern/lro/postgres"
)

func TestCluster(t *testing.T) {
	lrotest.RunCluster(t, func(t testing.TB) lrotest.Shared {
		base, err := url.Parse(database(t))
		if err != nil {
			t.Fatal(err)
		}
		return lrotest.Shared{
			Server: needs.Postgres(t).Address(),
			Open: func(address string) (driver.Store, error) {
				own := *base
				own.Host = address
				return postgres.Open(t.Context(), own.String(), silent())
			},
		}
	})
}
