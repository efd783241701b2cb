package server_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/server"
)

// names is an authenticator to whom a token or an API key is a name and a role:
// "eve-viewer", and "eve-viewer@scope" if it carries a scope. Those of "all" act for all
// projects.
type names struct{}

func (names) Authenticate(_ context.Context, c auth.Credentials) (auth.Principal, error) {
	who, scope, limited := strings.Cut(c.Bearer+c.APIKey, "@")
	if limited && !c.Within(scope) {
		return auth.Principal{}, auth.NarrowScope()
	}
	name, role, ok := strings.Cut(who, "-")
	if !ok || strings.Contains(name, " ") {
		return auth.Principal{}, auth.ErrNotMine
	}
	known, err := auth.ParseRole(role)
	if err != nil {
		return auth.Principal{}, auth.Invalid().Because(err)
	}
	p := auth.Principal{Name: name, Projects: []string{name}, Role: known}
	if name == "all" {
		p.Projects = []string{auth.AllProjects}
	}
	return p, nil
}

const tts = "google.cloud.texttospeech."

// testRoles has a row for each method of the test's services.
var testRoles = map[string]auth.Role{
	tts + "v1.TextToSpeech/ListVoices":                                  auth.Viewer,
	tts + "v1.TextToSpeech/SynthesizeSpeech":                            auth.Speaker,
	tts + "v1.TextToSpeech/StreamingSynthesize":                         auth.Speaker,
	tts + "v1.TextToSpeechLongAudioSynthesize/SynthesizeLongAudio":      auth.Operator,
	tts + "v1beta1.TextToSpeech/ListVoices":                             auth.Viewer,
	tts + "v1beta1.TextToSpeech/SynthesizeSpeech":                       auth.Speaker,
	tts + "v1beta1.TextToSpeech/StreamingSynthesize":                    auth.Speaker,
	tts + "v1beta1.TextToSpeechLongAudioSynthesize/SynthesizeLongAudio": auth.Operator,
	"google.longrunning.Operations/GetOperation":                        auth.Viewer,
	"google.longrunning.Operations/ListOperations":                      auth.Viewer,
	"google.longrunning.Operations/WaitOperation":                       auth.Viewer,
	"google.longrunning.Operations/CancelOperation":                     auth.Operator,
	"google.longrunning.Operations/DeleteOperation":                     auth.Operator,
	"grpc.health.v1.Health/Check":                                       auth.None,
	"grpc.health.v1.Health/List":                                        auth.None,
	"grpc.health.v1.Health/Watch":                                       auth.None,
	"grpc.reflection.v1.ServerReflection/ServerReflectionInfo":          auth.Viewer,
	"grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo":     auth.Viewer,
	"/words":        auth.Speaker,
	"/words/":       auth.Viewer,
	"POST /token":   auth.None,
	"GET /metrics":  auth.Viewer,
	"GET /greeting": auth.None,
}

// records are what a server has told of its calls.
type records struct {
	mu  sync.Mutex
	all []server.Record
}

func (r *records) add(one server.Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, one)
}

func (r *records) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.all)
}

func (r *records) last() server.Record {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) == 0 {
		return server.Record{}
	}
	return r.all[len(r.all)-1]
}

// guarded makes a server ask who calls.
func guarded(told *records) func(*server.Config) {
	return func(cfg *server.Config) {
		say := func(text string) func(http.ResponseWriter, *http.Request) error {
			return func(w http.ResponseWriter, r *http.Request) error {
				_, err := io.WriteString(w, text+" "+auth.From(r.Context()).Name)
				return err
			}
		}
		refuse := func(w http.ResponseWriter, err error) {
			w.WriteHeader(599)
			_, _ = io.WriteString(w, fault.From(err).Code.String())
		}
		page := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "page") }
		cfg.Authenticate, cfg.Roles, cfg.Record = auth.Chain{names{}}.Authenticate, testRoles, told.add
		cfg.APIs = []server.API{
			{Patterns: []string{"/words", "/words/"}, Scopes: scopesOfWords, Serve: say("words"), Refuse: refuse},
			{Patterns: []string{"POST /token"}, Serve: say("token"), Refuse: refuse},
		}
		cfg.Pages = map[string]http.Handler{"GET /metrics": http.HandlerFunc(page), "GET /greeting": http.HandlerFunc(page)}
	}
}

