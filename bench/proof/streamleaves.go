package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

// streamLeaves is how long an engine works for a listener who has gone without a word.
//
// Method: as stream-cancel on an idle server, but the client closes its connection, in
// each of the protocols: gRPC's, with the book sent without end; OpenAI's, in the middle
// of 16 kB of text; Wyoming's, to which 12 kB are streamed word by word as fast as it takes
// them, as a model's long answer is, far ahead of the voice. 60 times for each (10 with -quick).
func streamLeaves(ctx context.Context, l *lab) ([]row, error) {
	wyoming, err := freeAddress()
	if err != nil {
		return nil, err
	}
	s, err := l.freshWith(ctx, "stream-leave", l.voices, "--wyoming", wyoming)
	if err != nil {
		return nil, err
	}
	defer s.discard()
	random := l.random(8)
	var rows []row
	for _, part := range []string{espeak, heart.name} {
		v, err := s.voice(ctx, part)
		if err != nil {
			rows = append(rows, row{name: "engine idle after the client's leave, " + part, measured: "not installed", verdict: note})
			continue
		}
		for _, way := range []struct {
			name  string
			begin func() (leave func(), err error)
		}{
			{"gRPC", func() (func(), error) { return listenByGRPC(ctx, s.address, v) }},
			{"OpenAI's endpoint", func() (func(), error) { return listenByOpenAI(s.address, v) }},
			{"Wyoming", func() (func(), error) { return listenByWyoming(wyoming, v) }},
		} {
			if _, err := s.say(ctx, v, "Is there anybody in?"); err != nil {
				return nil, err
			}
			var idles durations
			for i := range l.count(60, 10) + 1 {
				workers := newWatch(s.pid())
				leave, err := way.begin()
				if err != nil {
					return nil, fmt.Errorf("%s: %w: %s", way.name, err, s.lastWords())
				}
				if err := workers.awaitWork(ctx, 40*time.Millisecond); err != nil {
					leave()
					return nil, fmt.Errorf("%s: %w: %s", way.name, err, s.lastWords())
				}
				if i == 0 { // the first has the workers start that it needs
					pause(ctx, time.Second)
					leave()
					if err := workers.awaitRest(ctx); err != nil {
						return nil, err
					}
					continue
				}
				pause(ctx, between(random, 20*time.Millisecond, 250*time.Millisecond))
				leave()
				idles = append(idles, workers.idleAfter(time.Now(), 150*time.Millisecond))
			}
			rows = append(rows, row{
				name: fmt.Sprintf("engine idle after the client's leave, %s, %s", way.name, v.Name), bar: "p99 <= " + millis(idleBar),
				measured: idles.String(), verdict: judge(idles.at(0.99) <= idleBar),
			})
		}
	}
	return rows, s.stop()
}

// listenByGRPC listens over a connection of its own, which leave closes.
func listenByGRPC(ctx context.Context, address string, v *voice) (leave func(), err error) {
	c, err := dial(address)
	if err != nil {
		return nil, err
	}
	stream, err := c.stream(ctx, v)
	if err != nil {
		c.close()
		return nil, err
	}
	text := streamText(alice[:4000])
	go func() {
		for stream.Send(text) == nil {
		}
	}()
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				return
			}
		}
	}()
	return c.close, nil
}

// listenByOpenAI reads an answer, until leave closes the connection.
func listenByOpenAI(address string, v *voice) (leave func(), err error) {
	body, err := json.Marshal(map[string]any{"model": "tts-1", "voice": v.Name, "input": strings.ToValidUTF8(alice[:16000], ""), "response_format": "pcm"})
	if err != nil {
		return nil, err
	}
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	_, err = fmt.Fprintf(conn, "POST /v1/audio/speech HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", address, len(body), body)
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	return func() { conn.Close() }, err
}

// listenByWyoming streams a long answer word by word, until leave closes the connection.
func listenByWyoming(address string, v *voice) (leave func(), err error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	send := func(kind string, data map[string]any) error {
		event, err := json.Marshal(map[string]any{"type": kind, "data": data})
		if err == nil {
			_, err = conn.Write(append(event, '\n'))
		}
		return err
	}
	err = send("synthesize-start", map[string]any{"voice": map[string]any{"name": v.Name}})
	go func() {
		for word := range strings.SplitAfterSeq(strings.ToValidUTF8(alice[:12000], ""), " ") {
			if send("synthesize-chunk", map[string]any{"text": word}) != nil {
				return
			}
		}
	}()
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	return func() { conn.Close() }, err
}
