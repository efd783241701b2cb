package command

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/lectern/lectern/ttsapi/client"
)

// telling is a progress whose clock and width the test holds.
func telling(terminal bool, columns int) (p *progress, said *bytes.Buffer, later func(time.Duration)) {
	said = &bytes.Buffer{}
	now := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	p = &progress{to: said, terminal: terminal, width: func() int { return columns }, now: func() time.Time { return now }}
	return p, said, func(d time.Duration) { now = now.Add(d) }
}

func at(percent float64) client.Operation {
	return client.Operation{State: client.Running, Progress: percent}
}

func TestBar(t *testing.T) {
	for _, tc := range []struct {
		columns int
		want    string
	}{
		{200, "[" + strings.Repeat("#", 20) + strings.Repeat("-", 20) + "]  50%  1m30s, about 3m50s left"},
		{80, "[" + strings.Repeat("#", 20) + strings.Repeat("-", 20) + "]  50%  1m30s, about 3m50s left"},
		{48, "[#######--------]  50%  1m30s, about 3m50s left"},
		{40, " 50%  1m30s, about 3m50s left"},
		{12, " 50%  1m30s"},
		{1, ""},
	} {
		p, said, later := telling(true, tc.columns)
		for _, percent := range []float64{32, 38.3, 44.6, 50.9} {
			said.Reset()
			p.show(at(percent)) // shown as 50; 49.1 left at 6.3 in 30 s are 234 s
			later(30 * time.Second)
		}
		got, drawn := strings.CutPrefix(said.String(), eraseLine)
		if !drawn || got != tc.want || len(got) >= max(tc.columns, 1) {
			t.Errorf("%d columns: %q, want %q", tc.columns, got, tc.want)
		}
	}
}

// TestBarIsSteady: between the server's steps it moves on as fast as before, by no
// more than a step.
func TestBarIsSteady(t *testing.T) {
	p, said, later := telling(true, 120)
	for _, step := range []struct {
		wait time.Duration
		at   float64
		want string
	}{
		{0, 0, "  0%"},
		{10 * time.Second, 0.5, "0.5%"},
		{4 * time.Second, 0.5, "0.7%"},
		{6 * time.Second, 1, "1.0%"},
		{20 * time.Second, 1, "1.5%"}, // it should be 2, and is not known to be
		{0, 20, " 20%"},
		{0, 99.9, " 99%"},
	} {
		said.Reset()
		later(step.wait)
		p.show(at(step.at))
		if _, text, _ := strings.Cut(said.String(), "] "); !strings.HasPrefix(text, step.want) {
			t.Errorf("at %v: %q, want %q", step.at, text, step.want)
		}
	}
}

func TestBarGivesItsLineBack(t *testing.T) {
	p, said, _ := telling(true, 80)
	p.clear()
	if said.Len() > 0 {
		t.Errorf("clear before anything was drawn wrote %q", said)
	}
	p.show(at(0))
	said.Reset()
	p.clear()
	p.clear()
	if said.String() != eraseLine {
		t.Errorf("clear wrote %q", said)
	}
}

func TestLinesWithoutTerminal(t *testing.T) {
	p, said, later := telling(false, 80)
	for _, step := range []struct {
		wait time.Duration
		op   client.Operation
		want string
	}{
		{0, at(0), "0% after 0s\n"},
		{time.Second, at(9.9), ""},
		{time.Second, at(10), "10% after 2s\n"}, // two steps tell nothing of the end
		{time.Second, at(12), ""},
		{29 * time.Second, at(12), "12% after 32s, about 7m10s left\n"}, // it has come to a stop
		{time.Second, at(95), "95% after 33s, about 2s left\n"},
		{time.Second, client.Operation{Done: true, State: client.Succeeded, Progress: 100}, ""},
	} {
		said.Reset()
		later(step.wait)
		p.show(step.op)
		if said.String() != step.want {
			t.Errorf("at %v: %q, want %q", step.op.Progress, said, step.want)
		}
	}
}

// TestTimesCountFromTheStart: of the operation, when the server tells it and
// its clock is not ahead.
func TestTimesCountFromTheStart(t *testing.T) {
	p, said, later := telling(false, 80)
	op := at(40)
	op.Start = p.now().Add(-time.Hour)
	p.show(op)
	later(10 * time.Second)
	op.Progress = 50
	p.show(op)
	op.Progress = 60
	op.Start = p.now().Add(time.Hour)
	p.show(op)
	const want = "40% after 1h0m0s\n50% after 1h0m10s\n60% after 10s\n"
	if said.String() != want {
		t.Errorf("%q, want %q", said, want)
	}
}
