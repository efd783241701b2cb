package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/lectern/lectern/internal/needs"
)

// manyNodes are servers on one PostgreSQL and one directory, nothing of which is
// disturbed, for measurements.
type manyNodes struct {
	lab      *lab
	postgres *needs.Cluster
	database string
	data     string
	each     []*server
}

// newManyNodes starts n servers on a new database. Discard them.
func (l *lab) newManyNodes(ctx context.Context, name string, n int, flags ...string) (*manyNodes, error) {
	postgres, err := l.postgres()
	if err != nil {
		return nil, err
	}
	all := &manyNodes{lab: l, postgres: postgres}
	if all.database, err = l.newDatabase(ctx, postgres); err != nil {
		return nil, err
	}
	if all.data, err = l.folder(name); err != nil {
		return nil, err
	}
	for range n {
		if _, err := all.add(ctx, flags...); err != nil {
			all.discard()
			return nil, err
		}
	}
	return all, nil
}

// add starts one more server and waits until it answers.
func (all *manyNodes) add(ctx context.Context, flags ...string) (*server, error) {
	s, err := all.lab.launchWith(all.data, "", all.lab.none, append([]string{"--store", all.postgres.URL(all.database)}, flags...)...)
	if err != nil {
		return nil, err
	}
	all.each = append(all.each, s)
	return s, s.answers(ctx)
}

// postgres is a server of PostgreSQL that waits for its disk, the same for the whole
// run.
func (l *lab) postgres() (*needs.Cluster, error) {
	if l.cluster == nil {
		cluster, err := needs.StartPostgres()
		if err != nil {
			return nil, fmt.Errorf("PostgreSQL cannot be started (scripts/install bench gets it): %w", err)
		}
		l.cluster = cluster
	}
	return l.cluster, nil
}

// newDatabase makes an empty one and returns its name.
func (l *lab) newDatabase(ctx context.Context, postgres *needs.Cluster) (string, error) {
	conn, err := pgx.Connect(ctx, postgres.URL("postgres"))
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	l.databases++
	name := fmt.Sprintf("proof%d", l.databases)
	_, err = conn.Exec(ctx, "CREATE DATABASE "+name)
	return name, err
}

// discard ends all servers and removes what they wrote.
func (all *manyNodes) discard() {
	for _, s := range all.each {
		select {
		case <-s.exited:
		default:
			s.kill()
		}
	}
	os.RemoveAll(all.data)
}

