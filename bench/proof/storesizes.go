package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/lro"
)

// storeRates is what a store does in a second while 100,000 operations are under way.
//
// Method: the benchmark of each store (lrotest.Benchmark, `go test -bench`), eight
// callers at once in one process, PostgreSQL with fsync; 10,000 operations with
// -quick. SQLite's is the reference of PostgreSQL's.
func storeRates(ctx context.Context, l *lab) ([]row, error) {
	size := l.count(100_000, 10_000)
	calls := []struct {
		name, what string
		bars       [2]float64 // of SQLite and PostgreSQL; 0 for none
	}{
		{"Create", "start", [2]float64{1500, 5000}},
		{"Get", "Get", [2]float64{20_000, 20_000}},
		{"List50", "a page of 50", [2]float64{1500, 1500}},
		{"Cancel", "cancel", [2]float64{2000, 2000}},
	}
	var rates [2]map[string]float64
	for i, dir := range []string{"./lro/sqlite", "./lro/postgres"} {
		out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", fmt.Sprintf("^BenchmarkStore$/^%d$", size), "-benchtime", "3s", dir).CombinedOutput()
		if err != nil {
			return nil, fmt.Errorf("%s: %w: %s", dir, err, out)
		}
		rates[i] = map[string]float64{}
		for _, m := range regexp.MustCompile(`BenchmarkStore/\d+/(\w+?)(?:-\d+)?\s.*?([\d.]+) per-s`).FindAllStringSubmatch(string(out), -1) {
			if rates[i][m[1]], err = strconv.ParseFloat(m[2], 64); err != nil {
				return nil, err
			}
		}
	}
	var rows []row
	for _, c := range calls {
		for i, store := range storeKinds {
			r := row{name: fmt.Sprintf("%s, %s, %d operations under way, 8 callers", c.what, store.name, size),
				bar: fmt.Sprintf(">= %.0f/s", c.bars[i]), measured: fmt.Sprintf("%.0f/s", rates[i][c.name]), verdict: judge(rates[i][c.name] >= c.bars[i])}
			if i == 1 {
				r.reference, r.ratio = fmt.Sprintf("SQLite: %.0f/s", rates[0][c.name]), fmt.Sprintf("%.2f", rates[1][c.name]/rates[0][c.name])
			}
			rows = append(rows, r)
		}
	}
	return rows, nil
}

// storeSizes is what a store's size costs: a million rows against ten thousand.
//
// Method: each store is filled by one statement with 10,000 operations that have
// ended, and another with 1,000,000 (100,000 with -quick). One caller gets 2,000 of
// them by random, reads 500 pages of 50 of which each is the next, and starts and
// cancels 500 of its own (a quarter of all that with -quick).
func storeSizes(ctx context.Context, l *lab) ([]row, error) {
	large := l.count(1_000_000, 100_000)
	const small = 10_000
	var rows []row
	for _, kind := range storeKinds {
		calls := map[int][3]durations{}
		for _, size := range []int{small, large} {
			figures, err := storeOfSize(ctx, l, kind, size)
			if err != nil {
				return rows, fmt.Errorf("%s: %w", kind.name, err)
			}
			calls[size] = figures
		}
		for i, what := range []string{"Get", "a page of 50", "cancel"} {
			few, many := calls[small][i], calls[large][i]
			rows = append(rows, row{
				name: fmt.Sprintf("%s, %s, %d operations in the table", what, kind.name, large), bar: fmt.Sprintf("p99 <= 2 x of %d", small),
				measured: many.String(), reference: few.String(), ratio: ratio(float64(many.at(0.99)), float64(few.at(0.99))),
				verdict: judge(many.at(0.99) <= 2*few.at(0.99)),
			})
		}
	}
	return rows, nil
}

