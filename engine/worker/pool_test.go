package worker_test

import (
	"context"
	"log/slog"
	"sync"
	"syscall"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

// TestPoolOfProcesses runs the portable type on real processes, and kills them.
func TestPoolOfProcesses(t *testing.T) {
	var mu sync.Mutex
	var pids []int
	begin := worker.Starter(command(t, "tone"), worker.Options{Log: slog.New(slog.DiscardHandler)})
	e, err := engine.Open(context.Background(), engine.Config{
		Slots: 4,
		Log:   slog.New(slog.DiscardHandler),
		Sources: []engine.Source{{Name: tone.Name, Start: func(ctx context.Context) (driver.Engine, error) {
			p, err := begin(ctx)
			if err == nil {
				mu.Lock()
				pids = append(pids, p.(*worker.Process).PID())
				mu.Unlock()
			}
			return p, err
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	v, err := e.Catalogue().Match(voices.Wish{Language: "en-US"})
	if err != nil {
		t.Fatal(err)
	}
	speakAll := func() {
		var speaking sync.WaitGroup
		for range 32 {
			speaking.Go(func() {
				s, err := e.Speak(context.Background(), engine.Batch, v, speech.Utterance{Text: "each in a process of its own"})
				if err == nil {
					_, err = audio.ReadAll(s)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		speaking.Wait()
	}
	speakAll()
	mu.Lock()
	if len(pids) > 4+1 { // one to spare, for who listens
		t.Errorf("%d processes for 4 slots and one to spare", len(pids))
	}
	// One at a time, so that nobody sees more than one crash in a row.
	victim := pids[0]
	mu.Unlock()
	syscall.Kill(victim, syscall.SIGKILL)
	speakAll()
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	for _, pid := range pids {
		if syscall.Kill(pid, 0) != syscall.ESRCH {
			t.Errorf("process %d is left after Close", pid)
		}
	}
}

func TestStarterGivesNoEngineWithAnError(t *testing.T) {
	e, err := worker.Starter(command(t, "dead"), worker.Options{Log: slog.New(slog.DiscardHandler)})(context.Background())
	if err == nil || e != nil {
		t.Errorf("%v, %v", e, err)
	}
}
