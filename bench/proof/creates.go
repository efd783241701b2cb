package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"
)

// creates is how long it takes to accept a book.
//
// Method: SynthesizeLongAudio with 1 MB of text, 40 times by gRPC and 40 by
// REST (8 with -quick), on a server that is idle: each operation is cancelled
// after its answer, and the next waits until the workers have been idle for
// 50 ms. Judged: the median. The reference is writing the same bytes to a file
// and syncing it, once after each create.
func creates(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "create")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	text := book(bookBytes)
	body, err := json.Marshal(map[string]any{
		"input":        map[string]any{"text": text},
		"voice":        map[string]any{"languageCode": v.LanguageCodes[0], "name": v.Name},
		"audioConfig":  map[string]any{"audioEncoding": "LINEAR16"},
		"outputGcsUri": "gs://create/rest.wav",
	})
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, transport := range []struct {
		name  string
		start func() (string, error)
	}{
		{"gRPC", func() (string, error) {
			op, err := s.start(ctx, v, text, "gs://create/grpc.wav")
			return op.GetName(), err
		}},
		{"REST", func() (string, error) {
			answer, err := s.rest(ctx, "POST", "/v1/"+parent+":synthesizeLongAudio", string(body))
			if err != nil {
				return "", err
			}
			var op struct{ Name string }
			err = json.Unmarshal(answer, &op)
			return op.Name, err
		}},
	} {
		var took, cost, written durations
		for range l.count(40, 8) {
			used, begun := s.used(), time.Now()
			name, err := transport.start()
			if err != nil {
				return rows, fmt.Errorf("%s: %w: %s", transport.name, err, s.lastWords())
			}
			took = append(took, time.Since(begun))
			cost = append(cost, s.used()-used)
			if err := s.client.cancel(ctx, name); err != nil {
				return rows, err
			}
			newWatch(s.pid()).idleAfter(time.Now(), 50*time.Millisecond)
			sync, err := writeAndSync(s.data, int64(len(text)))
			if err != nil {
				return rows, err
			}
			written = append(written, sync)
		}
		const bar = 100 * time.Millisecond
		rows = append(rows, row{
			name:      "creating an operation with 1 MB of text, " + transport.name,
			bar:       "p50 <= " + millis(bar),
			measured:  fmt.Sprintf("%s (%s of the server's CPU time)", took, millis(cost.median())),
			reference: "writing and syncing 1 MB: " + written.String(),
			ratio:     ratio(float64(took.median()), float64(written.median())),
			verdict:   judge(took.median() <= bar),
		})
	}
	return rows, s.stop()
}
