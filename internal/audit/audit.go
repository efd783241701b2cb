// Package audit writes down who did what to which operation, one line of JSON for
// each call, and reads it back. No line holds anything of a text.
package audit

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"
)

// Line is one call.
type Line struct {
	Time      time.Time `json:"time"`
	Principal string    `json:"principal,omitempty"` // empty where it is not known
	Project   string    `json:"project,omitempty"`
	Method    string    `json:"method"`
	// Resource is what the call was about: an operation, the parent of one that was not
	// made, or a bucket.
	Resource  string  `json:"resource,omitempty"`
	Code      string  `json:"code"` // a name of google.rpc.Code
	Seconds   float64 `json:"seconds"`
	RequestID string  `json:"requestId,omitempty"`
	Remote    string  `json:"remote,omitempty"`
	// Lost is how many lines before this one could not be written.
	Lost int `json:"lost,omitempty"`
}

// Log appends lines to a file. What rotates files may move it away at any time: the
// log looks each second whether the name still means the file that it has open, and
// makes a new one otherwise. A line that cannot be written is lost, since the call
// has taken place: the server's log tells of it, and the next line that can be
// written how many there were. Lines are handed to the system one by one, not synced.
type Log struct {
	path string
	log  *slog.Logger
	now  func() time.Time

	mu     sync.Mutex
	file   *os.File
	looked time.Time
	lost   int
}

// lookAgain is how often it is looked whether the file has been moved away.
const lookAgain = time.Second

// Open opens the log in the file of this path, and makes it where there is none. It
// is its owner's alone.
func Open(path string, log *slog.Logger, now func() time.Time) (*Log, error) {
	l := &Log{path: path, log: log, now: now}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("the audit log cannot be opened: %w", err)
	}
	return l, nil
}

func (l *Log) open() error {
	f, err := os.OpenFile(l.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if l.file != nil {
		_ = l.file.Close()
	}
	l.file, l.looked = f, l.now()
	return nil
}

// Write appends a line.
func (l *Log) Write(line Line) {
	l.mu.Lock()
	defer l.mu.Unlock()
	line.Lost = l.lost
	text, err := json.Marshal(line)
	if err == nil {
		err = l.append(append(text, '\n'))
	}
	if err == nil {
		l.lost = 0
		return
	}
	if l.lost++; l.lost == 1 {
		l.log.Error("lines of the audit log are lost", "cause", err)
	}
}

func (l *Log) append(text []byte) error {
	if now := l.now(); now.Sub(l.looked) >= lookAgain {
		l.looked = now
		if l.moved() {
			if err := l.open(); err != nil {
				return err
			}
		}
	}
	n, err := l.file.Write(text)
	if err != nil && n > 0 {
		// What is there of it must not spoil the next line.
		_, _ = l.file.Write([]byte{'\n'})
	}
	return err
}

// moved reports whether the name means another file now, or none.
func (l *Log) moved() bool {
	have, err := l.file.Stat()
	if err != nil {
		return true
	}
	named, err := os.Stat(l.path)
	return err != nil || !os.SameFile(have, named)
}

// Close ends the log.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}

// Read calls each for every line, in order. What is no line, of a disk that was
// full, is passed over.
func Read(r io.Reader, each func(Line) error) error {
	lines := bufio.NewReader(r)
	for {
		text, err := lines.ReadBytes('\n')
		var line Line
		if len(text) > 1 && json.Unmarshal(text, &line) == nil {
			if err := each(line); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