func TestWhoMayCallOverREST(t *testing.T) {
	told := &records{}
	w := start(t, guarded(told))
	op := w.testServices.begin(parent, false).GetName()
	const speech = `{"input":{"text":"hello"},"voice":{"languageCode":"en"},"audioConfig":{"audioEncoding":"MP3"}}`
	for _, c := range []struct {
		method, path, body, token string
		code                      int
	}{
		{"GET", "/v1/voices", "", "", 401},
		{"GET", "/v1/voices", "", "word", 401},
		{"GET", "/v1/voices", "", "eve-none", 401},
		{"GET", "/v1/voices", "", "eve-viewer", 200},
		{"POST", "/v1/text:synthesize", speech, "eve-viewer", 403},
		{"POST", "/v1/text:synthesize", speech, "eve-speaker", 200},
		{"POST", "/v1beta1/text:synthesize", speech, "eve-viewer", 403},
		{"POST", "/v1/" + op + ":cancel", "{}", "eve-speaker", 403},
		{"GET", "/v1/" + op, "", "eve-viewer", 200},
		{"DELETE", "/v1beta1/" + op, "", "eve-speaker", 403},
		{"POST", "/v1/" + op + ":cancel", "{}", "eve-admin", 200},
		{"POST", "/v1/text:synthesize", `{"broken`, "", 401},
		{"POST", "/v1/text:synthesize", `{"broken`, "eve-speaker", 400},
		{"GET", "/nothing", "", "", 401},
		{"GET", "/nothing", "", "eve-viewer", 404},
		{"GET", "/v1//voices", "", "", 401},
		{"GET", "/words", "", "", 599},
		{"GET", "/words", "", "eve-viewer", 599},
		{"GET", "/words", "", "eve-speaker", 200},
		{"GET", "/words/all", "", "eve-viewer", 200},
		{"POST", "/token", "x", "", 200},
		{"GET", "/metrics", "", "", 401},
		{"GET", "/metrics", "", "eve-admin", 403},
		{"GET", "/metrics", "", "all-viewer", 200},
		{"GET", "/greeting", "", "", 200},
		{"GET", "/healthz", "", "", 200},
		{"GET", "/readyz", "", "", 200},
	} {
		r := request{method: c.method, path: c.path, body: c.body, header: map[string]string{}}
		if c.token != "" {
			r.header["Authorization"] = "Bearer " + c.token
		}
		before := told.count()
		got := w.send(t, r)
		if got.code != c.code {
			t.Errorf("%s %s as %q: %d %s", c.method, c.path, c.token, got.code, got.body)
		}
		if challenge := got.header.Get("WWW-Authenticate"); (challenge != "") != (got.code == 401) {
			t.Errorf("%s %s as %q: %d with the challenge %q", c.method, c.path, c.token, got.code, challenge)
		}
		looked := c.method == "GET" && strings.HasPrefix(c.path, "/v1/") && got.code == 200
		if told.count() != before && looked {
			t.Errorf("%s %s as %q, a look that was answered, is told as %+v", c.method, c.path, c.token, told.last())
		}
		if !looked && c.path != "/greeting" && c.path != "/healthz" && c.path != "/readyz" && c.path != "/token" {
			last := told.last()
			name, _, _ := strings.Cut(c.token, "-")
			if code := got.code; (last.Principal != name || last.Code == "OK" != (code == 200)) && code != 401 && code != 599 {
				t.Errorf("%s %s as %q is told as %+v", c.method, c.path, c.token, last)
			}
			if last.RequestID == "" || last.Remote == "" || last.Method == "" {
				t.Errorf("%s %s as %q is told as %+v", c.method, c.path, c.token, last)
			}
		}
	}
}

