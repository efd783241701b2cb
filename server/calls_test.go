package server_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/server"
)

// say makes one SynthesizeSpeech over gRPC and one over REST and returns both
// failures in the shape of REST's.
func (w *wire) say(t *testing.T, text string) (overGRPC, overREST failure) {
	t.Helper()
	_, err := texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(t.Context(),
		&texttospeechpb.SynthesizeSpeechRequest{Input: &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: text}}})
	st := status.Convert(err)
	overGRPC = failure{Message: st.Message(), Status: fault.Code(st.Code()).String()}
	for _, detail := range st.Details() {
		switch d := detail.(type) {
		case *errdetails.ErrorInfo:
			overGRPC.Details = append(overGRPC.Details, map[string]any{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": d.Reason, "domain": d.Domain})
		case *errdetails.BadRequest:
			overGRPC.Details = append(overGRPC.Details, map[string]any{"@type": "type.googleapis.com/google.rpc.BadRequest", "field": d.FieldViolations[0].Field})
		case *errdetails.RetryInfo:
			overGRPC.Details = append(overGRPC.Details, map[string]any{"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": fmt.Sprint(d.RetryDelay.AsDuration())})
		}
	}
	got := w.send(t, request{method: "POST", path: "/v1/text:synthesize", body: `{"input":{"text":"` + text + `"}}`})
	return overGRPC, got.failure(t)
}

func TestErrorsOnBothTransports(t *testing.T) {
	secret := errors.New("disk /var/lib/secret is full")
	for _, tt := range []struct {
		name    string
		err     error
		code    int
		status  string
		message string
	}{
		{"a field", fault.Invalid("audio_config.pitch", "Must be in [-20, 20]."), 400, "INVALID_ARGUMENT", "audio_config.pitch: Must be in [-20, 20]."},
		{"a place", fault.Invalid("input.ssml", "Unknown element.").At(3, 7), 400, "INVALID_ARGUMENT", "input.ssml (line 3, column 7): Unknown element."},
		{"wrapped", fmt.Errorf("saying: %w", fault.New(fault.NotFound, "No such voice.").Because(secret)), 404, "NOT_FOUND", "No such voice."},
		{"cancelled", fault.New(fault.Canceled, "Cancelled."), 499, "CANCELLED", "Cancelled."},
		{"aborted", fault.New(fault.Aborted, "Aborted."), 409, "ABORTED", "Aborted."},
		{"exists", fault.New(fault.AlreadyExists, "Exists."), 409, "ALREADY_EXISTS", "Exists."},
		{"denied", fault.New(fault.PermissionDenied, "Denied."), 403, "PERMISSION_DENIED", "Denied."},
		{"precondition", fault.New(fault.FailedPrecondition, "Not now."), 400, "FAILED_PRECONDITION", "Not now."},
		{"range", fault.New(fault.OutOfRange, "Past the end."), 400, "OUT_OF_RANGE", "Past the end."},
		{"unimplemented", fault.New(fault.Unimplemented, "Not built."), 501, "UNIMPLEMENTED", "Not built."},
		{"unavailable", fault.New(fault.Unavailable, "Later."), 503, "UNAVAILABLE", "Later."},
		{"data loss", fault.New(fault.DataLoss, "Lost."), 500, "DATA_LOSS", "Lost."},
		{"no credential", fault.New(fault.Unauthenticated, "Who are you?"), 401, "UNAUTHENTICATED", "Who are you?"},
		{"busy", fault.New(fault.ResourceExhausted, "Busy.").Retry(1500 * time.Millisecond), 429, "RESOURCE_EXHAUSTED", "Busy."},
		{"deadline", context.DeadlineExceeded, 504, "DEADLINE_EXCEEDED", "The request took longer than its deadline."},
		{"plain", fmt.Errorf("writing: %w", secret), 500, "INTERNAL", "Internal error encountered. The server's log has the cause."},
		{"a status", status.Error(codes.NotFound, "Gone."), 404, "NOT_FOUND", "Gone."},
		{"a wrapped status", fmt.Errorf("secret: %w", status.Error(codes.NotFound, "Gone.")), 404, "NOT_FOUND", "Gone."},
		{"text that is not UTF-8", fault.New(fault.NotFound, "No \xff."), 404, "NOT_FOUND", "No \uFFFD."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := start(t)
			w.before = func(context.Context, *texttospeechpb.SynthesizeSpeechRequest) error { return tt.err }
			overGRPC, overREST := w.say(t, "private words")
			for _, f := range []failure{overGRPC, overREST} {
				if f.Status != tt.status || f.Message != tt.message {
					t.Errorf("got %s %q, want %s %q", f.Status, f.Message, tt.status, tt.message)
				}
			}
			if overREST.Code != tt.code {
				t.Errorf("HTTP %d, want %d", overREST.Code, tt.code)
			}
			log := w.log.String()
			if errors.Is(tt.err, secret) && !strings.Contains(log, secret.Error()) {
				t.Errorf("the log lacks the cause: %s", log)
			}
			if strings.Contains(log, "private words") {
				t.Errorf("the log has the request's text: %s", log)
			}
		})
	}
}

