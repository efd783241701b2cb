package lrotest

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/driver"
)

// clients is how many callers a benchmark has at once.
const clients = 8

// Filling is a place that is filled before it is measured.
type Filling struct {
	// Open opens a store that keeps what it is told, whatever happens.
	Open func() (driver.Store, error)
	// OpenHasty opens one that fills quickly.
	OpenHasty func() (driver.Store, error)
}

// Benchmark measures a store by what clients call, with so many operations under way
// in it, and nobody who works on them.
func Benchmark(b *testing.B, place func(b *testing.B) Filling) {
	for _, size := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			f := place(b)
			names := fill(b, f, size)
			store, err := f.Open()
			if err != nil {
				b.Fatal(err)
			}
			defer store.Close()
			m := manager(b, store)
			b.Run("Create", func(b *testing.B) {
				measure(b, func(int) error {
					_, err := m.Start(context.Background(), toyOperation(lro.NewOperation{}, "say a"))
					return err
				})
			})
			b.Run("Get", func(b *testing.B) {
				measure(b, func(i int) error {
					_, err := m.GetOperation(context.Background(), &longrunningpb.GetOperationRequest{Name: names[i*7919%len(names)]})
					return err
				})
			})
			b.Run("List50", func(b *testing.B) {
				measure(b, func(int) error {
					page, err := m.ListOperations(context.Background(), &longrunningpb.ListOperationsRequest{Name: parentName})
					if err == nil && len(page.GetOperations()) != 50 {
						err = fmt.Errorf("a page of %d", len(page.GetOperations()))
					}
					return err
				})
			})
			b.Run("Cancel", func(b *testing.B) {
				victims := startMany(b, m, b.N)
				measure(b, func(i int) error {
					_, err := m.CancelOperation(context.Background(), &longrunningpb.CancelOperationRequest{Name: victims[i]})
					return err
				})
			})
		})
	}
}

func manager(b *testing.B, store driver.Store) *lro.Manager {
	b.Helper()
	m, err := lro.Open(b.Context(), lro.Config{Store: store, Kinds: []lro.Kind{NewToy()}, Most: 1 << 30, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	return m
}

// fill starts so many operations.
func fill(b *testing.B, f Filling, size int) (names []string) {
	b.Helper()
	store, err := f.OpenHasty()
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	return startMany(b, manager(b, store), size)
}

func startMany(b *testing.B, m *lro.Manager, n int) []string {
	b.Helper()
	names := make([]string, n)
	together(b, n, func(i int) error {
		op, err := m.Start(context.Background(), toyOperation(lro.NewOperation{}, "say a"))
		names[i] = op.GetName()
		return err
	})
	return names
}

// measure makes b.N calls and reports how many there are in a second.
func measure(b *testing.B, call func(i int) error) {
	b.Helper()
	b.ResetTimer()
	began := time.Now()
	together(b, b.N, call)
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "per-s")
}

// together makes n calls by so many clients.
func together(b *testing.B, n int, call func(i int) error) {
	b.Helper()
	var next atomic.Int64
	var all sync.WaitGroup
	for range clients {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := call(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
}
