package client_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"path"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/file"
	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/driver"
	"github.com/lectern/lectern/engine/tone"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/lro/sqlite"
	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/speech"
	"github.com/lectern/lectern/synth"
	"github.com/lectern/lectern/ttsapi"
	"github.com/lectern/lectern/ttsapi/client"
	"github.com/lectern/lectern/ttsapi/restgw"
)

// house is a whole server with the tone engine. An utterance with the word
// HOLD waits until gate is closed or nobody wants it any more, one with FAIL fails.
type house struct {
	t       *testing.T
	dir     string
	address string
	gate    chan struct{}
	left    chan struct{} // holds one when somebody no longer wanted what waits
	stop    func()

	mu    sync.Mutex
	calls map[string]int // of operations, by method
}

func newHouse(t *testing.T) *house {
	h := &house{t: t, dir: t.TempDir(), address: "127.0.0.1:0", gate: make(chan struct{}), left: make(chan struct{}, 1)}
	h.start()
	return h
}

// start runs a server at the address and on the files of the one before.
func (h *house) start() {
	h.t.Helper()
	must := func(err error) {
		h.t.Helper()
		if err != nil {
			h.t.Fatal(err)
		}
	}
	ctx := context.WithoutCancel(h.t.Context())
	log := slog.New(slog.DiscardHandler)
	store, err := sqlite.Open(ctx, h.dir, log)
	must(err)
	directory, err := file.Open(h.dir)
	must(err)
	buckets := bucket.New(bucket.Config{All: directory, Scratch: directory.Scratch()})
	engines, err := engine.Open(ctx, engine.Config{Log: log, Slots: 2, Sources: []engine.Source{{
		Name:  tone.Name,
		Start: func(context.Context) (driver.Engine, error) { return tone.New(tone.Options{Hook: h.hold}), nil },
	}}})
	must(err)
	pipeline := synth.New(synth.Config{Engines: engines, Formats: encode.NewCatalogue(wav.Linear16(), pcm.Format(), wav.MuLaw(), wav.ALaw(), oggopus.Format()), Log: log})
	tts := ttsapi.New(ttsapi.Config{Synth: pipeline, LongAudio: longaudio.New(longaudio.Config{Synth: pipeline, Buckets: buckets, Log: log}), Log: log})
	operations, err := lro.Open(ctx, lro.Config{Store: store, Kinds: tts.LongAudioKinds(), Slots: 2, Log: log})
	must(err)
	srv, err := server.New(server.Config{
		Register: func(g grpc.ServiceRegistrar) {
			tts.Register(g, operations)
			longrunningpb.RegisterOperationsServer(g, operations)
		},
		Gateway: restgw.Register,
		Unary:   []grpc.UnaryServerInterceptor{h.count},
	})
	must(err)
	listener, err := net.Listen("tcp", h.address)
	must(err)
	h.address = listener.Addr().String()
	working, stopWork := context.WithCancel(ctx)
	worked, served := make(chan error, 1), make(chan error, 1)
	go func() { worked <- operations.Run(working) }()
	go func() { served <- srv.Serve(ctx, listener) }()

	var stopped bool
	h.stop = func() {
		if stopped {
			return
		}
		stopped = true
		stopWork()
		srv.Close()
		<-served
		if err := <-worked; err != nil {
			h.t.Error(err)
		}
		for _, part := range []io.Closer{engines, buckets, store} {
			if err := part.Close(); err != nil {
				h.t.Error(err)
			}
		}
	}
	h.t.Cleanup(h.stop)
}

// count notes a call.
func (h *house) count(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	h.mu.Lock()
	if h.calls == nil {
		h.calls = make(map[string]int)
	}
	h.calls[path.Base(info.FullMethod)]++
	h.mu.Unlock()
	return handler(ctx, req)
}

func (h *house) hold(ctx context.Context, u speech.Utterance, word int) error {
	if strings.Contains(u.Text, "FAIL") {
		return errors.New("the engine fails")
	}
	if word != 0 || !strings.Contains(u.Text, "HOLD") {
		return nil
	}
	select {
	case <-h.gate:
		return nil
	case <-ctx.Done():
		select {
		case h.left <- struct{}{}:
		default:
		}
		return context.Cause(ctx)
	}
}

func (h *house) client() *client.Client {
	h.t.Helper()
	c, err := client.Dial(h.t.Context(), h.address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { c.Close() })
	return c
}
