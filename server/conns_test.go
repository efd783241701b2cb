package server_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/server"
)

// TestIdleConnectionsMakeRoom: who asked once and stays, or says nothing, locks
// nobody out; who has a call under way keeps it.
func TestIdleConnectionsMakeRoom(t *testing.T) {
	const limit = 8
	w := start(t, func(cfg *server.Config) { cfg.MaxConnections = limit })
	began, release, _ := held(w)
	busy := w.begin(t, 2, "{}")
	within(t, 5*time.Second, began, "the first call begins")
	overGRPC := make(chan error, 1)
	go func() {
		_, err := texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{})
		overGRPC <- err
	}()
	within(t, 5*time.Second, began, "the second call begins")
	for i := range 3 * limit {
		conn, err := net.Dial("tcp", w.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if i%2 == 0 { // the others say nothing
			if _, err := io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			if resp, err := http.ReadResponse(bufio.NewReader(conn), nil); err != nil || resp.StatusCode != 200 {
				t.Fatalf("connection %d: %v", i, err)
			}
		}
	}
	close(release)
	if got := answer(t, busy); got.code != 200 {
		t.Errorf("the first call got %d", got.code)
	}
	if err := within(t, 5*time.Second, overGRPC, "the second call ends"); err != nil {
		t.Errorf("the second call: %v", err)
	}
}

// TestTooManyCallsAreRefusedAtTheDoor: where all connections have calls, a new
// one is closed.
func TestTooManyCallsAreRefusedAtTheDoor(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.MaxConnections = 1 })
	began, release, _ := held(w)
	busy := w.begin(t, 2, "{}")
	within(t, 5*time.Second, began, "the call begins")
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if n, err := conn.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes", n)
	}
	close(release)
	if got := answer(t, busy); got.code != 200 {
		t.Errorf("the call got %d", got.code)
	}
}

// TestMessagesThatNeverEnd: the time of a message begins with its call, on gRPC's
// own transport and through net/http; streams have it for their first one.
func TestMessagesThatNeverEnd(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.BodyTimeout = 50 * time.Millisecond })
	for _, method := range []string{"SynthesizeSpeech", "StreamingSynthesize"} {
		desc := &grpc.StreamDesc{StreamName: method, ClientStreams: true, ServerStreams: true}
		stream, err := w.conn.NewStream(t.Context(), desc, "/google.cloud.texttospeech.v1.TextToSpeech/"+method)
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- stream.RecvMsg(&texttospeechpb.SynthesizeSpeechResponse{}) }()
		if err := within(t, 5*time.Second, ended, method+" ends"); status.Code(err) != codes.DeadlineExceeded {
			t.Errorf("%s: %v", method, err)
		}
	}
	h2 := overHTTP2(t)
	body, _ := io.Pipe()
	req, err := http.NewRequest("POST", w.url+"/google.cloud.texttospeech.v1.TextToSpeech/SynthesizeSpeech", body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/grpc")
	req.Header.Set("Via", "2 a-proxy")
	resp, err := h2.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		t.Fatal(err)
	}
	// There the library knows of a cancel only, and may end without a status.
	if got := resp.Header.Get("Grpc-Status") + resp.Trailer.Get("Grpc-Status"); got != "1" && got != "" {
		t.Errorf("through net/http: status %q", got)
	}
}

// TestSlowStreamsMayGoOn: after its first message a stream has time.
func TestSlowStreamsMayGoOn(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.BodyTimeout = 100 * time.Millisecond })
	stream, err := texttospeechpb.NewTextToSpeechClient(w.conn).StreamingSynthesize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	say := func() {
		err := stream.Send(&texttospeechpb.StreamingSynthesizeRequest{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_Input{
			Input: &texttospeechpb.StreamingSynthesisInput{InputSource: &texttospeechpb.StreamingSynthesisInput_Text{Text: "a"}}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stream.Recv(); err != nil {
			t.Fatal(err)
		}
	}
	say()
	<-time.After(200 * time.Millisecond)
	say()
}

// garbled is a codec whose messages are not protobuf.
type garbled struct{}

func (garbled) Marshal(any) ([]byte, error)      { return []byte{0xff, 0xff, 0xff}, nil }
func (garbled) Unmarshal([]byte, any) error      { return errors.New("no answer is expected") }
func (garbled) Name() string                     { return "proto" }
func (garbled) String() string                   { return "garbled" }
func garbledCall() grpc.CallOption               { return grpc.ForceCodec(garbled{}) }
func invalid(err error) bool                     { return status.Code(err) == codes.InvalidArgument }
func listing() *texttospeechpb.ListVoicesRequest { return &texttospeechpb.ListVoicesRequest{} }

func TestMalformedMessagesAreTheClientsFault(t *testing.T) {
	w := start(t)
	client := texttospeechpb.NewTextToSpeechClient(w.conn)
	if _, err := client.ListVoices(context.Background(), listing(), garbledCall()); !invalid(err) {
		t.Errorf("unary: %v", err)
	}
	stream, err := client.StreamingSynthesize(t.Context(), garbledCall())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&texttospeechpb.StreamingSynthesizeRequest{}); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); !invalid(err) {
		t.Errorf("stream: %v", err)
	}
}

// TestMessagesShareABudget: of connections that send much and never end a message
// the worst is cut off; others are served.
func TestMessagesShareABudget(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.BodyMemory = 3 << 20 })
	const method = "/google.cloud.texttospeech.v1.TextToSpeech/SynthesizeSpeech"
	cut := make(chan error, 2)
	for _, size := range []int{1 << 20, 5 << 19} {
		conn, err := net.Dial("tcp", w.addr)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		framer := rawGRPC(t, conn, method)
		// Of a message of 4 MB.
		message := append([]byte{0, 0, 0x3d, 0x09, 0}, make([]byte, size)...)
		upload(t, framer, message)
		if size > 1<<20 {
			go func() {
				for {
					if _, err := framer.ReadFrame(); err != nil {
						cut <- err
						return
					}
				}
			}()
		}
	}
	within(t, 5*time.Second, cut, "the larger one is cut off")
	if err := listVoices(t.Context(), w.conn); err != nil {
		t.Error(err)
	}
	if lines := w.log.lines(t, "a connection is cut off: the messages of calls under way take all the memory that is set aside for them"); len(lines) != 1 {
		t.Errorf("%d lines in the log", len(lines))
	}
}
