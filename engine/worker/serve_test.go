package worker_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/speech"
)

// frames are the types of the frames in out.
func frameTypes(t testing.TB, out []byte) string {
	t.Helper()
	var types strings.Builder
	for len(out) > 0 {
		if len(out) < 5 {
			t.Fatalf("%d stray bytes", len(out))
		}
		n := int(out[0])<<24 | int(out[1])<<16 | int(out[2])<<8 | int(out[3])
		types.WriteByte(out[4])
		out = out[5+n:]
	}
	return types.String()
}

func TestServeEndsWithStdin(t *testing.T) {
	var out bytes.Buffer
	if err := worker.Serve(context.Background(), tone.New(tone.Options{}), strings.NewReader(""), &out); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if got := frameTypes(t, out.Bytes()); got != "R" {
		t.Errorf("frames %q", got)
	}
}

func TestServeRefusesABrokenParent(t *testing.T) {
	for name, in := range map[string][]byte{
		"unknown type": frame('Q', nil),
		"no JSON":      frame('S', []byte("hello")),
		"cut header":   {0, 0},
		"cut payload":  frame('S', []byte("hello"))[:7],
		"oversize":     {0xff, 0xff, 0xff, 0xff, 'S'},
	} {
		if err := worker.Serve(context.Background(), tone.New(tone.Options{}), bytes.NewReader(in), io.Discard); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestServeEndsWithItsContextThoughTheEngineHangs(t *testing.T) {
	hanging := make(chan struct{})
	engine := tone.New(tone.Options{Hook: func(context.Context, speech.Utterance, int) error {
		close(hanging)
		select {}
	}})
	ctx, cancel := context.WithCancelCause(context.Background())
	stop := errors.New("stop")
	in, parent := io.Pipe()
	served := make(chan error)
	go func() { served <- worker.Serve(ctx, engine, in, io.Discard) }()
	parent.Write(frame('S', []byte(`{"text":"a","voice":"low"}`)))
	<-hanging
	cancel(stop)
	if err := <-served; !errors.Is(err, stop) {
		t.Errorf("Serve: %v", err)
	}
}

func FuzzServe(f *testing.F) {
	speak := frame('S', []byte(`{"text":"ab","voice":"low"}`))
	f.Add(speak)
	f.Add(append(append([]byte{}, speak...), frame('C', nil)...))
	f.Add(frame('S', []byte(`{"text":"a","voice":"none"}`)))
	f.Add(frame('T', []byte(`{"text":"ab","voice":"low"}`)))
	f.Add(frame('C', []byte("payload")))
	f.Add([]byte{0, 16, 0, 1, 'S'})
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		worker.Serve(context.Background(), tone.New(tone.Options{}), bytes.NewReader(in), &out)
		if got := frameTypes(t, out.Bytes()); !strings.HasPrefix(got, "R") {
			t.Errorf("frames %q", got)
		}
	})
}
