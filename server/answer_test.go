package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	grpcgzip "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/server"
)

// long is a text whose answer is larger than what sockets hold.
func long(n int) *texttospeechpb.SynthesizeSpeechRequest {
	return &texttospeechpb.SynthesizeSpeechRequest{Input: &texttospeechpb.SynthesisInput{
		InputSource: &texttospeechpb.SynthesisInput_Text{Text: strings.Repeat("a", n)}}}
}

func wide(cfg *server.Config) {
	cfg.MaxBodyBytes, cfg.MaxMessageBytes = 16<<20, 16<<20
	cfg.AnswerPatience = time.Millisecond
}

// TestSoundArrivesWhole: in pieces or not, over every way and in every form.
func TestSoundArrivesWhole(t *testing.T) {
	w := start(t, wide)
	for _, n := range []int{1, 64<<10 - 1, 64 << 10, 128<<10 - 1, 128 << 10, 1<<20 + 17, 3<<20 - 1} {
		req := long(n)
		want := []byte(req.GetInput().GetText())
		for _, opts := range [][]grpc.CallOption{{grpc.MaxCallRecvMsgSize(16 << 20)}, {grpc.MaxCallRecvMsgSize(16 << 20), grpc.UseCompressor(grpcgzip.Name)}} {
			resp, err := texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(t.Context(), req, opts...)
			if err != nil || !bytes.Equal(resp.GetAudioContent(), want) {
				t.Errorf("%d bytes over gRPC: %d bytes, %v", n, len(resp.GetAudioContent()), err)
			}
		}
		for _, form := range []string{"", "?prettyPrint=false"} {
			for _, version := range []string{"v1", "v1beta1"} {
				got := w.send(t, request{method: "POST", path: "/" + version + "/text:synthesize" + form,
					body: `{"input":{"text":"` + string(want) + `"},"audioConfig":{"audioEncoding":"MP3"}}`})
				var answer struct{ AudioContent []byte }
				if err := json.Unmarshal(got.body, &answer); err != nil || !bytes.Equal(answer.AudioContent, want) {
					t.Errorf("%d bytes over REST %s%s: %d bytes, %v", n, version, form, len(answer.AudioContent), err)
				}
				if got.header.Get("Content-Length") == "" && n >= 64<<10 {
					t.Errorf("%d bytes over REST: no Content-Length", n)
				}
			}
		}
	}
}

// TestAnswersShareABudget: an answer that nobody reads counts until its client
// is cut off, over both transports.
func TestAnswersShareABudget(t *testing.T) {
	for name, ask := range map[string]func(*testing.T, *wire){"REST": askREST, "gRPC": askGRPC} {
		t.Run(name, func(t *testing.T) {
			const size = 12 << 20
			w := start(t, wide, func(cfg *server.Config) {
				cfg.AnswerMemory = size + 1<<20
				cfg.AnswerTimeout = 300 * time.Millisecond
			})
			settled := make(chan error, 8)
			w.before = func(ctx context.Context, _ *texttospeechpb.SynthesizeSpeechRequest) error {
				err := server.Reserve(ctx, size)
				settled <- err
				return err
			}
			ask(t, w)
			if err := within(t, 5*time.Second, settled, "the first answer begins"); err != nil {
				t.Fatal(err)
			}
			_, err := texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(t.Context(), long(1))
			if status.Code(err) != codes.ResourceExhausted {
				t.Errorf("beside it: %v", err)
			}
			<-settled
			// It is cut off by and by, and its memory free again.
			for until := time.Now().Add(20 * time.Second); ; {
				_, err := texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(t.Context(), long(1))
				<-settled
				if err == nil {
					return
				}
				if status.Code(err) != codes.ResourceExhausted || time.Now().After(until) {
					t.Fatalf("after it: %v", err)
				}
			}
		})
	}
}

const hugeAnswer = 12 << 20

// askREST asks for a long answer and reads nothing of it.
func askREST(t *testing.T, w *wire) {
	body := `{"input":{"text":"` + strings.Repeat("a", hugeAnswer) + `"}}`
	w.begin(t, len(body), body)
}

