package sqlite

import (
	"context"
	"database/sql"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riversqlite"
)

// bell tells River of new jobs, inside this process. River's own way on SQLite
// is a table of notifications that is polled, 20 times a second, through the
// writer: too slow for the gap between two shards and too busy for an idle
// server. Since there is only one process, a channel does.
type bell struct {
	rings chan struct{} // one that waits is enough
}

func newBell() *bell { return &bell{rings: make(chan struct{}, 1)} }

func (b *bell) ring() {
	select {
	case b.rings <- struct{}{}:
	default:
	}
}

// driver is River's SQLite driver, listening to b.
func (b *bell) driver(db *sql.DB) riverdriver.Driver[*sql.Tx] {
	return listeningDriver{Driver: riversqlite.New(db), bell: b}
}

type listeningDriver struct {
	*riversqlite.Driver
	bell *bell
}

// SupportsListenNotify keeps River from writing notifications.
func (listeningDriver) SupportsListenNotify() bool { return false }

// GetListener gives River the bell instead of its table.
func (d listeningDriver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{bell: d.bell}
}

// listener implements riverdriver.Listener for the one topic of new jobs.
// River uses a listener from one goroutine at a time.
type listener struct {
	bell    *bell
	pending []riverdriver.Notification
}

// insertTopic is River's topic for new jobs; its payload names their queue.
const insertTopic = "river_insert"

func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	if len(l.pending) == 0 {
		select {
		case <-l.bell.rings:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		l.pending = append(l.pending,
			riverdriver.Notification{Topic: insertTopic, Payload: `{"queue": "` + workQueue + `"}`},
			riverdriver.Notification{Topic: insertTopic, Payload: `{"queue": "` + smallQueue + `"}`},
			riverdriver.Notification{Topic: insertTopic, Payload: `{"queue": "` + discardQueue + `"}`})
	}
	next := l.pending[0]
	l.pending = l.pending[1:]
	return &next, nil
}

func (l *listener) Close(context.Context) error            { return nil }
func (l *listener) Connect(context.Context) error          { return nil }
func (l *listener) Listen(context.Context, string) error   { return nil }
func (l *listener) Unlisten(context.Context, string) error { return nil }
func (l *listener) Ping(context.Context) error             { return nil }
func (l *listener) Schema() string                         { return "" }
func (l *listener) SetAfterConnectExec(string)             {}