func TestErrorDetailsOnBothTransports(t *testing.T) {
	w := start(t)
	w.before = func(context.Context, *texttospeechpb.SynthesizeSpeechRequest) error {
		return fault.Invalid("input.text", "Too busy for this.").Retry(2 * time.Second)
	}
	overGRPC, overREST := w.say(t, "a")
	for _, f := range []failure{overGRPC, overREST} {
		if d := f.detail("ErrorInfo"); d["reason"] != "INVALID_ARGUMENT" || d["domain"] != "lectern" {
			t.Errorf("ErrorInfo %v", d)
		}
		if d := f.detail("RetryInfo"); d["retryDelay"] != "2s" {
			t.Errorf("RetryInfo %v", d)
		}
	}
	if d := overGRPC.detail("BadRequest"); d["field"] != "input.text" {
		t.Errorf("gRPC: BadRequest %v", d)
	}
	bad, _ := overREST.detail("BadRequest")["fieldViolations"].([]any)
	if len(bad) != 1 || bad[0].(map[string]any)["field"] != "input.text" || bad[0].(map[string]any)["description"] != "Too busy for this." {
		t.Errorf("REST: BadRequest %v", bad)
	}
	got := w.send(t, request{method: "POST", path: "/v1/text:synthesize"})
	if got.header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After = %q", got.header.Get("Retry-After"))
	}
}

func TestPanicsOnBothTransports(t *testing.T) {
	w := start(t)
	w.before = func(context.Context, *texttospeechpb.SynthesizeSpeechRequest) error { panic("at the disco") }
	overGRPC, overREST := w.say(t, "a")
	for _, f := range []failure{overGRPC, overREST} {
		if f.Status != "INTERNAL" || strings.Contains(f.Message, "disco") {
			t.Errorf("got %s %q", f.Status, f.Message)
		}
	}
	panics := w.log.lines(t, "panic")
	if len(panics) != 2 || panics[0]["panic"] != "at the disco" || !strings.Contains(panics[0]["stack"].(string), "calls_test.go") {
		t.Errorf("log: %v", panics)
	}
}

