package ttsapi

import (
	"context"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/speech"
)

// Two books of 1 MB keep an engine busy that takes 10 ms for a word, and "Hi."
// is done soon all the same.
func TestHiDoesNotWaitForBooks(t *testing.T) {
	begun := make(chan struct{}, 1)
	s := newStand(t, tone.Options{Hook: func(ctx context.Context, u speech.Utterance, _ int) error {
		if strings.HasPrefix(u.Text, "Hi") {
			return nil
		}
		select {
		case begun <- struct{}{}:
		default:
		}
		timer := time.NewTimer(10 * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}})
	book := strings.Repeat("It was the best of times, it was the worst of times.\n", 18_800)
	var books []string
	for _, name := range []string{"gs://books/one.wav", "gs://books/two.wav"} {
		books = append(books, s.start(t.Context(), t, name, book))
	}
	<-begun
	began := time.Now()
	s.ends(t, s.start(t.Context(), t, "gs://books/hi.wav", "Hi."), 0)
	if took := time.Since(began); took > 1500*time.Millisecond {
		t.Errorf("behind two books \"Hi.\" took %s", took)
	} else {
		t.Logf("behind two books \"Hi.\" took %s", took)
	}
	<-s.discarded
	for _, name := range books {
		if _, err := s.operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: name}); err != nil {
			t.Error(err)
		}
		<-s.discarded
	}
	s.mustHoldNothing(t)
}

// However steady the interactive load is, long work goes on, and its waiting is
// no standstill.
func TestBooksGoOnBesideCallers(t *testing.T) {
	s := newStandWith(t, tone.Options{Hook: func(ctx context.Context, u speech.Utterance, _ int) error {
		if !strings.HasPrefix(u.Text, "busy") {
			return nil
		}
		timer := time.NewTimer(100 * time.Millisecond)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}}, func(c *lro.Config) { c.Patience = 3 * time.Second })
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{}, 6)
	for range cap(ended) {
		go func() {
			for ctx.Err() == nil {
				r := speechRequest()
				r.Input = text("busy")
				_, _ = s.synthesizeSpeech(ctx, r)
			}
			ended <- struct{}{}
		}()
	}
	s.ends(t, s.start(t.Context(), t, "gs://books/a.wav", strings.Repeat("Abc.\n", 10)), 0)
	stop()
	for range cap(ended) {
		<-ended
	}
	s.mustBeClean(t)
}
