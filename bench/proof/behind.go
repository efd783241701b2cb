package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// behind is how long a small long operation takes while two books are spoken.
//
// Method: two operations of 1 MB of text (100 kB with -quick) by the espeak
// voice; from their acceptance on, "Hi." as a long operation ten times (three
// with -quick), one after the other, each from the call to the answer of
// WaitOperation that says done. The largest time is judged, and the books must
// not be done by then. They are cancelled at the end.
func behind(ctx context.Context, l *lab) ([]row, error) {
	s, err := l.fresh(ctx, "behind")
	if err != nil {
		return nil, err
	}
	defer s.discard()
	v, err := s.voice(ctx, espeak)
	if err != nil {
		return nil, err
	}
	text := book(l.count(bookBytes, 100_000))
	var books []string
	for i := range 2 {
		name, err := s.startAs(ctx, "LINEAR16", v, text, fmt.Sprintf("gs://behind/book%d", i))
		if err != nil {
			return nil, err
		}
		books = append(books, name)
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
	for _, name := range books {
		op, err := s.get(ctx, name)
		if err != nil {
			return nil, err
		}
		if op.GetDone() {
			return nil, errors.New("a book was done before the small operations were: its text is too short for this machine")
		}
		if err := s.cancel(ctx, name); err != nil {
			return nil, err
		}
	}
	const bar = 1500 * time.Millisecond
	return []row{{
		name:     fmt.Sprintf("\"Hi.\" as a long operation behind two of %s", megabytes(int64(len(text)))),
		bar:      "<= " + millis(bar),
		measured: took.String(),
		verdict:  judge(took.worst() <= bar),
	}}, s.stop()
}