func TestStreams(t *testing.T) {
	w := start(t)
	for text, want := range map[string]codes.Code{"panic": codes.Internal, "refuse": codes.InvalidArgument, "hello": codes.OK} {
		stream, err := texttospeechpb.NewTextToSpeechClient(w.conn).StreamingSynthesize(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if err := stream.Send(&texttospeechpb.StreamingSynthesizeRequest{StreamingRequest: &texttospeechpb.StreamingSynthesizeRequest_Input{
			Input: &texttospeechpb.StreamingSynthesisInput{InputSource: &texttospeechpb.StreamingSynthesisInput_Text{Text: text}}}}); err != nil {
			t.Fatal(err)
		}
		got, err := stream.Recv()
		if status.Code(err) != want || want == codes.OK && string(got.GetAudioContent()) != text {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
}

func TestTheAccessLineOfAStreamTellsWhoSpoke(t *testing.T) {
	w := start(t)
	stream, err := texttospeechpb.NewTextToSpeechClient(w.conn).StreamingSynthesize(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.CloseSend(); err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != io.EOF {
		t.Fatal(err)
	}
	header, err := stream.Header()
	lines := w.log.lines(t, "grpc")
	if err != nil || len(header.Get("x-lectern-voice")) != 1 || len(lines) != 1 || lines[0]["voice"] != "en-US-Tone-1" {
		t.Errorf("%v: the header is %v, the log %v", err, header, lines)
	}
}

func TestRequestID(t *testing.T) {
	w := start(t)
	client := texttospeechpb.NewTextToSpeechClient(w.conn)
	for offered, kept := range map[string]bool{"abc-1.2_3": true, "": false, "two words": false, "<b>": false, strings.Repeat("x", 200): false} {
		got := w.send(t, request{method: "GET", path: "/v1/voices", header: map[string]string{"X-Request-Id": offered}})
		var header metadata.MD
		ctx := metadata.AppendToOutgoingContext(t.Context(), "x-request-id", offered)
		if _, err := client.ListVoices(ctx, &texttospeechpb.ListVoicesRequest{}, grpc.Header(&header)); err != nil {
			t.Fatal(err)
		}
		for name := range got.header {
			if strings.HasPrefix(name, "Grpc-") {
				t.Errorf("gRPC's header %s came over REST", name)
			}
		}
		for _, ids := range [][]string{got.header.Values("X-Request-Id"), header.Get("x-request-id")} {
			if len(ids) != 1 || ids[0] == "" || (ids[0] == offered) != kept {
				t.Errorf("offered %q: got %q", offered, ids)
			}
		}
	}
}

func TestRequestIDReachesHandlerAndLog(t *testing.T) {
	w := start(t)
	w.before = func(ctx context.Context, _ *texttospeechpb.SynthesizeSpeechRequest) error {
		return fault.New(fault.Internal, "Broken.").Because(errors.New("id " + server.IDOf(ctx)))
	}
	w.send(t, request{method: "POST", path: "/v1/text:synthesize?key=hunter2&access_token=hunter3", body: `{"input":{"text":"private"}}`,
		header: map[string]string{"X-Request-Id": "the-id", "Authorization": "Bearer hunter4", "X-Goog-Api-Key": "hunter5"}})
	access, failed := w.log.lines(t, "rest"), w.log.lines(t, "call failed")
	if len(access) != 1 || access[0]["method"] != "POST" || access[0]["path"] != "/v1/text:synthesize" || access[0]["code"] != "INTERNAL" ||
		access[0]["request_id"] != "the-id" || access[0]["duration"] == nil {
		t.Errorf("access: %v", access)
	}
	if len(failed) != 1 || failed[0]["request_id"] != "the-id" || !strings.HasSuffix(failed[0]["cause"].(string), "id the-id") {
		t.Errorf("failed: %v", failed)
	}
	if log := w.log.String(); strings.Contains(log, "hunter") || strings.Contains(log, "private") {
		t.Errorf("the log has a credential or a text: %s", log)
	}
}

func TestGRPCAccessLine(t *testing.T) {
	w := start(t)
	if _, err := texttospeechpb.NewTextToSpeechClient(w.conn).ListVoices(t.Context(), &texttospeechpb.ListVoicesRequest{}); err != nil {
		t.Fatal(err)
	}
	lines := w.log.lines(t, "grpc")
	if len(lines) != 1 || lines[0]["method"] != "/google.cloud.texttospeech.v1.TextToSpeech/ListVoices" || lines[0]["code"] != "OK" || lines[0]["request_id"] == "" {
		t.Errorf("got %v", lines)
	}
}

// TestLooksAreLoggedAtDebugLevel: those that were answered, over both transports.
func TestLooksAreLoggedAtDebugLevel(t *testing.T) {
	w := start(t)
	voices, operations := texttospeechpb.NewTextToSpeechClient(w.conn), longrunningpb.NewOperationsClient(w.conn)
	op := w.testServices.begin(parent, false).GetName()
	levels := func(name string) (all []any) {
		for _, line := range w.log.lines(t, name) {
			all = append(all, line["level"])
		}
		return all
	}
	for _, call := range []func() error{
		func() error {
			_, err := voices.ListVoices(t.Context(), &texttospeechpb.ListVoicesRequest{})
			return err
		},
		func() error {
			_, err := operations.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: op})
			return err
		},
		func() error {
			_, err := operations.WaitOperation(t.Context(), &longrunningpb.WaitOperationRequest{Name: op, Timeout: durationpb.New(time.Nanosecond)})
			return err
		},
		func() error {
			_, err := operations.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: parent})
			return err
		},
		func() error {
			_, err := operations.CancelOperation(t.Context(), &longrunningpb.CancelOperationRequest{Name: op})
			return err
		},
	} {
		if err := call(); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := operations.GetOperation(t.Context(), &longrunningpb.GetOperationRequest{Name: "operations/none"}); err == nil {
		t.Error("there is an operation none")
	}
	for _, path := range []string{"/v1/voices", "/v1/" + op, "/v1/operations/none"} {
		w.send(t, request{method: "GET", path: path})
	}
	if got := levels("grpc"); !slices.Equal(got, []any{"DEBUG", "DEBUG", "DEBUG", "DEBUG", "INFO", "INFO"}) {
		t.Errorf("the access lines of gRPC have the levels %v", got)
	}
	if got := levels("rest"); !slices.Equal(got, []any{"DEBUG", "DEBUG", "INFO"}) {
		t.Errorf("those of REST have the levels %v", got)
	}
}

// The access line tells what the answer's headers tell, over both transports.
func TestAccessLineTellsWhoSpoke(t *testing.T) {
	w := start(t)
	client := texttospeechpb.NewTextToSpeechClient(w.conn)
	var header metadata.MD
	if _, err := client.SynthesizeSpeech(t.Context(), &texttospeechpb.SynthesizeSpeechRequest{}, grpc.Header(&header)); err != nil {
		t.Fatal(err)
	}
	if got := header.Get("x-lectern-voice"); len(got) != 1 || got[0] != "en-US-Tone-1" {
		t.Errorf("x-lectern-voice is %v", got)
	}
	w.send(t, request{method: "POST", path: "/v1/text:synthesize", body: `{}`})
	for _, name := range []string{"grpc", "rest"} {
		if lines := w.log.lines(t, name); len(lines) != 1 || lines[0]["voice"] != "en-US-Tone-1" {
			t.Errorf("%s: %v", name, lines)
		}
	}
}

func TestHeadersBecomeMetadataOnce(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.Forward = []string{"x-idempotency-key", "x-goog-user-project"} })
	headers := map[string]string{
		"Authorization": "Bearer t", "X-Goog-Api-Key": "k", "X-Idempotency-Key": "i", "X-Request-Id": "r", "X-Goog-User-Project": "p",
	}
	sent := map[string]string{"Cookie": "c", "X-Goog-Request-Params": "q", "Grpc-Metadata-Authorization": "evil", "X-Other": "o"}
	maps.Copy(sent, headers)
	w.send(t, request{method: "POST", path: "/v1/text:synthesize", header: sent})
	md := within(t, 5*time.Second, w.seen, "the handler's metadata")
	for name, value := range headers {
		if got := md.Get(name); len(got) != 1 || got[0] != value {
			t.Errorf("%s = %q, want %q once", name, got, value)
		}
	}
	for _, name := range []string{"cookie", "x-goog-request-params", "grpc-metadata-authorization", "x-other"} {
		if got := md.Get(name); len(got) != 0 {
			t.Errorf("%s = %q was passed on", name, got)
		}
	}
}

