package server_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/server"
	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

const parent = "projects/p/locations/l"

// callers runs the loop with 16 callers whatever the number of cores.
func callers(b *testing.B) {
	b.SetParallelism((16 + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0))
}

func perSecond(b *testing.B) { b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s") }

// quiet formats the log and drops it.
func quiet(cfg *server.Config) { cfg.Log = slog.New(slog.DiscardHandler) }

func BenchmarkGetOperationGRPC(b *testing.B) {
	w := start(b, quiet)
	name := w.operations.start(parent, &v1beta1pb.SynthesizeLongAudioMetadata{}).Name
	client := longrunningpb.NewOperationsClient(w.conn)
	callers(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := client.GetOperation(context.Background(), &longrunningpb.GetOperationRequest{Name: name}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	perSecond(b)
}

func BenchmarkGetOperationREST(b *testing.B) {
	w := start(b, quiet)
	name := w.operations.start(parent, &v1beta1pb.SynthesizeLongAudioMetadata{}).Name
	callers(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			get(b, w, "/v1/"+name)
		}
	})
	perSecond(b)
}

func get(b *testing.B, w *wire, path string) {
	resp, err := w.client.Get(w.url + path)
	if err != nil {
		b.Error(err)
		return
	}
	if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		b.Errorf("status %d, error %v", resp.StatusCode, err)
	}
	_ = resp.Body.Close()
}

// BenchmarkLargeAudioREST answers with 3 MB of audio, a minute of 24 kHz PCM.
func BenchmarkLargeAudioREST(b *testing.B) {
	w := start(b, quiet)
	body := `{"input":{"text":"` + strings.Repeat("x", 3<<20) + `"}}`
	b.SetBytes(3 << 20)
	b.ResetTimer()
	for b.Loop() {
		if r := w.send(b, request{method: "POST", path: "/v1/text:synthesize", body: body}); r.code != 200 {
			b.Fatalf("%d %.200s", r.code, r.body)
		}
	}
}
