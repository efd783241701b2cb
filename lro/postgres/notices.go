package postgres

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// noticeBytes keeps a notice below PostgreSQL's limit of 8,000.
	noticeBytes = 7500
	noticeTime  = 3 * time.Second
	// noticePause is between one statement and the next: in a storm of starts or
	// cancels they would otherwise take as much of the database as the storm.
	noticePause = 5 * time.Millisecond

	// What a notice begins with.
	saidEnded, saidHidden, saidWork = "e", "h", "w"
)

// announcer tells all nodes what has happened, after it has: the first thing at once,
// and what comes shortly after it together.
type announcer struct {
	store *Store

	mu      sync.Mutex
	busy    bool
	pending notices
	done    sync.WaitGroup
}

// notices are what has not been said yet.
type notices struct {
	ended, hidden []string
	work          bool
}

func (a *announcer) ended(id string)  { a.add(func(n *notices) { n.ended = append(n.ended, id) }) }
func (a *announcer) hidden(id string) { a.add(func(n *notices) { n.hidden = append(n.hidden, id) }) }
func (a *announcer) work()            { a.add(func(n *notices) { n.work = true }) }

func (a *announcer) add(what func(*notices)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	what(&a.pending)
	if !a.busy {
		a.busy = true
		a.done.Go(a.speak)
	}
}

// wait returns when all has been said.
func (a *announcer) wait() { a.done.Wait() }

// speak says all there is to say. What goes wrong costs time only.
func (a *announcer) speak() {
	for {
		a.mu.Lock()
		now := a.pending
		a.pending = notices{}
		payloads := now.payloads()
		a.busy = len(payloads) > 0
		a.mu.Unlock()
		if len(payloads) == 0 {
			return
		}
		ctx, cancel := context.WithTimeout(context.Background(), noticeTime)
		_, err := a.store.pool.Exec(ctx, `SELECT pg_notify($1, said) FROM unnest($2::text[]) AS said`, a.store.channel, payloads)
		cancel()
		if err != nil {
			a.store.log.Debug("other nodes were not told, and will find out by themselves", "error", err)
		}
		<-time.After(noticePause)
	}
}

func (n notices) payloads() (all []string) {
	all = append(pack(saidEnded, n.ended), pack(saidHidden, n.hidden)...)
	if n.work {
		all = append(all, saidWork)
	}
	return all
}

// pack makes as few notices of ids as there must be.
func pack(about string, ids []string) (all []string) {
	var b strings.Builder
	for _, id := range ids {
		if b.Len() > 0 && b.Len()+1+len(id) > noticeBytes {
			all = append(all, b.String())
			b.Reset()
		}
		if b.Len() == 0 {
			b.WriteString(about)
		}
		b.WriteString(" " + id)
	}
	if b.Len() > 0 {
		all = append(all, b.String())
	}
	return all
}

const (
	// heartbeat is how long a listener hears nothing until it asks whether anybody
	// is there.
	heartbeat = 5 * time.Second
	// listenPause is the pause before a connection is made again.
	listenPause = 250 * time.Millisecond
)

// listener opens the connection on which this node hears notices.
func (s *Store) listener(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := bounded(ctx)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, s.pool.Config().ConnConfig)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{s.channel}.Sanitize()); err != nil {
		_ = conn.Close(context.WithoutCancel(ctx))
		return nil, err
	}
	return conn, nil
}

// listen hears notices on conn, and on others after it, until ctx ends.
func (m *membership) listen(ctx context.Context, conn *pgx.Conn) {
	for ctx.Err() == nil {
		if conn != nil {
			err := m.hear(ctx, conn)
			_ = conn.Close(context.WithoutCancel(ctx))
			if ctx.Err() != nil {
				return
			}
			m.log.Warn("notices of other nodes are not heard until the database answers again", "error", err)
		}
		var err error
		if conn, err = m.listener(ctx); err == nil {
			m.node.Resync()
			continue
		}
		conn = nil
		timer := time.NewTimer(listenPause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
}

// hear passes notices on until the connection fails.
func (m *membership) hear(ctx context.Context, conn *pgx.Conn) error {
	for {
		patience, cancel := context.WithTimeout(ctx, heartbeat)
		n, err := conn.WaitForNotification(patience)
		quiet := patience.Err() != nil && ctx.Err() == nil
		cancel()
		switch {
		case err == nil:
			m.heard(n.Payload)
		case quiet && !conn.IsClosed():
			if err := m.ask(ctx, conn); err != nil {
				return err
			}
		default:
			return err
		}
	}
}

// ask finds out whether a quiet connection still leads anywhere.
func (m *membership) ask(ctx context.Context, conn *pgx.Conn) error {
	ctx, cancel := context.WithTimeout(ctx, noticeTime)
	defer cancel()
	return conn.Ping(ctx)
}

// heard tells this node of a notice.
func (m *membership) heard(payload string) {
	about, ids, _ := strings.Cut(payload, " ")
	switch about {
	case saidWork:
		m.node.Work()
	case saidEnded:
		for id := range strings.FieldsSeq(ids) {
			m.node.Ended(id)
		}
	case saidHidden:
		for id := range strings.FieldsSeq(ids) {
			m.node.Hidden(id)
		}
	}
}
