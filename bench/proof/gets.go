package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"
)

const getCallers = 16

// gets is how many states of operations the server tells each second.
//
// Method: 16 callers of one client ask for operations of a server that has 200
// ended ones and no other work, as fast as they are answered; callers and
// server share the machine's cores. As in any client library, the callers
// share one gRPC connection, or a pool of HTTP connections. After 0.5 s of
// warming up, 3 s are counted (1 s with -quick), three times; the median
// counts. The reference is the same with a request that does nothing: the
// health check of gRPC, GET /healthz of REST. A further row without a bar is
// gRPC with a connection for each caller, where frames do not share packets.
func gets(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "get")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	names, err := endedOperations(ctx, s, 200)
	if err != nil {
		return nil, err
	}
	span := 3 * time.Second
	if l.quick {
		span = time.Second
	}
	var rows []row
	for _, transport := range []struct {
		name      string
		clients   int
		idleName  string
		get, idle func(ctx context.Context, c *client, n int) error
	}{
		{"gRPC", 1, "health check", getGRPC(names), checkHealth},
		{"REST", 1, "GET /healthz", getREST(names), func(ctx context.Context, c *client, _ int) error {
			_, err := c.rest(ctx, "GET", "/healthz", "")
			return err
		}},
		{"gRPC, a connection each", getCallers, "health check", getGRPC(names), checkHealth},
	} {
		var got, least, cost []float64
		for range 3 {
			used, begun := s.used(), time.Now()
			n, err := callsPerSecond(ctx, s.address, transport.clients, getCallers, span, transport.get)
			if err != nil {
				return rows, fmt.Errorf("%s: %w", transport.name, err)
			}
			got = append(got, n)
			cost = append(cost, (s.used()-used).Seconds()/(n*time.Since(begun).Seconds()))
			if n, err = callsPerSecond(ctx, s.address, transport.clients, getCallers, span, transport.idle); err != nil {
				return rows, fmt.Errorf("%s of %s: %w", transport.idleName, transport.name, err)
			}
			least = append(least, n)
		}
		const bar = 5000
		r := row{
			name:      fmt.Sprintf("GetOperation at %d callers, %s", getCallers, transport.name),
			bar:       fmt.Sprintf(">= %d/s", bar),
			measured:  fmt.Sprintf("%.0f/s of %.0f (about %.0f µs of the server's CPU time each)", middle(got), got, 1e6*middle(cost)),
			reference: fmt.Sprintf("%s: %.0f/s", transport.idleName, middle(least)),
			ratio:     ratio(middle(got), middle(least)),
			verdict:   judge(middle(got) >= bar),
		}
		if transport.clients > 1 {
			r.bar, r.verdict = "", note
		}
		rows = append(rows, r)
	}
	return rows, s.stop()
}

func getGRPC(names []string) func(context.Context, *client, int) error {
	return func(ctx context.Context, c *client, n int) error {
		op, err := c.get(ctx, names[n%len(names)])
		if err == nil && !op.Done {
			err = errors.New("the answer is wrong")
		}
		return err
	}
}

func getREST(names []string) func(context.Context, *client, int) error {
	return func(ctx context.Context, c *client, n int) error {
		body, err := c.rest(ctx, "GET", "/v1/"+names[n%len(names)], "")
		if err == nil && !strings.Contains(string(body), names[n%len(names)]) {
			err = errors.New("the answer is wrong")
		}
		return err
	}
}

func checkHealth(ctx context.Context, c *client, _ int) error {
	_, err := grpc_health_v1.NewHealthClient(c.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
	return err
}

// endedOperations makes n operations and cancels them.
func endedOperations(ctx context.Context, s *server, n int) ([]string, error) {
	v, err := s.voice(ctx, flite)
	if err != nil {
		return nil, err
	}
	var names []string
	for i := range n {
		op, err := s.start(ctx, v, "Curiouser and curiouser!", fmt.Sprintf("gs://get/%d.wav", i))
		if err == nil {
			err = s.client.cancel(ctx, op.Name)
		}
		if err == nil {
			_, err = s.finished(ctx, op.Name)
		}
		if err != nil {
			return nil, err
		}
		names = append(names, op.Name)
	}
	return names, nil
}
