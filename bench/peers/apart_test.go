package peers_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// intruder is somebody who has no business with a project's operations.
type intruder struct {
	name string
	// header and value are what they bring; empty for nothing.
	header, value string
	// known says that they are somebody: then what they name is NOT_FOUND, else they
	// are turned away.
	known bool
}

func (g guarded) intruders(t *testing.T, issuer string) []intruder {
	account := g.account(t, "intruder", "operator")
	signed := selfSigned(t, account, nil)
	head, rest, _ := strings.Cut(signed, ".")
	claims, _, _ := strings.Cut(rest, ".")
	ann := signIn(t, issuer, "ann") // an operator of p1
	return []intruder{
		{"nobody", "", "", false},
		{"a made-up token", "authorization", "Bearer made-up", false},
		{"a made-up API key", "x-goog-api-key", "AIzaSyMadeUp", false},
		{"a token without its signature", "authorization", "Bearer " + head + "." + claims + ".", false},
		{"a token for another server", "authorization", "Bearer " + selfSigned(t, account, map[string]any{"aud": "https://storage.googleapis.com/"}), false},
		{"a token that is over", "authorization", "Bearer " + selfSigned(t, account, map[string]any{"iat": time.Now().Add(-3 * time.Hour).Unix(), "exp": time.Now().Add(-2 * time.Hour).Unix()}), false},
		{"another project's token", "authorization", "Bearer " + signed, true},
		{"another project's access token", "authorization", "Bearer " + g.exchanged(t, account), true},
		{"another project's API key", "x-goog-api-key", g.apiKey(t, "intruder", "operator"), true},
		{"another project's API key as a token", "authorization", "Bearer " + g.apiKey(t, "intruder", "operator"), true},
		{"a project whose name begins alike", "x-goog-api-key", g.apiKey(t, "victi", "operator"), true},
		{"a project whose name goes on", "x-goog-api-key", g.apiKey(t, "victim2", "operator"), true},
		{"the same project in capitals", "x-goog-api-key", g.apiKey(t, "VICTIM", "operator"), true},
		{"an issuer's token for another project", "authorization", "Bearer " + ann, true},
		{"an issuer's token without its signature", "authorization", "Bearer " + ann[:strings.LastIndexByte(ann, '.')+1], false},
		{"an issuer's token for another project, changed", "authorization", "Bearer " + forVictim(t, ann), false},
	}
}