// askGRPC is askREST for gRPC; it answers pings.
func askGRPC(t *testing.T, w *wire) {
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	message, err := proto.Marshal(long(hugeAnswer))
	if err != nil {
		t.Fatal(err)
	}
	framer := rawGRPC(t, conn, "/google.cloud.texttospeech.v1.TextToSpeech/SynthesizeSpeech")
	n := len(message)
	message = append([]byte{0, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, message...)
	send(t, framer, message)
}

// rawGRPC begins a call by hand, on stream 1.
func rawGRPC(t *testing.T, conn net.Conn, method string) *http2.Framer {
	t.Helper()
	if _, err := io.WriteString(conn, http2.ClientPreface); err != nil {
		t.Fatal(err)
	}
	framer := http2.NewFramer(conn, conn)
	if err := framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	rawHeaders(t, framer, 1, method)
	return framer
}

func rawHeaders(t *testing.T, framer *http2.Framer, stream uint32, method string) {
	t.Helper()
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, f := range [][2]string{{":method", "POST"}, {":scheme", "http"}, {":path", method}, {":authority", "localhost"}, {"content-type", "application/grpc"}, {"te", "trailers"}} {
		if err := encoder.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]}); err != nil {
			t.Fatal(err)
		}
	}
	if err := framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true}); err != nil {
		t.Fatal(err)
	}
}

// send sends a whole message on stream 1 as the server's windows allow.
func send(t *testing.T, framer *http2.Framer, message []byte) {
	t.Helper()
	if err := sendPart(framer, message, true); err != nil {
		t.Fatal(err)
	}
}

// upload sends a part of a message, or as much of it as the server takes.
func upload(t *testing.T, framer *http2.Framer, part []byte) {
	t.Helper()
	_ = sendPart(framer, part, false)
}

func sendPart(framer *http2.Framer, message []byte, whole bool) error {
	connWindow, window := 65535, 65535
	for len(message) > 0 {
		n := min(len(message), connWindow, window, 16<<10)
		if n > 0 {
			if err := framer.WriteData(1, whole && n == len(message), message[:n]); err != nil {
				return err
			}
			message, connWindow, window = message[n:], connWindow-n, window-n
			continue
		}
		frame, err := framer.ReadFrame()
		if err != nil {
			return err
		}
		switch frame := frame.(type) {
		case *http2.WindowUpdateFrame:
			if frame.StreamID == 0 {
				connWindow += int(frame.Increment)
			} else {
				window += int(frame.Increment)
			}
		case *http2.SettingsFrame:
			if v, ok := frame.Value(http2.SettingInitialWindowSize); ok {
				window += int(v) - 65535
			}
			if !frame.IsAck() {
				if err := framer.WriteSettingsAck(); err != nil {
					return err
				}
			}
		case *http2.PingFrame:
			if !frame.IsAck() {
				if err := framer.WritePing(true, frame.Data); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// TestAReservationWaitsForOthers: and is refused with a delay when they do not
// end; what failed gives back what it had.
func TestAReservationWaitsForOthers(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.AnswerMemory = 1 << 20; cfg.AnswerPatience = time.Minute })
	waiting, proceed := make(chan struct{}, 2), make(chan struct{})
	w.before = func(ctx context.Context, _ *texttospeechpb.SynthesizeSpeechRequest) error {
		waiting <- struct{}{}
		if err := server.Reserve(ctx, 900<<10); err != nil {
			return err
		}
		<-proceed
		return errors.New("it fails")
	}
	done := make(chan int, 2)
	for range 2 {
		go func() {
			resp, err := w.client.Post(w.url+"/v1/text:synthesize", "application/json", strings.NewReader("{}"))
			if err != nil {
				done <- 0
				return
			}
			_ = resp.Body.Close()
			done <- resp.StatusCode
		}()
	}
	<-waiting
	<-waiting
	close(proceed)
	for range 2 {
		if code := within(t, 5*time.Second, done, "a call ends"); code != http.StatusInternalServerError {
			t.Errorf("got %d", code)
		}
	}
}
