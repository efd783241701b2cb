package server_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"

	"github.com/lectern/lectern/server"
)

// TestHealthIsWatched: who watches is told the state, its changes, and the end.
func TestHealthIsWatched(t *testing.T) {
	var broken atomic.Bool
	w := start(t, func(cfg *server.Config) {
		cfg.ReadyInterval = time.Millisecond
		cfg.Ready = func(context.Context) error {
			if broken.Load() {
				return errors.New("the disk is full")
			}
			return nil
		}
	})
	client := grpc_health_v1.NewHealthClient(w.conn)
	watched, err := client.Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	expect := func(want grpc_health_v1.HealthCheckResponse_ServingStatus) {
		t.Helper()
		got, err := watched.Recv()
		if err != nil || got.GetStatus() != want {
			t.Fatalf("got %v, %v; want %v", got, err, want)
		}
	}
	expect(grpc_health_v1.HealthCheckResponse_SERVING)
	broken.Store(true)
	expect(grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	if got := w.send(t, request{method: "GET", path: "/readyz"}); got.code != 503 {
		t.Errorf("/readyz: %d", got.code)
	}
	broken.Store(false)
	expect(grpc_health_v1.HealthCheckResponse_SERVING)
	down := make(chan error, 1)
	go func() { down <- w.server.Close() }()
	expect(grpc_health_v1.HealthCheckResponse_NOT_SERVING)
	if err := within(t, 5*time.Second, down, "the server stops"); err != nil {
		t.Error(err)
	}
}

func TestUnknownServicesAreWatchedAsUnknown(t *testing.T) {
	w := start(t)
	watched, err := grpc_health_v1.NewHealthClient(w.conn).Watch(t.Context(), &grpc_health_v1.HealthCheckRequest{Service: "no.such"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := watched.Recv(); err != nil || got.GetStatus() != grpc_health_v1.HealthCheckResponse_SERVICE_UNKNOWN {
		t.Errorf("got %v, %v", got, err)
	}
}