// scopesOfWords are those of the API at /words, by method.
func scopesOfWords(r *http.Request) []string { return []string{"words." + r.Method, "words"} }

// The scopes of an API are for its requests, and for nothing else.
func TestScopesOfAnAPI(t *testing.T) {
	w := start(t, guarded(&records{}))
	for _, c := range []struct {
		method, path, scope string
		code                int // 599: the API has refused it in its own form
	}{
		{"GET", "/words/all", "words.GET", 200},
		{"GET", "/words/all", "words", 200},
		{"GET", "/words/all", auth.CloudPlatform, 200},
		{"GET", "/words/all", "words.PUT", 599},
		{"PUT", "/words/all", "words.PUT", 200},
		{"PUT", "/words/all", "words.GET", 599},
		{"GET", "/words/all", "", 599},
		{"GET", "/v1/voices", auth.CloudPlatform, 200},
		{"GET", "/v1/voices", "words", 403},
		{"GET", "/v1/voices", "words.GET", 403},
		{"GET", "/metrics", "words", 403},
		{"GET", "/nothing", "words", 403},
	} {
		r := request{method: c.method, path: c.path, header: map[string]string{"Authorization": "Bearer all-viewer@" + c.scope}}
		if got := w.send(t, r); got.code != c.code {
			t.Errorf("%s %s with the scope %q: %d %s", c.method, c.path, c.scope, got.code, got.body)
		}
	}
}

func TestMissingCredentialsInGooglesWords(t *testing.T) {
	w := start(t, guarded(&records{}))
	failure := w.send(t, request{method: "GET", path: "/v1/voices"}).failure(t)
	info := failure.detail("ErrorInfo")
	if failure.Status != "UNAUTHENTICATED" || !strings.HasPrefix(failure.Message, "Request is missing required authentication credential. Expected OAuth 2 access token") ||
		info == nil || info["reason"] != "CREDENTIALS_MISSING" || info["domain"] != "googleapis.com" {
		t.Errorf("%+v", failure)
	}
	if _, err := w.client.Get(w.url + "/v1/voices?key=AIzaSyNobody"); err != nil {
		t.Fatal(err)
	}
	failure = w.send(t, request{method: "GET", path: "/v1/voices?key=AIzaSyNobody"}).failure(t)
	if info := failure.detail("ErrorInfo"); failure.Code != 400 || failure.Status != "INVALID_ARGUMENT" || info["reason"] != "API_KEY_INVALID" {
		t.Errorf("%+v", failure)
	}
}

// TestMissingCredentialsForAMethod: over REST the method is that of the route, whatever
// the body and the query, which nobody reads.
func TestMissingCredentialsForAMethod(t *testing.T) {
	w := start(t, guarded(&records{}))
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "/v1/voices?no=such&languageCode=%ZZ", "", tts + "v1.TextToSpeech.ListVoices"},
		{"POST", "/v1/text:synthesize", "{", tts + "v1.TextToSpeech.SynthesizeSpeech"},
		{"POST", "/v1beta1/text:synthesize", "", tts + "v1beta1.TextToSpeech.SynthesizeSpeech"},
		{"POST", "/v1/projects/p/locations/l:synthesizeLongAudio", "{}", tts + "v1.TextToSpeechLongAudioSynthesize.SynthesizeLongAudio"},
		{"GET", "/v1/nothing", "", ""},
	} {
		got := w.send(t, request{method: c.method, path: c.path, body: c.body})
		failure := got.failure(t)
		info := failure.detail("ErrorInfo")
		if info == nil {
			t.Errorf("%s %s: %s", c.method, c.path, got.body)
			continue
		}
		metadata, _ := info["metadata"].(map[string]any)
		if named, _ := metadata["method"].(string); failure.Code != 401 || named != c.want || metadata["service"] != "texttospeech.googleapis.com" {
			t.Errorf("%s %s: %d, %v, want %s", c.method, c.path, failure.Code, metadata, c.want)
		}
	}
}

