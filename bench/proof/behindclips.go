package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync/atomic"
	"time"
)

// behindClips is how long a small long operation takes while others wait for clips
// that never come.
//
// Method: a listener on loopback takes connections and says nothing. Four operations for
// each of two slots name 20 clips of it. When each slot might be held, that is when the
// listener has two connections, "Hi." as a long operation ten times (three with
// -quick), one after the other, each from the call to the answer of WaitOperation that
// says done. The largest time is judged, and no operation with clips must be done by
// then. They are cancelled at the end.
func behindClips(ctx context.Context, l *lab) ([]row, error) {
	const slots = 2
	hangs, err := newHanging()
	if err != nil {
		return nil, err
	}
	defer hangs.Close()
	s, err := l.freshWith(ctx, "behind-clips", l.none, "--clip-hosts", "127.0.0.1", "--slots", fmt.Sprint(slots))
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	var hanging []string
	for i := range 4 * slots {
		var document strings.Builder
		for j := range 20 {
			fmt.Fprintf(&document, `<audio src="https://%s/%d/%d.mp3">Nothing came.</audio>`, hangs.Addr(), i, j)
		}
		name, err := s.startDocument(ctx, "LINEAR16", 24000, v, document.String(), fmt.Sprintf("gs://behind/clips%d", i))
		if err != nil {
			return nil, err
		}
		hanging = append(hanging, name)
	}
	if err := hangs.await(ctx, slots); err != nil {
		return nil, fmt.Errorf("%w: %s", err, s.lastWords())
	}
	var took durations
	for i := range l.count(10, 3) {
		begun := time.Now()
		name, err := s.startAs(ctx, "LINEAR16", v, "Hi.", fmt.Sprintf("gs://behind/hi%d", i))
		if err == nil {
			err = s.succeeded(ctx, name)
		}
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
	}
	for _, name := range hanging {
		op, err := s.get(ctx, name)
		if err != nil {
			return nil, err
		}
		if op.GetDone() {
			return nil, errors.New("an operation with clips was done before the small ones were")
		}
		if err := s.cancel(ctx, name); err != nil {
			return nil, err
		}
	}
	const bar = 1500 * time.Millisecond
	return []row{{
		name:     fmt.Sprintf("\"Hi.\" as a long operation behind %d whose clips hang", len(hanging)),
		bar:      "<= " + millis(bar),
		measured: fmt.Sprintf("%s; the host was asked %d times", took, hangs.asked.Load()),
		verdict:  judge(took.worst() <= bar),
	}}, s.stop()
}

// hanging is a host that takes connections and says nothing.
type hanging struct {
	net.Listener
	asked atomic.Int64
}

func newHanging() (*hanging, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h := &hanging{Listener: l}
	go func() {
		var held []net.Conn
		for {
			conn, err := l.Accept()
			if err != nil {
				for _, c := range held {
					c.Close()
				}
				return
			}
			h.asked.Add(1)
			held = append(held, conn)
		}
	}()
	return h, nil
}

// await waits until it was asked n times.
func (h *hanging) await(ctx context.Context, n int64) error {
	const patience = 20 * time.Second
	for deadline := time.Now().Add(patience); h.asked.Load() < n; pause(ctx, 10*time.Millisecond) {
		if time.Now().After(deadline) || ctx.Err() != nil {
			return fmt.Errorf("the host whose clips hang was asked %d times", h.asked.Load())
		}
	}
	return nil
}
