package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"time"
)

// idleBar is how long an engine may work for a cancelled operation.
const idleBar = 50 * time.Millisecond

// cancels is the promise that cancel is true, and fast, while all cores work.
//
// Method: an operation with 1 MB of text is started on an idle server and left
// until its workers have used at least 40 ms of CPU time; then it is left for
// another random 20 to 250 ms, and cancelled. 100 cancels by gRPC and 100 by
// REST (12 with -quick), half of them with the espeak voice, half with a flite
// voice. The answer is the time of the call. After the answer the workers' CPU
// clocks are watched for 150 ms; the engine was idle from the moment on after
// which all of them together used less than 1 ms in the rest of the watch.
// Right after the answer GetOperation must say done with error code 1, and
// there must be no object.
//
// Judged: p50 and p99 of the answer by transport, p99 of idle by voice. The references are taken
// immediately before each cancel: one GetOperation of the same operation, which
// is what any answer costs while the cores are busy, and 4 kB written
// over an old file and synced, which is what any durable answer costs here.
func cancels(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "cancel")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	c := newCancelling(l, s)
	for _, part := range []string{espeak, fliteSlow} {
		v, err := s.voice(ctx, part)
		if err != nil {
			return nil, err
		}
		c.voices = append(c.voices, v)
	}
	var rows []row
	for _, transport := range []struct {
		name        string
		cancel, get func(context.Context, string) error
	}{
		{"gRPC", s.client.cancel, func(ctx context.Context, name string) error { _, err := s.get(ctx, name); return err }},
		{"REST", s.cancelREST, s.getREST},
	} {
		f, err := c.repeat(ctx, l.count(100, 12), transport.cancel, transport.get)
		if err != nil {
			return rows, fmt.Errorf("%s: %w: %s", transport.name, err, s.lastWords())
		}
		rows = append(rows, f.row("cancel of a running 1 MB operation, answer, "+transport.name))
	}
	for _, v := range c.voices {
		rows = append(rows, c.idleRow(v, idleBar))
	}
	return rows, s.stop()
}

func (c *client) cancelREST(ctx context.Context, name string) error {
	_, err := c.rest(ctx, "POST", "/v1/"+name+":cancel", "")
	return err
}

func (c *client) getREST(ctx context.Context, name string) error {
	_, err := c.rest(ctx, "GET", "/v1/"+name, "")
	return err
}

// idleRow is how long a voice's engine went on.
func (c *cancelling) idleRow(v *voice, bar time.Duration) row {
	return row{
		name:     "engine idle after that answer, " + v.Name,
		bar:      "p99 <= " + millis(bar),
		measured: fmt.Sprintf("%s; %d times a worker was killed for it", c.idles[v.Name], c.replaced[v.Name]),
		verdict:  judge(c.idles[v.Name].at(0.99) <= bar),
	}
}

func newCancelling(l *lab, s *server) *cancelling {
	return &cancelling{server: s, text: book(bookBytes), random: l.random(3), idles: map[string]durations{}, replaced: map[string]int{}}
}

type cancelling struct {
	server *server
	voices []*voice
	text   string
	random *rand.Rand
	number int

	idles    map[string]durations // by voice
	replaced map[string]int       // how often a worker had to be killed, by voice
}

// cancelFigures is what a number of cancels took.
type cancelFigures struct {
	answers, gets, syncs durations
	busy                 []float64 // share of all cores before each cancel
	untrue               int       // cancels after which the operation was not cancelled, or had an object
}

func (c *cancelling) repeat(ctx context.Context, n int, cancel, get func(context.Context, string) error) (*cancelFigures, error) {
	f := &cancelFigures{}
	for range n {
		if err := c.once(ctx, f, cancel, get); err != nil {
			return f, err
		}
	}
	return f, nil
}

func (c *cancelling) once(ctx context.Context, f *cancelFigures, cancel, get func(context.Context, string) error) error {
	c.number++
	s, v := c.server, c.voices[c.number%len(c.voices)]
	uri := fmt.Sprintf("gs://cancel/%d.wav", c.number)
	workers := newWatch(s.pid())
	op, err := s.start(ctx, v, c.text, uri)
	if err != nil {
		return err
	}
	if err := workers.awaitWork(ctx, 40*time.Millisecond); err != nil {
		return err
	}
	busyBefore, allBefore := machineBusy()
	pause(ctx, between(c.random, 20*time.Millisecond, 250*time.Millisecond))
	busy, all := machineBusy()
	if all > allBefore {
		f.busy = append(f.busy, (busy-busyBefore)/(all-allBefore))
	}

	begun := time.Now()
	if err := get(ctx, op.Name); err != nil {
		return err
	}
	f.gets = append(f.gets, time.Since(begun))
	synced, err := overwriteAndSync(s.logged + ".probe")
	if err != nil {
		return err
	}
	f.syncs = append(f.syncs, synced)
	begun = time.Now()
	if err := cancel(ctx, op.Name); err != nil {
		return err
	}
	answered := time.Now()
	f.answers = append(f.answers, answered.Sub(begun))
	before := children(s.pid())
	idle := workers.idleAfter(answered, 150*time.Millisecond)
	c.idles[v.Name] = append(c.idles[v.Name], idle)
	if !slices.Equal(before, children(s.pid())) {
		c.replaced[v.Name]++
	}

	after, err := s.get(ctx, op.Name)
	if err != nil {
		return err
	}
	if _, err := os.Stat(s.object(uri)); !after.Done || !wasCancelled(after) || err == nil {
		f.untrue++
	}
	return nil
}

func (f *cancelFigures) row(name string) row {
	const p50, p99 = 3 * time.Millisecond, 50 * time.Millisecond
	return row{
		name: name,
		bar:  fmt.Sprintf("p50 <= %s, p99 <= %s; all cancelled, no object", millis(p50), millis(p99)),
		measured: fmt.Sprintf("%s (cores %.0f %% busy before); %d not cancelled",
			f.answers, 100*middle(f.busy), f.untrue),
		reference: fmt.Sprintf("just before: GetOperation %s; 4 kB overwritten and synced %s", f.gets, f.syncs),
		ratio:     ratio(float64(f.answers.median()), float64(f.gets.median()+f.syncs.median())),
		verdict:   judge(f.answers.median() <= p50, f.answers.at(0.99) <= p99, f.untrue == 0),
	}
}