// Every place that a client puts credentials in, and what looks like one.
func TestPlacesOfCredentials(t *testing.T) {
	w := start(t, guarded(&records{}))
	for _, c := range []struct {
		query  string
		header http.Header
		code   int
	}{
		{"", http.Header{"Authorization": {"Bearer eve-viewer"}}, 200},
		{"", http.Header{"Authorization": {"bearer  eve-viewer"}}, 200},
		{"", http.Header{"Authorization": {"eve-viewer"}}, 200}, // it is a name to this test
		{"", http.Header{"Authorization": {"Basic eve-viewer"}}, 401},
		{"", http.Header{"Authorization": {"Bearer eve-viewer", "Bearer adam-admin"}}, 401},
		{"", http.Header{"X-Goog-Api-Key": {"eve-viewer"}}, 200},
		{"?key=eve-viewer", nil, 200},
		{"?$key=eve-viewer", nil, 200},
		{"?%24key=eve-viewer&$alt=json;enum-encoding=int", nil, 200},
		{"?$alt=json;enum-encoding=int&key=eve-viewer", nil, 200},
		{"?access_token=eve-viewer", nil, 401},
		{"?key=", nil, 401},
		{"?key=word", http.Header{"Authorization": {"Bearer eve-viewer"}}, 200},
		{"?key=eve-viewer", http.Header{"Authorization": {"Bearer word"}}, 401},
	} {
		r, err := http.NewRequest("GET", w.url+"/v1/voices"+c.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = c.header
		if r.Header == nil {
			r.Header = http.Header{}
		}
		resp, err := w.client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != c.code {
			t.Errorf("%s %v: %d", c.query, c.header, resp.StatusCode)
		}
	}
}

// A stranger is answered before anything of the body has come.
func TestStrangersBodiesAreNotRead(t *testing.T) {
	w := start(t, guarded(&records{}))
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /v1/text:synthesize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(conn) // the server closes the connection
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 401 ") {
		t.Errorf("%s, %v", answer, err)
	}
}

// What an API's request asks for is recorded as the API names it, also of who is refused;
// what nothing is served for by the first name of its path.
func TestRecordOfAnAPI(t *testing.T) {
	told := &records{}
	w := start(t, guarded(told), func(cfg *server.Config) {
		cfg.APIs[0].Named = func(r *http.Request) (method, resource string) {
			return "words." + strings.ToLower(r.Method), "projects/_/buckets/words"
		}
	})
	for _, c := range []struct{ method, path, token, does, of, project string }{
		{"GET", "/words/secret", "eve-viewer", "words.get", "projects/_/buckets/words", "eve"},
		{"DELETE", "/words/secret", "", "words.delete", "projects/_/buckets/words", ""},
		{"GET", "/words", "eve-viewer", "words.get", "projects/_/buckets/words", "eve"},
		{"PUT", "/nothing/secret", "eve-viewer", "/nothing/…", "", "eve"},
		{"PUT", "/nothing/secret", "", "/nothing/…", "", ""},
		{"GET", "/v1/nothing", "eve-viewer", "/v1/nothing", "", "eve"},
	} {
		w.send(t, request{method: c.method, path: c.path, header: map[string]string{"Authorization": "Bearer " + c.token}})
		if last := told.last(); last.Method != c.does || last.Resource != c.of || last.Project != c.project {
			t.Errorf("%s %s as %q is told as %+v", c.method, c.path, c.token, last)
		}
	}
}

