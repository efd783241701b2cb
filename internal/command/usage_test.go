package command

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// TestLimitsByEveryProtocol: beyond its characters a project is told so in the form
// of each protocol, and what was used is told when the server has stopped.
func TestLimitsByEveryProtocol(t *testing.T) {
	home, err := net.Listen("tcp", "127.0.0.1:0") // a free port
	if err != nil {
		t.Fatal(err)
	}
	homeAddress := home.Addr().String()
	home.Close()
	program := installProgram(t)
	data := t.TempDir()
	t.Run("served", func(t *testing.T) {
		s := startServer(t, program, "--limit", "characters=30/day,operations=0", "--limit", "projects/acme:characters=none", "--limit", "projects/acme:operations=none", "--wyoming", homeAddress, "--data", data)
		post := func(path, body string) (*http.Response, string) {
			t.Helper()
			r, err := http.Post("http://"+s.address+path, "application/json", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Body.Close()
			text, err := io.ReadAll(r.Body)
			if err != nil {
				t.Fatal(err)
			}
			return r, string(text)
		}
		const said = `{"input":{"ssml":"<speak>Hello <mark name='here'/>you</speak>"},"voice":{"languageCode":"en-US"},"audioConfig":{"audioEncoding":"LINEAR16"}}`
		if r, text := post("/v1/text:synthesize", said); r.StatusCode != http.StatusOK { // 24 characters
			t.Fatalf("within the limit: %d %s", r.StatusCode, text)
		}

		r, text := post("/v1/text:synthesize", said)
		for _, want := range []string{`"status": "RESOURCE_EXHAUSTED"`, "google.rpc.QuotaFailure", "google.rpc.RetryInfo", `"quotaId":"CharactersPerDayPerProject"`, `"quotaValue":"30"`, "RATE_LIMIT_EXCEEDED"} {
			if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" || !strings.Contains(strings.ReplaceAll(text, `": "`, `":"`), strings.ReplaceAll(want, `": "`, `":"`)) {
				t.Errorf("REST: %d, again in %s: %s lacks %s", r.StatusCode, r.Header.Get("Retry-After"), text, want)
			}
		}

		r, text = post("/v1/audio/speech", `{"model":"tts-1","voice":"alloy","input":"Hello you"}`)
		if r.StatusCode != http.StatusTooManyRequests || r.Header.Get("Retry-After") == "" || !strings.Contains(text, `"type":"rate_limit_error"`) || !strings.Contains(text, `"code":"rate_limit_exceeded"`) {
			t.Errorf("OpenAI's: %d %s", r.StatusCode, text)
		}

		conn, err := grpc.NewClient(s.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		speech := pb.NewTextToSpeechClient(conn)
		_, err = speech.SynthesizeSpeech(t.Context(), &pb.SynthesizeSpeechRequest{
			Input: &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Text{Text: "Hello you"}}, Voice: &pb.VoiceSelectionParams{LanguageCode: "en-US"}, AudioConfig: &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_LINEAR16},
		})
		expectQuota(t, err, "projects/-", "CharactersPerDayPerProject")
		stream, err := speech.StreamingSynthesize(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range []*pb.StreamingSynthesizeRequest{
			{StreamingRequest: &pb.StreamingSynthesizeRequest_StreamingConfig{StreamingConfig: &pb.StreamingSynthesizeConfig{Voice: &pb.VoiceSelectionParams{LanguageCode: "en-US"}}}},
			{StreamingRequest: &pb.StreamingSynthesizeRequest_Input{Input: &pb.StreamingSynthesisInput{InputSource: &pb.StreamingSynthesisInput_Text{Text: "Hello you"}}}},
		} {
			if err := stream.Send(m); err != nil {
				t.Fatal(err)
			}
		}
		_, err = stream.Recv()
		expectQuota(t, err, "projects/-", "CharactersPerDayPerProject")
		_, err = pb.NewTextToSpeechLongAudioSynthesizeClient(conn).SynthesizeLongAudio(t.Context(), longRequest("other"))
		expectQuota(t, err, "projects/other", "OperationsPerProject")

		told := wyomingError(t, homeAddress, `{"type":"synthesize","data":{"text":"Hello you"}}`)
		if told.Code != "RESOURCE_EXHAUSTED" || !strings.Contains(told.Text, "CharactersPerDayPerProject") {
			t.Errorf("Wyoming: %+v", told)
		}

		started, err := pb.NewTextToSpeechLongAudioSynthesizeClient(conn).SynthesizeLongAudio(t.Context(), longRequest("acme"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.client(t).Wait(t.Context(), started.GetName(), patience); err != nil {
			t.Fatal(err)
		}
	})
	var stdout, stderr lockedBuffer
	code := run(context.Background(), []string{"usage", "--json", "--data", data, "--day", "2000-01-01..2999-12-31"}, func(string) string { return "" }, strings.NewReader(""), &stdout, &stderr)
	var told struct{ Usage []useView }
	if err := json.Unmarshal([]byte(stdout.String()), &told); code != exitOK || err != nil || len(told.Usage) != 2 {
		t.Fatalf("usage ended with %d, %v: %s%s", code, err, stdout.String(), stderr.String())
	}
	// A stream is a request, even one that said too much.
	none, acme := told.Usage[0], told.Usage[1]
	if none.Project != "" || none.Principal != "anonymous" || none.Requests != 2 || none.Characters != 24 || none.Operations != 0 || none.Seconds <= 0 {
		t.Errorf("without a project: %+v", none)
	}
	if acme.Project != "acme" || acme.Requests != 1 || acme.Characters != 9 || acme.Operations != 1 || acme.Seconds <= 0 {
		t.Errorf("acme: %+v", acme)
	}
}

func longRequest(project string) *pb.SynthesizeLongAudioRequest {
	return &pb.SynthesizeLongAudioRequest{
		Parent: "projects/" + project + "/locations/global", OutputGcsUri: "gs://books/" + project + ".wav",
		Input: &pb.SynthesisInput{InputSource: &pb.SynthesisInput_Text{Text: "Hello you"}}, Voice: &pb.VoiceSelectionParams{LanguageCode: "en-US"}, AudioConfig: &pb.AudioConfig{AudioEncoding: pb.AudioEncoding_LINEAR16},
	}
}

// expectQuota checks the details by which clients know a limit.
func expectQuota(t *testing.T, err error, subject, id string) {
	t.Helper()
	var failure *errdetails.QuotaFailure
	var retry *errdetails.RetryInfo
	for _, detail := range status.Convert(err).Details() {
		switch d := detail.(type) {
		case *errdetails.QuotaFailure:
			failure = d
		case *errdetails.RetryInfo:
			retry = d
		}
	}
	if status.Code(err) != codes.ResourceExhausted || len(failure.GetViolations()) != 1 || retry.GetRetryDelay().AsDuration() <= 0 {
		t.Fatalf("%v, %v, %v", err, failure, retry)
	}
	if v := failure.GetViolations()[0]; v.GetSubject() != subject || v.GetQuotaId() != id || v.GetDescription() == "" {
		t.Errorf("%v, want %s of %s", v, id, subject)
	}
}

// wyomingError is the error that an event is answered with.
func wyomingError(t *testing.T, address, event string) (told struct{ Text, Code string }) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, event+"\n"); err != nil {
		t.Fatal(err)
	}
	in := bufio.NewReader(conn)
	var head struct {
		Type       string
		DataLength int `json:"data_length"`
		Data       json.RawMessage
	}
	line, err := in.ReadBytes('\n')
	if err != nil || json.Unmarshal(line, &head) != nil || head.Type != "error" {
		t.Fatalf("the answer is %q, %v", line, err)
	}
	data := make([]byte, head.DataLength)
	if _, err := io.ReadFull(in, data); err != nil {
		t.Fatal(err)
	}
	if len(data) == 0 {
		data = head.Data
	}
	if err := json.Unmarshal(data, &told); err != nil {
		t.Fatal(err)
	}
	return told
}

func TestDays(t *testing.T) {
	now := time.Date(2026, 11, 30, 23, 30, 0, 0, time.FixedZone("west", -3600))
	for text, want := range map[string]string{"": "2026-12-01 2026-12-01", "2026-01-02": "2026-01-02 2026-01-02", "2026-01-02..2026-02-03": "2026-01-02 2026-02-03"} {
		if first, last, err := readDays(text, now); err != nil || first+" "+last != want {
			t.Errorf("%q: %s %s %v", text, first, last, err)
		}
	}
	for _, text := range []string{"today", "2026-13-01", "2026-01-01..", "2026-01-01..x"} {
		if _, _, err := readDays(text, now); err == nil {
			t.Errorf("%q is a day", text)
		}
	}
}
