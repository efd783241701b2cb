package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/health/grpc_health_v1"
)

// getCallers is how many callers ask at the same time, each over its own
// connection.
const getCallers = 16

// gets is how many states of operations the server tells each second.
//
// Method: 16 callers, each on its own connection, ask for operations of a
// server that has 200 ended ones and no other work, as fast as they are
// answered; callers and server share the machine's cores. After 0.5 s of
// warming up, 3 s are counted (1 s with -quick), three times; the median
// counts. The reference is the same with a request that does nothing: the
// health check of gRPC, GET /healthz of REST.
func gets(ctx context.Context, l *lab) ([]row, error) {
	data, err := l.folder("get")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(data)
	s, err := l.serve(ctx, data, "")
	if err != nil {
		return nil, err
	}
	defer s.kill()
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
		name, idleName string
		get, idle      func(ctx context.Context, c *client, n int) error
	}{
		{"gRPC", "health check", func(ctx context.Context, c *client, n int) error {
			op, err := c.get(ctx, names[n%len(names)])
			if err == nil && !op.Done {
				err = errors.New("the answer is wrong")
			}
			return err
		}, func(ctx context.Context, c *client, _ int) error {
			_, err := grpc_health_v1.NewHealthClient(c.conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
			return err
		}},
		{"REST", "GET /healthz", func(ctx context.Context, c *client, n int) error {
			body, err := c.rest(ctx, "GET", "/v1/"+names[n%len(names)], "")
			if err == nil && !strings.Contains(string(body), names[n%len(names)]) {
				err = errors.New("the answer is wrong")
			}
			return err
		}, func(ctx context.Context, c *client, _ int) error {
			_, err := c.rest(ctx, "GET", "/healthz", "")
			return err
		}},
	} {
		var got, least []float64
		for range 3 {
			n, err := callsPerSecond(ctx, s.address, getCallers, span, transport.get)
			if err != nil {
				return rows, fmt.Errorf("%s: %w", transport.name, err)
			}
			got = append(got, n)
			if n, err = callsPerSecond(ctx, s.address, getCallers, span, transport.idle); err != nil {
				return rows, fmt.Errorf("%s of %s: %w", transport.idleName, transport.name, err)
			}
			least = append(least, n)
		}
		const bar = 5000
		rows = append(rows, row{
			name:      fmt.Sprintf("GetOperation at %d callers, %s", getCallers, transport.name),
			bar:       fmt.Sprintf(">= %d/s", bar),
			measured:  fmt.Sprintf("%.0f/s of %.0f", middle(got), got),
			reference: fmt.Sprintf("%s: %.0f/s", transport.idleName, middle(least)),
			ratio:     ratio(middle(got), middle(least)),
			verdict:   judge(middle(got) >= bar),
		})
	}
	return rows, s.stop()
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

// callsPerSecond lets callers call as fast as they are answered and counts the
// answers of span, after a warm-up. Any error ends it.
func callsPerSecond(ctx context.Context, address string, callers int, span time.Duration, call func(context.Context, *client, int) error) (float64, error) {
	const warmUp = 500 * time.Millisecond
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var counted atomic.Int64
	var counting atomic.Bool
	var all sync.WaitGroup
	for i := range callers {
		c, err := dial(address)
		if err != nil {
			stop(err)
			break
		}
		all.Go(func() {
			defer c.close()
			for n := i; ctx.Err() == nil; n += callers {
				if err := call(ctx, c, n); err != nil {
					if ctx.Err() == nil {
						stop(err)
					}
					return
				}
				if counting.Load() {
					counted.Add(1)
				}
			}
		})
	}
	pause(ctx, warmUp)
	begun := time.Now()
	counting.Store(true)
	pause(ctx, span)
	counting.Store(false)
	seconds := time.Since(begun).Seconds()
	broken := ctx.Err() != nil
	stop(errEnough)
	all.Wait()
	if broken {
		return 0, context.Cause(ctx)
	}
	return float64(counted.Load()) / seconds, nil
}

var errEnough = errors.New("enough was counted")