// forVictim is an issuer's token with the victim's project for its own.
func forVictim(t *testing.T, token string) string {
	t.Helper()
	parts := strings.Split(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || !bytes.Contains(text, []byte(`"p1"`)) {
		t.Fatalf("%s, %v", text, err)
	}
	parts[1] = base64.RawURLEncoding.EncodeToString(bytes.ReplaceAll(text, []byte(`"p1"`), []byte(`"victim"`)))
	return strings.Join(parts, ".")
}

const victims = "projects/victim/locations/global"

// attempts are the requests of each method that reach for the victim's: for methods
// about operations by every form of a name. None means that the method is about no
// project.
var attempts = map[string]func(name string) []proto.Message{
	"google.longrunning.Operations/GetOperation": func(name string) []proto.Message {
		return []proto.Message{&longrunningpb.GetOperationRequest{Name: name}}
	},
	"google.longrunning.Operations/WaitOperation": func(name string) []proto.Message {
		return []proto.Message{&longrunningpb.WaitOperationRequest{Name: name, Timeout: durationpb.New(time.Millisecond)}}
	},
	"google.longrunning.Operations/CancelOperation": func(name string) []proto.Message {
		return []proto.Message{&longrunningpb.CancelOperationRequest{Name: name}}
	},
	"google.longrunning.Operations/DeleteOperation": func(name string) []proto.Message {
		return []proto.Message{&longrunningpb.DeleteOperationRequest{Name: name}}
	},
	"google.longrunning.Operations/ListOperations": func(name string) []proto.Message {
		parent, _, _ := strings.Cut(name, "/operations/")
		return []proto.Message{
			&longrunningpb.ListOperationsRequest{Name: parent}, &longrunningpb.ListOperationsRequest{Name: parent + "/operations"},
			&longrunningpb.ListOperationsRequest{Name: "operations"}, &longrunningpb.ListOperationsRequest{Name: "projects/victim"}, &longrunningpb.ListOperationsRequest{Name: "projects/-"},
		}
	},
	"google.cloud.texttospeech.v1.TextToSpeechLongAudioSynthesize/SynthesizeLongAudio": func(string) []proto.Message {
		return startAttempts()
	},
	"google.cloud.texttospeech.v1beta1.TextToSpeechLongAudioSynthesize/SynthesizeLongAudio": func(string) []proto.Message {
		return startAttempts() // the same bytes
	},
	"google.cloud.texttospeech.v1.TextToSpeech/ListVoices":               nil,
	"google.cloud.texttospeech.v1.TextToSpeech/SynthesizeSpeech":         nil,
	"google.cloud.texttospeech.v1.TextToSpeech/StreamingSynthesize":      nil,
	"google.cloud.texttospeech.v1beta1.TextToSpeech/ListVoices":          nil,
	"google.cloud.texttospeech.v1beta1.TextToSpeech/SynthesizeSpeech":    nil,
	"google.cloud.texttospeech.v1beta1.TextToSpeech/StreamingSynthesize": nil,
}

func startAttempts() (all []proto.Message) {
	for _, parent := range []string{victims, "projects/victim/locations/l", "projects/*/locations/l", "projects/-/locations/l", "projects/ victim/locations/l"} {
		all = append(all, longRequest(parent, "gs://free/taken.wav"))
	}
	for _, parent := range []string{victims, "projects/intruder/locations/l"} {
		all = append(all, longRequest(parent, "gs://victims/taken.wav"), longRequest(parent, "gs://absent/taken.wav"))
	}
	return all
}

func longRequest(parent, object string) *texttospeechpb.SynthesizeLongAudioRequest {
	return &texttospeechpb.SynthesizeLongAudioRequest{
		Parent: parent, OutputGcsUri: object,
		Input:       &texttospeechpb.SynthesisInput{InputSource: &texttospeechpb.SynthesisInput_Text{Text: "Mine."}},
		Voice:       &texttospeechpb.VoiceSelectionParams{LanguageCode: "en-US"},
		AudioConfig: &texttospeechpb.AudioConfig{AudioEncoding: texttospeechpb.AudioEncoding_LINEAR16},
	}
}

// forms are the ways to spell an operation's name.
func forms(name string) []string {
	id := name[strings.LastIndexByte(name, '/')+1:]
	return []string{
		name, "operations/" + id, "operations/" + name, strings.ToUpper(name), "Operations/" + id, victims + "/operations/" + strings.ToUpper(id),
		"projects/intruder/locations/global/operations/" + id, "projects/intruder/../victim/locations/global/operations/" + id,
		"projects/-/locations/-/operations/" + id, "projects/*/locations/*/operations/" + id, "projects/victim/locations/global/Operations/" + id,
		"projects%2Fvictim%2Flocations%2Fglobal%2Foperations%2F" + id, "operations%2F" + id, "operations/" + id + "%00", "operations/" + id + ";x",
		name + "/", "/" + name, name + "/.", "./" + name, "operations/" + id + ":wait", name + "?x", name + "#x",
	}
}

// Nobody reaches another project's operations, by any method, name, transport or
// credentials. A method that is new needs a row in attempts.
func TestProjectsAreApart(t *testing.T) {
	issuer := startIssuer(t)
	g := serveGuarded(t, append(issuerFlags, "--oidc-issuer", issuer, "--bucket-project", "victims=victim", "--bucket-project", "absent=victim")...)
	apiKey := g.apiKey(t, "victim", "operator")
	owner := metadata.AppendToOutgoingContext(t.Context(), "x-goog-api-key", apiKey)
	conn, err := grpc.NewClient(g.address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	long := longRequest(victims, "gs://victims/book.wav")
	long.Input.InputSource = &texttospeechpb.SynthesisInput_Text{Text: bookText}
	op, err := texttospeechpb.NewTextToSpeechLongAudioSynthesizeClient(conn).SynthesizeLongAudio(owner, long)
	if err != nil {
		t.Fatal(err)
	}
	a := attack{t: t, conn: conn, client: http.DefaultClient, url: "http://" + g.address, name: op.GetName(), id: idOf(op)}
	for _, i := range g.intruders(t, issuer) {
		a.overGRPC(i)
		a.overREST(i)
	}
	t.Logf("%d attempts", a.made)
	if a.made < 1000 {
		t.Errorf("only %d attempts", a.made)
	}

	// What they reached for is untouched, and its owner's by every name.
	ops := longrunningpb.NewOperationsClient(conn)
	for _, name := range []string{op.GetName(), "operations/" + a.id, "operations/" + op.GetName()} {
		got, err := ops.GetOperation(owner, &longrunningpb.GetOperationRequest{Name: name})
		if err != nil || got.GetError() != nil {
			t.Errorf("the owner sees %v, %v", got, err)
		}
	}
	for _, path := range []string{"/v1/" + op.GetName(), "/v1beta1/operations/" + a.id, "/v1/" + victims + "/operations", "/lectern/v1/operations/" + a.id, "/lectern/v1/" + victims + "/operations"} {
		if code, answer := a.send(intruder{header: "x-goog-api-key", value: apiKey}, "GET", path, ""); code != 200 || !strings.Contains(answer, a.id) {
			t.Errorf("the owner sees at %s: %d %s", path, code, answer)
		}
	}
	list, err := ops.ListOperations(owner, &longrunningpb.ListOperationsRequest{Name: "operations"})
	if err != nil || len(list.GetOperations()) != 1 {
		t.Errorf("the owner lists %v, %v", list, err)
	}
	if _, err := ops.CancelOperation(owner, &longrunningpb.CancelOperationRequest{Name: "operations/" + a.id}); err != nil {
		t.Error(err)
	}
}

func idOf(op *longrunningpb.Operation) string {
	return op.GetName()[strings.LastIndexByte(op.GetName(), '/')+1:]
}

type attack struct {
	t        *testing.T
	conn     *grpc.ClientConn
	client   *http.Client
	url      string // SCHEME://HOST:PORT
	name, id string // of the operation that is reached for
	made     int
}

// services are all that have methods of projects, by their descriptors.
func services() (all []protoreflect.ServiceDescriptor) {
	for _, file := range []protoreflect.FileDescriptor{
		texttospeechpb.File_google_cloud_texttospeech_v1_cloud_tts_proto, texttospeechpb.File_google_cloud_texttospeech_v1_cloud_tts_lrs_proto,
		v1beta1pb.File_google_cloud_texttospeech_v1beta1_cloud_tts_proto, v1beta1pb.File_google_cloud_texttospeech_v1beta1_cloud_tts_lrs_proto,
		longrunningpb.File_google_longrunning_operations_proto,
	} {
		for i := range file.Services().Len() {
			all = append(all, file.Services().Get(i))
		}
	}
	return all
}

func (a *attack) overGRPC(i intruder) {
	ctx := a.t.Context()
	if i.header != "" {
		ctx = metadata.AppendToOutgoingContext(ctx, i.header, i.value)
	}
	for _, service := range services() {
		for n := range service.Methods().Len() {
			m := service.Methods().Get(n)
			method := string(service.FullName()) + "/" + string(m.Name())
			attempt, placed := attempts[method]
			switch {
			case !placed:
				a.t.Fatalf("%s has no row in attempts", method)
			case attempt == nil && !i.known:
				a.turnedAway(ctx, i, method, m)
				continue
			case attempt == nil:
				continue
			}
			for _, form := range forms(a.name) {
				for _, request := range attempt(form) {
					answer := dynamicpb.NewMessage(m.Output())
					err := a.conn.Invoke(ctx, "/"+method, request, answer)
					a.made++
					a.judge(fmt.Sprintf("%s: %s %v", i.name, method, request), i, m, answer, err)
				}
			}
		}
	}
}

// turnedAway expects that a method which is about no project is nobody's either.
func (a *attack) turnedAway(ctx context.Context, i intruder, method string, m protoreflect.MethodDescriptor) {
	stream, err := a.conn.NewStream(ctx, &grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, "/"+method)
	if err == nil {
		err = stream.RecvMsg(dynamicpb.NewMessage(m.Output()))
	}
	a.made++
	if code := status.Code(err); code != codes.Unauthenticated && code != codes.InvalidArgument {
		a.t.Errorf("%s: %s: %v", i.name, method, err)
	}
}

func (a *attack) judge(what string, i intruder, m protoreflect.MethodDescriptor, answer proto.Message, err error) {
	code := status.Code(err)
	switch {
	case !i.known && code != codes.Unauthenticated && code != codes.InvalidArgument:
		a.t.Errorf("%s: %v", what, err)
	case i.known && m.Name() == "ListOperations" && code == codes.OK:
		if text := fmt.Sprint(answer); strings.Contains(text, a.id) {
			a.t.Errorf("%s: %s", what, text)
		}
	case i.known && code != codes.NotFound && code != codes.PermissionDenied && code != codes.InvalidArgument:
		a.t.Errorf("%s: %v, %v", what, answer, err)
	case i.known && m.Name() != "SynthesizeLongAudio" && code == codes.PermissionDenied:
		a.t.Errorf("%s: it is told that there is something: %v", what, err)
	}
}

func (a *attack) overREST(i intruder) {
	for _, version := range []string{"v1", "v1beta1", "V1", "v1//", "v1/.", "lectern/v1", "lectern//v1", "lectern/v1/.", "Lectern/v1"} {
		for _, form := range forms(a.name) {
			for _, r := range [][2]string{
				{"GET", form}, {"DELETE", form}, {"POST", form + ":cancel"}, {"POST", form + "%3Acancel"}, {"POST", form + ":wait"}, {"POST", form + ":CANCEL"},
				{"GET", form + ":wait"}, {"GET", victims + "/operations"}, {"GET", victims + "/operations/"}, {"GET", "operations"}, {"GET", "projects%2Fvictim/locations/global/operations"},
			} {
				a.request(i, r[0], "/"+version+"/"+r[1], "")
			}
		}
	}
	body, err := json.Marshal(map[string]any{
		"parent": "projects/intruder/locations/l", "input": map[string]string{"text": "Mine."}, "voice": map[string]string{"languageCode": "en-US"},
		"audioConfig": map[string]any{"audioEncoding": "LINEAR16"}, "outputGcsUri": "gs://free/taken.wav",
	})
	if err != nil {
		a.t.Fatal(err)
	}
	for _, parent := range []string{victims, "projects%2Fvictim/locations/global", "projects/intruder%2F..%2Fvictim/locations/l", "projects/-/locations/l"} {
		for _, version := range []string{"v1", "v1beta1"} {
			a.request(i, "POST", "/"+version+"/"+parent+":synthesizeLongAudio", string(body))
		}
	}
}

// request tries one request: it may not succeed, but for lists of nothing.
func (a *attack) request(i intruder, method, path, body string) {
	code, answer := a.send(i, method, path, body)
	a.made++
	what := fmt.Sprintf("%s: %s %s: %d %s", i.name, method, path, code, answer)
	isList := method == "GET" && (strings.TrimSpace(answer) == "{}" || strings.TrimSpace(answer) == `{"operations":[]}`)
	switch {
	case code < 400 && (!i.known || !isList), code >= 500:
		a.t.Error(what)
	case !i.known && code != 401 && code != 400:
		a.t.Error(what)
	case code == 403 && !strings.Contains(path, "synthesizeLongAudio"):
		a.t.Error(what)
	}
}

func (a *attack) send(i intruder, method, path, body string) (code int, answer string) {
	r, err := http.NewRequestWithContext(a.t.Context(), method, a.url, strings.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	r.URL.Opaque = "//" + r.URL.Host + path // as it is
	r.Header.Set("Content-Type", "application/json")
	if i.header != "" {
		r.Header.Set(i.header, i.value)
	}
	resp, err := a.client.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}