// Nor is a message: the client sends none, and has its answer.
func TestStrangersMessagesAreNotRead(t *testing.T) {
	told := &records{}
	w := start(t, guarded(told))
	for way, conn := range map[string]*grpc.ClientConn{"native": w.conn, "net/http": overTLS(t, guarded(told))} {
		for _, method := range []string{"/" + tts + "v1.TextToSpeech/SynthesizeSpeech", "/" + tts + "v1.TextToSpeech/StreamingSynthesize", "/unknown.Service/Method"} {
			stream, err := conn.NewStream(metadata.AppendToOutgoingContext(t.Context(), "x-request-id", "of-"+way),
				&grpc.StreamDesc{ClientStreams: true, ServerStreams: true}, method)
			if err != nil {
				t.Fatal(err)
			}
			err = stream.RecvMsg(&texttospeechpb.SynthesizeSpeechResponse{})
			st := status.Convert(err)
			if st.Code() != codes.Unauthenticated || !strings.HasPrefix(st.Message(), "Request is missing required authentication credential.") {
				t.Errorf("%s %s: %v", way, method, err)
			}
			named := strings.ReplaceAll(strings.TrimPrefix(method, "/"), "/", ".")
			if strings.HasPrefix(method, "/unknown") {
				named = ""
			}
			if info, ok := slices.Concat(st.Details(), []any{nil})[0].(*errdetails.ErrorInfo); !ok || info.GetReason() != "CREDENTIALS_MISSING" || info.GetMetadata()["method"] != named {
				t.Errorf("%s %s: %v", way, method, st.Details())
			}
			if last := told.last(); last.RequestID != "of-"+way || last.Code != "UNAUTHENTICATED" || "/"+last.Method != method || last.Remote == "" {
				t.Errorf("%s %s: told as %+v", way, method, last)
			}
		}
	}
}

// overTLS is a connection to another server, whose gRPC comes through net/http.
func overTLS(t *testing.T, options ...func(*server.Config)) *grpc.ClientConn {
	t.Helper()
	certified := httptest.NewTLSServer(nil) // only for its certificate
	t.Cleanup(certified.Close)
	cfg := server.Config{Register: newTestServices().register, Gateway: restRoutes, TLS: &tls.Config{Certificates: certified.TLS.Certificates}}
	for _, option := range options {
		option(&cfg)
	}
	srv, err := server.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(context.Background(), l) }()
	conn, err := grpc.NewClient(l.Addr().String(), grpc.WithTransportCredentials(credentials.NewTLS(certified.Client().Transport.(*http.Transport).TLSClientConfig)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = conn.Close()
		_ = srv.Close()
	})
	return conn
}

func TestWhoMayCallOverGRPC(t *testing.T) {
	told := &records{}
	w := start(t, guarded(told))
	for way, conn := range map[string]*grpc.ClientConn{"native": w.conn, "net/http": overTLS(t, guarded(told))} {
		as := func(token string) context.Context {
			return metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+token)
		}
		speech, ops := texttospeechpb.NewTextToSpeechClient(conn), longrunningpb.NewOperationsClient(conn)
		for _, c := range []struct {
			name string
			ctx  context.Context
			call func(context.Context) error
			code codes.Code
		}{
			{"voices", as("eve-viewer"), func(ctx context.Context) error { return listVoices(ctx, conn) }, codes.OK},
			{"voices", metadata.AppendToOutgoingContext(t.Context(), "x-goog-api-key", "eve-viewer"), func(ctx context.Context) error { return listVoices(ctx, conn) }, codes.OK},
			{"voices", as("word"), func(ctx context.Context) error { return listVoices(ctx, conn) }, codes.Unauthenticated},
			{"speech", as("eve-viewer"), func(ctx context.Context) error {
				_, err := speech.SynthesizeSpeech(ctx, &texttospeechpb.SynthesizeSpeechRequest{})
				return err
			}, codes.PermissionDenied},
			{"stream", as("eve-viewer"), func(ctx context.Context) error { return streamOnce(ctx, speech) }, codes.PermissionDenied},
			{"stream", as("eve-speaker"), func(ctx context.Context) error { return streamOnce(ctx, speech) }, codes.OK},
			{"cancel", as("eve-speaker"), func(ctx context.Context) error {
				_, err := ops.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: "operations/x"})
				return err
			}, codes.PermissionDenied},
			{"unknown", as("eve-admin"), func(ctx context.Context) error {
				return conn.Invoke(ctx, "/unknown.Service/Method", &texttospeechpb.ListVoicesRequest{}, &texttospeechpb.ListVoicesResponse{})
			}, codes.Unimplemented},
			{"health", t.Context(), func(ctx context.Context) error {
				_, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{})
				return err
			}, codes.OK},
		} {
			if err := c.call(c.ctx); status.Code(err) != c.code {
				t.Errorf("%s %s: %v; want %v", way, c.name, err, c.code)
			}
			if last := told.last(); c.name == "cancel" && (last.Principal != "eve" || last.Resource != "operations/x" || last.Code != "PERMISSION_DENIED") {
				t.Errorf("%s %s: told as %+v", way, c.name, last)
			}
		}
	}
}

