package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/lectern/lectern/lro"
)

// storeFair is what one large operation costs the small ones of others.
//
// Method: three callers start 10,000 operations (1,500 with -quick) of one shard of
// 2 ms between them, as fast as each gets its answers, on four slots; once alone, and
// once while a fourth has an operation of 128 shards of 250 ms, as a text of 1 MB has.
// A start is the time from the call until the shard begins. Judged: the p95 of all
// starts beside those without the large operation, and the three callers' medians.
func storeFair(ctx context.Context, l *lab) ([]row, error) {
	n := l.count(10_000, 1_500)
	var rows []row
	for _, kind := range storeKinds {
		alone, _, err := startsOf(ctx, l, kind, n, false)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", kind.name, err)
		}
		beside, callers, err := startsOf(ctx, l, kind, n, true)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", kind.name, err)
		}
		spread := ratioOf(slices.Max(callers), slices.Min(callers))
		rows = append(rows, row{
			name:      fmt.Sprintf("%d small operations of three callers beside one of 128 shards, until they start, %s", n, kind.name),
			bar:       "p95 <= 2 x without it, callers within 20 % of each other",
			measured:  fmt.Sprintf("p50 %s, p95 %s; the slowest caller's median %.2f x the quickest's", millis(beside.median()), millis(beside.at(0.95)), spread),
			reference: fmt.Sprintf("without it: p50 %s, p95 %s", millis(alone.median()), millis(alone.at(0.95))),
			ratio:     ratio(float64(beside.at(0.95)), float64(alone.at(0.95))),
			verdict:   judge(beside.at(0.95) <= 2*alone.at(0.95), spread <= 1.2),
		})
	}
	return rows, nil
}

// startsOf is how long each small operation waited, and each caller's median.
func startsOf(ctx context.Context, l *lab, kind storeKind, n int, large bool) (all durations, medians []time.Duration, err error) {
	s, err := kind.open(ctx, l)
	if err != nil {
		return nil, nil, err
	}
	defer s.discard()
	s.kind = kind
	began := struct {
		sync.Mutex
		at map[string]time.Time
	}{at: map[string]time.Time{}}
	allBegun := make(chan struct{})
	big := "" // its id, before the others start
	s.asleep.began = func(operation string) {
		began.Lock()
		defer began.Unlock()
		if _, again := began.at[operation]; again || operation == big {
			return
		}
		if began.at[operation] = time.Now(); len(began.at) == n {
			close(allBegun)
		}
	}
	m, err := s.manager(ctx, 4)
	if err != nil {
		return nil, nil, err
	}
	if large {
		shards := slices.Repeat([]lro.Task{{Payload: []byte("250ms"), Weight: 1}}, 128)
		op, err := m.Start(ctx, lro.NewOperation{Kind: s.asleep.Name(), Parent: parent, Owner: "large", Tasks: shards})
		if err != nil {
			return nil, nil, err
		}
		big = operationID(op.GetName())
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- m.Run(running) }()
	defer func() { stop(); <-ended }()

	const callers = 3
	called := [callers]map[string]time.Time{}
	var starting sync.WaitGroup
	failed := make(chan error, callers)
	for c := range callers {
		called[c] = map[string]time.Time{}
		starting.Go(func() {
			for i := c; i < n; i += callers {
				at := time.Now()
				op, err := m.Start(ctx, lro.NewOperation{Kind: s.asleep.Name(), Parent: parent, Owner: fmt.Sprintf("caller%d", c), Tasks: []lro.Task{{Payload: []byte("2ms"), Weight: 1}}})
				if err != nil {
					failed <- err
					return
				}
				called[c][operationID(op.GetName())] = at
			}
		})
	}
	starting.Wait()
	select {
	case <-allBegun:
	case err := <-failed:
		return nil, nil, err
	case err := <-ended:
		ended <- err
		return nil, nil, fmt.Errorf("the manager has ended: %w", err)
	}
	began.Lock()
	defer began.Unlock()
	for _, mine := range called {
		var own durations
		for id, at := range mine {
			own = append(own, began.at[id].Sub(at))
		}
		all, medians = append(all, own...), append(medians, own.median())
	}
	return all, medians, nil
}

func ratioOf(a, b time.Duration) float64 { return a.Seconds() / max(b.Seconds(), 1e-9) }