// nodesCancel is a cancel that comes in at one node while all work on the operation.
//
// Method: three servers on one PostgreSQL (with fsync) and one directory. An
// operation with 1 MB of text by the espeak voice is started at one of them and left
// until the workers of each have used 20 ms of CPU time, and another random 20 to
// 250 ms. It is cancelled at the next server, 60 times (9 with -quick). The answer is
// the time of the call; idle is when the last of all servers' workers worked for the
// operation, seen as in `cancel`; scratch is when nothing of the operation was left in
// it. Right after the answer each server must say that it is cancelled, and there is
// no object.
func nodesCancel(ctx context.Context, l *lab) ([]row, error) {
	all, err := l.newManyNodes(ctx, "nodes-cancel", 3)
	if err != nil {
		return nil, err
	}
	defer all.discard()
	v, err := all.each[0].voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	text, random := book(bookBytes), l.random(15)
	var answers, idles, scratch durations
	untrue := 0
	for i := range l.count(60, 9) {
		uri := fmt.Sprintf("gs://cancel/%d.wav", i)
		watches := make([]*watch, len(all.each))
		for k, s := range all.each {
			watches[k] = newWatch(s.pid())
		}
		op, err := all.each[i%3].start(ctx, v, text, uri)
		if err != nil {
			return nil, err
		}
		for _, w := range watches {
			if err := w.awaitWork(ctx, 20*time.Millisecond); err != nil {
				return nil, err
			}
		}
		pause(ctx, between(random, 20*time.Millisecond, 250*time.Millisecond))
		begun := time.Now()
		if err := all.each[(i+1)%3].cancel(ctx, op.Name); err != nil {
			return nil, err
		}
		answered := time.Now()
		answers = append(answers, answered.Sub(begun))
		idle := make(durations, len(watches))
		var seen sync.WaitGroup
		for k, w := range watches {
			seen.Go(func() { idle[k] = w.idleAfter(answered, 200*time.Millisecond) })
		}
		seen.Wait()
		idles = append(idles, idle.worst())
		for _, s := range all.each {
			after, err := s.get(ctx, op.Name)
			if err != nil {
				return nil, err
			}
			if _, err := os.Stat(s.object(uri)); !wasCancelled(after) || err == nil {
				untrue++
			}
		}
		pieces := filepath.Join(all.data, "scratch", filepath.Base(op.Name))
		for ; exists(pieces); pause(ctx, time.Millisecond) {
			if time.Since(answered) > 2*time.Minute {
				return nil, fmt.Errorf("%s is still there", pieces)
			}
		}
		scratch = append(scratch, time.Since(answered))
	}
	const p50, p99, idle, empty = 8 * time.Millisecond, 100 * time.Millisecond, 150 * time.Millisecond, time.Minute
	return []row{
		{name: "cancel of 1 MB on three nodes, by another than it was started at, answer",
			bar:      fmt.Sprintf("p50 <= %s, p99 <= %s; cancelled for all, no object", millis(p50), millis(p99)),
			measured: fmt.Sprintf("%s; %d not cancelled", answers, untrue), verdict: judge(answers.median() <= p50, answers.at(0.99) <= p99, untrue == 0)},
		{name: "engines of all three nodes idle after that answer", bar: "p99 <= " + millis(idle), measured: idles.String(), verdict: judge(idles.at(0.99) <= idle)},
		{name: "scratch of that operation empty", bar: "<= " + millis(empty), measured: scratch.String(), verdict: judge(scratch.worst() <= empty)},
	}, nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// nodesDeath is how long a dead node's shards wait for another.
//
// Method: two servers as in nodesCancel, and a third one that is started, works on an
// operation with 1 MB of text by the espeak voice, and is ended by SIGKILL as soon as
// the database says that it has claimed shards of it; ten times (three with -quick).
// From the kill on the database is asked until another node has claimed each of them.
func nodesDeath(ctx context.Context, l *lab) ([]row, error) {
	all, err := l.newManyNodes(ctx, "nodes-death", 2)
	if err != nil {
		return nil, err
	}
	defer all.discard()
	v, err := all.each[0].voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	db, err := pgx.Connect(ctx, all.postgres.URL(all.database))
	if err != nil {
		return nil, err
	}
	defer db.Close(ctx)
	text := book(bookBytes)
	var took durations
	for i := range l.count(10, 3) {
		dies, err := all.add(ctx)
		if err != nil {
			return nil, err
		}
		node, joined := "", 0
		for ; joined < len(all.each); pause(ctx, 10*time.Millisecond) { // it answers before it has joined
			const youngest = "SELECT id, count(*) OVER () FROM nodes ORDER BY joined DESC LIMIT 1"
			if err := db.QueryRow(ctx, youngest).Scan(&node, &joined); err != nil {
				return nil, err
			}
		}
		op, err := all.each[0].start(ctx, v, text, fmt.Sprintf("gs://death/%d.wav", i))
		if err != nil {
			return nil, err
		}
		id := filepath.Base(op.Name)
		has := map[int]int64{}
		for ; len(has) == 0; pause(ctx, 10*time.Millisecond) {
			if has, err = claims(ctx, db, id, node); err != nil {
				return nil, err
			}
		}
		dies.kill()
		killed := time.Now()
		if has, err = claims(ctx, db, id, node); err != nil { // what it has now, it has for good
			return nil, err
		}
		for waits := has; len(waits) > 0; pause(ctx, 5*time.Millisecond) {
			if waits, err = claims(ctx, db, id, node); err != nil {
				return nil, err
			}
			if len(waits) == 0 {
				waits, err = unclaimed(ctx, db, id, has)
				if err != nil {
					return nil, err
				}
			}
			if time.Since(killed) > time.Minute {
				return nil, fmt.Errorf("%d shards of a dead node were claimed by nobody", len(waits))
			}
		}
		took = append(took, time.Since(killed))
		if err := all.each[0].cancel(ctx, op.Name); err != nil {
			return nil, err
		}
	}
	const bar = lease + 500*time.Millisecond
	return []row{{name: "a node is killed: its shards are claimed by others", bar: "<= " + millis(bar) + " (a lease of " + millis(lease) + ")",
		measured: took.String(), verdict: judge(took.worst() <= bar)}}, nil
}

// claims are the epochs of the shards of an operation that a node has claimed.
func claims(ctx context.Context, db *pgx.Conn, operation, node string) (map[int]int64, error) {
	return epochs(ctx, db, "SELECT idx, epoch FROM op_tasks WHERE op = $1 AND node = $2 AND state = 'RUNNING'", operation, node)
}

// unclaimed are those of them that nobody has claimed since.
func unclaimed(ctx context.Context, db *pgx.Conn, operation string, before map[int]int64) (map[int]int64, error) {
	now, err := epochs(ctx, db, "SELECT idx, epoch FROM op_tasks WHERE op = $1", operation)
	maps.DeleteFunc(now, func(index int, epoch int64) bool {
		was, there := before[index]
		return !there || epoch > was
	})
	return now, err
}

func epochs(ctx context.Context, db *pgx.Conn, query string, args ...any) (map[int]int64, error) {
	rows, err := db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := map[int]int64{}
	for rows.Next() {
		var index int
		var epoch int64
		if err := rows.Scan(&index, &epoch); err != nil {
			return nil, err
		}
		all[index] = epoch
	}
	return all, rows.Err()
}

// nodesThroughput is what more nodes do for the same work.
//
// Method: one, two and three servers, each with one slot and an engine that waits for
// 50 ms instead of computing, so that the machine's cores are no bound. 24
// operations (12 with -quick) of 40 sentences are started at them in turn; the time is
// from the first start until the last has succeeded.
func nodesThroughput(ctx context.Context, l *lab) ([]row, error) {
	workers, err := l.folder("waiting")
	if err != nil {
		return nil, err
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", filepath.Join(workers, "lectern-flite"), "./bench/waiting")
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building the engine that waits: %w: %s", err, out)
	}
	operations := l.count(24, 12)
	var took durations
	for n := 1; n <= 3; n++ {
		t, err := nodesAtWork(ctx, l, workers, n, operations)
		if err != nil {
			return nil, err
		}
		took = append(took, t)
	}
	times := func(n int) float64 { return took[0].Seconds() / took[n-1].Seconds() }
	return []row{
		{name: "two nodes of one slot, an engine that waits", bar: ">= 1.9 x one node", measured: fmt.Sprintf("%d operations in %s", operations, millis(took[1])),
			reference: "one node: " + millis(took[0]), ratio: fmt.Sprintf("%.2f", times(2)), verdict: judge(times(2) >= 1.9)},
		{name: "three nodes of one slot, an engine that waits", bar: ">= 2.8 x one node", measured: fmt.Sprintf("%d operations in %s", operations, millis(took[2])),
			reference: "one node: " + millis(took[0]), ratio: fmt.Sprintf("%.2f", times(3)), verdict: judge(times(3) >= 2.8)},
	}, nil
}

func nodesAtWork(ctx context.Context, l *lab, workers string, n, operations int) (time.Duration, error) {
	all, err := l.newManyNodes(ctx, "nodes-work", n, "--slots", "1", "--worker-dir", workers)
	if err != nil {
		return 0, err
	}
	defer all.discard()
	v, err := all.each[0].voice(ctx, "Tone")
	if err != nil {
		return 0, err
	}
	var text strings.Builder
	for i := range 40 {
		fmt.Fprintf(&text, "It is %c. ", 'a'+rune(i%26))
	}
	begun := time.Now()
	var names []string
	for i := range operations {
		op, err := all.each[i%n].start(ctx, v, text.String(), fmt.Sprintf("gs://work/%d.wav", i))
		if err != nil {
			return 0, err
		}
		names = append(names, op.Name)
	}
	for _, name := range names {
		op, err := all.each[0].finished(ctx, name)
		if err != nil {
			return 0, err
		}
		if op.GetError() != nil {
			return 0, fmt.Errorf("%s: %s", name, op.GetError().GetMessage())
		}
	}
	return time.Since(begun), nil
}