func streamOnce(ctx context.Context, speech texttospeechpb.TextToSpeechClient) error {
	stream, err := speech.StreamingSynthesize(ctx)
	if err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	if _, err := stream.Recv(); err != io.EOF {
		return err
	}
	return nil
}

// What nobody has thought of is not served.
func TestEveryMethodNeedsARole(t *testing.T) {
	for name := range testRoles {
		roles := map[string]auth.Role{}
		for other, role := range testRoles {
			if other != name {
				roles[other] = role
			}
		}
		cfg := server.Config{Register: newTestServices().register, Gateway: restRoutes}
		guarded(&records{})(&cfg)
		cfg.Roles = roles
		srv, err := server.New(cfg)
		if err == nil {
			t.Errorf("without a role for %s it is served", name)
			_ = srv.Close()
		} else if !strings.Contains(err.Error(), name) {
			t.Errorf("without a role for %s: %v", name, err)
		}
	}
}

// Who was let in is known to interceptors and handlers, and nobody's credentials
// are in the log, whatever becomes of the call.
func TestCredentialsAreNotLogged(t *testing.T) {
	seen := make(chan auth.Principal, 10)
	w := start(t, guarded(&records{}), func(cfg *server.Config) {
		cfg.Unary = append(cfg.Unary, func(ctx context.Context, req any, _ *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			seen <- auth.From(ctx)
			return handler(ctx, req)
		})
	})
	secrets := []string{"sesame-viewer", "sesame-nobody"}
	for _, secret := range secrets {
		for _, r := range []request{
			{method: "GET", path: "/v1/voices?key=" + secret},
			{method: "GET", path: "/v1/voices?key=" + secret + "&x=%zz"},
			{method: "GET", path: "/v1/nothing?$key=" + secret},
			{method: "GET", path: "/v1/voices", header: map[string]string{"Authorization": "Bearer " + secret}},
			{method: "GET", path: "/v1/voices", header: map[string]string{"X-Goog-Api-Key": secret}},
		} {
			got := w.send(t, r)
			if strings.Contains(string(got.body), secret) {
				t.Errorf("the answer quotes the credentials: %s", got.body)
			}
		}
		_ = listVoices(metadata.AppendToOutgoingContext(t.Context(), "authorization", "Bearer "+secret), w.conn)
	}
	if strings.Contains(w.log.String(), "sesame-") {
		t.Errorf("the log has credentials:\n%s", w.log)
	}
	close(seen)
	n := 0
	for p := range seen {
		n++
		if p.Name != "sesame" || p.Role != auth.Viewer {
			t.Errorf("the handler sees %+v", p)
		}
	}
	if n == 0 {
		t.Error("no call has come so far")
	}
}
