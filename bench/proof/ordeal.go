package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// The last server may take this long for everything that is open, which at
// most is a backlog of long texts on busy cores; a worker must be gone this
// soon after its server.
const (
	settlePatience = 5 * time.Minute
	orphanPatience = 2 * time.Second
)

// ordeal kills the server n times under traffic, lets it finish, and audits
// the result. The report's complaints are broken promises; an error says that
// the ordeal could not be held.
func ordeal(ctx context.Context, l *lab, n int, seed uint64) (*ordealReport, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	data, err := l.folder("kills")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(data)
	s, err := l.serve(ctx, data, "")
	if err != nil {
		return nil, err
	}
	samples, err := newSamples(ctx, s.client, l.quick)
	if err == nil {
		err = hearUndisturbed(ctx, s, samples)
	}
	if err != nil {
		s.kill()
		return nil, err
	}

	l.logf("the texts were heard undisturbed; now %d kills", n)
	clients, err := dial(s.address)
	if err != nil {
		s.kill()
		return nil, err
	}
	defer clients.close()
	t := &traffic{clients: []*client{clients}, ledger: newLedger(), history: newHistory(), samples: samples, seed: seed}
	t.run(ctx)
	defer func() { stop(); t.creating.Wait(); t.others.Wait() }()

	r := &ordealReport{texts: len(samples), integrity: "not run", history: t.history}
	random := rand.New(rand.NewPCG(seed, 7))
	for r.kills < n {
		r.killAtRandom(ctx, s, random)
		r.awaitNoWorkers(ctx, l)
		if s, err = l.launch(data, clients.address); err != nil {
			return nil, err
		}
	}
	if err := s.answers(ctx); err != nil {
		s.kill()
		return nil, err
	}
	t.finishCreating()
	if err := r.settle(ctx, s, t); err != nil {
		s.kill()
		return nil, err
	}
	stop()
	t.others.Wait()
	r.audit(context.WithoutCancel(ctx), s, t.ledger)
	if err := s.stop(); err != nil {
		r.complain("%v", err)
	}
	r.awaitNoWorkers(context.WithoutCancel(ctx), l)
	r.auditObjects(data, t.ledger)
	r.auditDatabase(data)
	r.auditHistory()
	return r, nil
}

// killAtRandom lets s live for a random while and kills it.
func (r *ordealReport) killAtRandom(ctx context.Context, s *server, random *rand.Rand) {
	defer func() { r.kills++ }()
	switch random.IntN(6) {
	case 0: // while it starts
		r.whileStarting++
		pause(ctx, between(random, 0, 80*time.Millisecond))
	case 1, 2: // while it assembles
		if s.answers(ctx) == nil && awaitEntry(ctx, filepath.Join(s.data, "staging"), 2*time.Second) {
			r.whileAssembling++
			pause(ctx, between(random, 0, 6*time.Millisecond))
		}
	default:
		if err := s.answers(ctx); err != nil {
			r.complain("restart %d: %v", r.kills, err)
		}
		pause(ctx, between(random, 0, 1200*time.Millisecond))
	}
	select {
	case <-s.exited:
		r.complain("the server ended before kill %d: %s", r.kills, s.lastWords())
	default:
	}
	s.kill()
}

// awaitEntry waits until something new is in a folder.
func awaitEntry(ctx context.Context, folder string, patience time.Duration) bool {
	old := map[string]bool{}
	entries, _ := os.ReadDir(folder)
	for _, e := range entries {
		old[e.Name()] = true
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline) && ctx.Err() == nil; pause(ctx, 200*time.Microsecond) {
		entries, _ := os.ReadDir(folder)
		for _, e := range entries {
			if !old[e.Name()] {
				return true
			}
		}
	}
	return false
}

// awaitNoWorkers takes the time until no process of the lab's binaries runs.
func (r *ordealReport) awaitNoWorkers(ctx context.Context, l *lab) {
	begun := time.Now()
	for {
		left := processesOf(l.bin)
		if len(left) == 0 {
			break
		}
		if time.Since(begun) > orphanPatience {
			r.complain("workers %v outlived their server", left)
			break
		}
		pause(ctx, time.Millisecond)
	}
	r.orphans = append(r.orphans, time.Since(begun))
}

// settle waits until every accepted operation has ended and its scratch is gone.
func (r *ordealReport) settle(ctx context.Context, s *server, t *traffic) error {
	begun := time.Now()
	ctx, cancel := context.WithTimeout(ctx, settlePatience)
	defer cancel()
	for _, e := range t.ledger.open() {
		op, err := s.finished(ctx, e.name)
		if status.Code(err) == codes.NotFound && t.ledger.mayBeGone(e) {
			continue // it had ended before
		}
		if err != nil {
			if ctx.Err() != nil && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return context.Cause(ctx)
			}
			r.complain("%s does not end: %v", e.name, err)
			continue
		}
		t.ledger.saw(e, known{}, op)
	}
	r.settled = fmt.Sprintf("%.1f s", time.Since(begun).Seconds())
	for _, folder := range []string{"scratch", "staging"} {
		if left := awaitEmpty(ctx, filepath.Join(s.data, folder), 10*time.Second); left > 0 {
			r.complain("%d entries stay in %s", left, folder)
		}
	}
	return nil
}

// awaitEmpty waits until a folder is empty and returns how much is left.
func awaitEmpty(ctx context.Context, folder string, patience time.Duration) int {
	deadline := time.Now().Add(patience)
	for {
		entries, _ := os.ReadDir(folder)
		if len(entries) == 0 || time.Now().After(deadline) || ctx.Err() != nil {
			return len(entries)
		}
		pause(ctx, 10*time.Millisecond)
	}
}