func TestInterceptorsSeeBothTransports(t *testing.T) {
	calls := make(chan string, 2)
	w := start(t, func(cfg *server.Config) {
		cfg.Unary = append(cfg.Unary, func(ctx context.Context, _ any, info *grpc.UnaryServerInfo, _ grpc.UnaryHandler) (any, error) {
			calls <- info.FullMethod
			return nil, fault.New(fault.Unauthenticated, "No.")
		})
	})
	overGRPC, overREST := w.say(t, "a")
	for _, f := range []failure{overGRPC, overREST} {
		if f.Status != "UNAUTHENTICATED" {
			t.Errorf("got %v", f)
		}
		if got := within(t, 5*time.Second, calls, "an intercepted call"); got != "/google.cloud.texttospeech.v1.TextToSpeech/SynthesizeSpeech" {
			t.Errorf("intercepted %s", got)
		}
	}
	got := w.send(t, request{method: "GET", path: "/v1/voices"})
	if got.code != http.StatusUnauthorized || got.header.Get("WWW-Authenticate") == "" {
		t.Errorf("got %d %v", got.code, got.header)
	}
}

func TestDeadlines(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.UnaryTimeout = 30 * time.Millisecond })
	w.before = func(ctx context.Context, _ *texttospeechpb.SynthesizeSpeechRequest) error {
		<-ctx.Done()
		return ctx.Err()
	}
	overGRPC, overREST := w.say(t, "a")
	if overGRPC.Status != "DEADLINE_EXCEEDED" || overREST.Status != "DEADLINE_EXCEEDED" || overREST.Code != 504 {
		t.Errorf("got %v, %v", overGRPC, overREST)
	}
}

func TestAClientsDeadlineIsKept(t *testing.T) {
	w := start(t)
	left := make(chan time.Duration, 1)
	w.before = func(ctx context.Context, _ *texttospeechpb.SynthesizeSpeechRequest) error {
		deadline, _ := ctx.Deadline()
		left <- time.Until(deadline)
		return nil
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
	defer cancel()
	if _, err := texttospeechpb.NewTextToSpeechClient(w.conn).SynthesizeSpeech(ctx, &texttospeechpb.SynthesizeSpeechRequest{}); err != nil {
		t.Fatal(err)
	}
	if got := <-left; got < 55*time.Minute || got > time.Hour {
		t.Errorf("%v left, want the client's hour", got)
	}
	w.send(t, request{method: "POST", path: "/v1/text:synthesize"})
	if got := <-left; got < 4*time.Minute || got > 5*time.Minute {
		t.Errorf("%v left, want the server's 5 min", got)
	}
}