func storeOfSize(ctx context.Context, l *lab, kind storeKind, size int) (figures [3]durations, err error) {
	s, err := kind.open(ctx, l)
	if err != nil {
		return figures, err
	}
	defer s.discard()
	s.kind = kind
	if err := s.fill(ctx, 0, size, time.Now().Add(24*time.Hour)); err != nil {
		return figures, err
	}
	m, err := s.manager(ctx, 2)
	if err != nil {
		return figures, err
	}
	random := l.random(uint64(size))
	timed := func(which int, call func() error) {
		begun := time.Now()
		if e := call(); e != nil && err == nil {
			err = e
		}
		figures[which] = append(figures[which], time.Since(begun))
	}
	for range l.count(2000, 500) {
		timed(0, func() error {
			_, err := m.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: filled(random.IntN(size))})
			return err
		})
	}
	page := ""
	for range l.count(500, 125) {
		timed(1, func() error {
			answer, err := m.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: parent, PageSize: 50, PageToken: page})
			page = answer.GetNextPageToken()
			return err
		})
	}
	for range l.count(500, 125) {
		op, e := m.Start(ctx, lro.NewOperation{Kind: s.asleep.Name(), Parent: parent, Tasks: []lro.Task{{Payload: []byte("1s"), Weight: 1}}})
		if e != nil {
			return figures, e
		}
		timed(2, func() error {
			_, err := m.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: op.GetName()})
			return err
		})
	}
	return figures, err
}

// storeRetention is how fast a store forgets, and who notices.
//
// Method: each store is filled with 100,000 operations (10,000 with -quick) that have
// expired, and as many newer ones that have not. Then the manager runs; one caller gets, lists
// and starts all the while, until the table holds none of the first.
func storeRetention(ctx context.Context, l *lab) ([]row, error) {
	n := l.count(100_000, 10_000)
	var rows []row
	for _, kind := range storeKinds {
		took, calls, err := forgetting(ctx, l, kind, n)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", kind.name, err)
		}
		const bar, p99 = time.Minute, 50 * time.Millisecond
		rows = append(rows, row{
			name: fmt.Sprintf("%d expired operations, %s", n, kind.name), bar: fmt.Sprintf("gone within %s, calls meanwhile p99 <= %s", millis(bar), millis(p99)),
			measured: fmt.Sprintf("gone after %s; calls %s", millis(took), calls), verdict: judge(took <= bar, calls.at(0.99) <= p99),
		})
	}
	return rows, nil
}

func forgetting(ctx context.Context, l *lab, kind storeKind, n int) (took time.Duration, calls durations, err error) {
	s, err := kind.open(ctx, l)
	if err != nil {
		return 0, nil, err
	}
	defer s.discard()
	s.kind = kind
	if err := s.fill(ctx, 0, n, time.Now().Add(-time.Second)); err != nil {
		return 0, nil, err
	}
	if err := s.fill(ctx, n, n, time.Now().Add(24*time.Hour)); err != nil {
		return 0, nil, err
	}
	m, err := s.manager(ctx, 2)
	if err != nil {
		return 0, nil, err
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- m.Run(running) }()
	defer func() { stop(); <-ended }()
	begun := time.Now()
	gone := make(chan error, 1)
	go func() {
		for {
			switch left, err := s.expired(ctx); {
			case err != nil || left == 0:
				gone <- err
				return
			default:
				pause(ctx, 50*time.Millisecond)
			}
		}
	}()
	for i := 0; ; i++ {
		select {
		case err := <-gone:
			return time.Since(begun), calls, err
		default:
		}
		at := time.Now()
		switch i % 3 {
		case 0:
			_, err = m.ListOperations(ctx, &longrunningpb.ListOperationsRequest{Name: parent, PageSize: 50})
		case 1:
			_, err = m.Start(ctx, lro.NewOperation{Kind: s.asleep.Name(), Parent: parent, Tasks: []lro.Task{{Payload: []byte("1ms"), Weight: 1}}})
		case 2: // of what is going it says that it is not there
			_, _ = m.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: filled(i % n)})
		}
		if err != nil {
			return 0, nil, err
		}
		calls = append(calls, time.Since(at))
		pause(ctx, time.Millisecond)
	}
}

// expired is how many operations are there that have expired.
func (s *storeAtWork) expired(ctx context.Context) (n int, err error) {
	now := time.Now().UnixMicro()
	return n, s.db.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM operations WHERE expire_time <= %d", now)).Scan(&n)
}
