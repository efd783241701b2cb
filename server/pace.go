package server

import (
	"io"
	"time"
)

// pace reads a body whose sender must keep up: after the grace, each second
// needs cfg.BodyRate bytes, those that came early count, and all must be there
// by the timeout. Otherwise reads fail by the connection's read deadline.
type pace struct {
	from     io.Reader
	deadline func(time.Time) error
	rate     int64
	arrived  int64
	due      time.Time // when nothing more has arrived
	latest   time.Time
	set      time.Time // the deadline in force
}

func newPace(cfg Config, from io.Reader, deadline func(time.Time) error) *pace {
	now := time.Now()
	return &pace{
		from: from, deadline: deadline, rate: cfg.BodyRate,
		due: now.Add(cfg.BodyGrace), latest: now.Add(cfg.BodyTimeout),
	}
}

// deadlineStep is how far a deadline moves at least: setting one has a cost.
const deadlineStep = time.Second

func (p *pace) Read(b []byte) (int, error) {
	due := p.due.Add(time.Duration(p.arrived) * time.Second / time.Duration(p.rate))
	if due.After(p.latest) {
		due = p.latest
	}
	if due.Sub(p.set) >= deadlineStep {
		p.set = due
		_ = p.deadline(due) // where there is none, the connection's own limits hold
	}
	n, err := p.from.Read(b)
	p.arrived += int64(n)
	return n, err
}
