package peers_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
)

// Who did what to which operation is recorded, over both transports, and nothing of
// any text or credential.
func TestAuditLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "audit.jsonl")
	g := serveGuarded(t, "--audit-log", file)
	apiKey := g.apiKey(t, "p1", "operator")
	conn, err := grpc.NewClient(g.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	ctx := metadata.AppendToOutgoingContext(t.Context(), "x-goog-api-key", apiKey, "x-request-id", "of-the-test")
	request := longRequest("projects/p1/locations/global", "gs://books/secret-name.wav")
	request.Input.InputSource = &texttospeechpb.SynthesisInput_Text{Text: "The butler did it."}
	op, err := texttospeechpb.NewTextToSpeechLongAudioSynthesizeClient(conn).SynthesizeLongAudio(ctx, request)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := longrunningpb.NewOperationsClient(conn).CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: op.GetName()}); err != nil {
		t.Fatal(err)
	}
	base := "http://" + g.address
	object := base + "/storage/v1/b/books/o/secret-name.wav"
	for _, args := range [][]string{
		{"-H", "x-goog-api-key: " + apiKey, object},
		{"-H", "x-goog-api-key: " + apiKey, "-X", "DELETE", object},
		{"-H", "x-goog-api-key: " + apiKey, "-X", "DELETE", base + "/v1/" + op.GetName()},
		{"-d", `{"input":{"text":"The butler did it."}}`, base + "/v1/text:synthesize?key=made-up-key"},
		{"-H", "Authorization: Bearer " + apiKey, "-d", `{"model":"tts-1","voice":"nobody","input":"The butler did it."}`, base + "/v1/audio/speech"},
	} {
		curl(t, args...)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"butler", apiKey, "made-up-key", "secret-name"} {
		if strings.Contains(string(text), secret) {
			t.Errorf("%q is recorded:\n%s", secret, text)
		}
	}
	type line struct{ Principal, Project, Method, Resource, Code, RequestID, Remote string }
	show := func(args ...string) (lines []line) {
		t.Helper()
		out, err := exec.CommandContext(t.Context(), filepath.Join(programs, "lectern"), append([]string{"audit", file, "--json"}, args...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		for text := range strings.Lines(string(out)) {
			var l line
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				t.Fatal(err)
			}
			if l.Remote == "" || l.RequestID == "" {
				t.Errorf("%+v", l)
			}
			lines = append(lines, l)
		}
		return lines
	}
	_, id, _ := strings.Cut(op.GetName(), "/operations/")
	done := show("--operation", id)
	if len(done) != 3 {
		t.Fatalf("%+v", done)
	}
	for i, method := range []string{"google.cloud.texttospeech.v1.TextToSpeechLongAudioSynthesize/SynthesizeLongAudio", "google.longrunning.Operations/CancelOperation", "google.longrunning.Operations/DeleteOperation"} {
		l := done[i]
		if l.Method != method || l.Resource != op.GetName() || l.Project != "p1" || !strings.HasPrefix(l.Principal, "api-key-") || l.Code != "OK" || i < 2 && l.RequestID != "of-the-test" {
			t.Errorf("%+v", l)
		}
	}
	failed := show("--failed")
	if len(failed) != 4 || failed[0].Method != "storage.objects.get" || failed[1].Method != "storage.objects.delete" ||
		failed[1].Resource != "projects/_/buckets/books" || failed[1].Project != "p1" || failed[1].Code != "NOT_FOUND" {
		t.Fatalf("%+v", failed)
	}
	failed = failed[2:]
	if failed[0].Method != "/v1/text:synthesize" || failed[0].Code != "INVALID_ARGUMENT" || failed[0].Principal != "" ||
		failed[1].Method != "/v1/audio/speech" || failed[1].Principal != done[0].Principal {
		t.Errorf("%+v", failed)
	}
}
