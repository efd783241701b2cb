package peers_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/api/option"

	"github.com/lectern/lectern/auth"
)

// The claims of the issuer's users that hold project and role: its example's users have
// no others, and any will do.
var issuerFlags = []string{"--oidc-audience", "lectern", "--oidc-project-claim", "given_name", "--oidc-role-claim", "family_name"}

const issuerUsers = `{
	"ann": {"ID": "ann", "Username": "ann", "Password": "verysecure", "FirstName": "p1", "LastName": "operator"},
	"bob": {"ID": "bob", "Username": "bob", "Password": "verysecure", "FirstName": "p1", "LastName": "Smith"}
}`

// startIssuer starts an OpenID Connect issuer and returns its URL.
func startIssuer(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	program, users := filepath.Join(dir, "issuer"), filepath.Join(dir, "users.json")
	modules, err := filepath.Abs("testdata/issuer/issuer.mod")
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), "go", "build", "-modfile", modules, "-o", program, "./testdata/issuer")
	build.Env = append(os.Environ(), "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.WriteFile(users, []byte(issuerUsers), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, users)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line)
}

// signIn is what a browser does: it returns the ID token that the issuer gives a user.
func signIn(t *testing.T, issuer, user string) string {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	next := func(resp *http.Response, err error) *url.URL {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		to, err := resp.Location()
		if err != nil {
			body, _ := io.ReadAll(resp.Body)
			t.Fatalf("%s: %v\n%s", resp.Status, err, body)
		}
		return to
	}
	asked := url.Values{"client_id": {"lectern"}, "redirect_uri": {issuer + "back"}, "response_type": {"id_token"},
		"scope": {"openid profile"}, "nonce": {"n"}, "state": {"s"}}
	login := next(browser.Get(issuer + "auth?" + asked.Encode()))
	form := url.Values{"id": {login.Query().Get("authRequestID")}, "username": {user}, "password": {"verysecure"}}
	login.RawQuery = ""
	back := next(browser.Get(next(browser.PostForm(login.String(), form)).String()))
	answer, err := url.ParseQuery(back.Fragment)
	if err != nil || answer.Get("id_token") == "" {
		t.Fatalf("%s, %v", back, err)
	}
	return answer.Get("id_token")
}

// An issuer that is not ours gives a token, which Lectern takes as it is.
func TestOpenIDIssuer(t *testing.T) {
	issuer := startIssuer(t)
	g := serveGuarded(t, append(issuerFlags, "--oidc-issuer", issuer)...)
	ann, bob := signIn(t, issuer, "ann"), signIn(t, issuer, "bob")
	for name, tc := range map[string]struct {
		token  string
		status int
	}{"with a role": {ann, 200}, "without": {bob, 403}, "of nobody's": {ann + "x", 401}} {
		if got := g.status(t, "Authorization", "Bearer "+tc.token); got != tc.status {
			t.Errorf("%s: %d", name, got)
		}
	}
	start := func(project string) string {
		body, err := json.Marshal(map[string]any{"input": map[string]string{"text": "Hello."}, "voice": map[string]string{"languageCode": "en-US"},
			"audioConfig": map[string]string{"audioEncoding": "LINEAR16"}, "outputGcsUri": "gs://books/issuer.wav"})
		if err != nil {
			t.Fatal(err)
		}
		_, status := curl(t, "-H", "Authorization: Bearer "+ann, "-d", string(body), "http://"+g.address+"/v1/projects/"+project+"/locations/l:synthesizeLongAudio")
		return status
	}
	if status := start("p1"); !strings.HasPrefix(status, "200") {
		t.Errorf("in her project: %s", status)
	}
	if status := start("p2"); !strings.HasPrefix(status, "403") {
		t.Errorf("in another project: %s", status)
	}
}

// externalAccount writes the file of docs/credentials.md, by which Google's libraries
// have an issuer's token exchanged at url.
func externalAccount(t *testing.T, url, token string) string {
	t.Helper()
	dir := t.TempDir()
	subject, file := filepath.Join(dir, "token"), filepath.Join(dir, "account.json")
	text, err := json.Marshal(map[string]any{
		"type": "external_account", "audience": "lectern", "token_url": url + "/v1/token",
		"subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
		"credential_source":  map[string]string{"file": subject},
	})
	if err := errors.Join(err, os.WriteFile(file, text, 0o600), os.WriteFile(subject, []byte(token), 0o600)); err != nil {
		t.Fatal(err)
	}
	return file
}

// Workload identity federation: Google's libraries call with an issuer's tokens, over
// both transports, and only for whom the issuer gives a role.
func TestExternalAccounts(t *testing.T) {
	issuer := startIssuer(t)
	g := serveGuarded(t, append(issuerFlags, "--oidc-issuer", issuer)...)
	address, authority := g.tunnel(t)
	ann, bob := signIn(t, issuer, "ann"), signIn(t, issuer, "bob")
	t.Run("Go", func(t *testing.T) {
		for _, transport := range []string{"gRPC", "REST"} {
			credential := func(token string) []option.ClientOption {
				file := externalAccount(t, "http://"+g.address, token)
				return []option.ClientOption{option.WithAuthCredentialsFile(option.ExternalAccount, file), option.WithScopes(auth.CloudPlatform)}
			}
			c := g.goClients(t, transport, credential(ann))
			c.speak(t)
			if _, err := c.start(t, "gs://books/go-"+transport+".wav", "Hello.").Wait(t.Context()); err != nil {
				t.Error(err)
			}
			_, err := g.goClients(t, transport, credential(bob)).speech.ListVoices(t.Context(), &texttospeechpb.ListVoicesRequest{})
			if err == nil || !strings.Contains(err.Error(), "gives its bearer no role") {
				t.Errorf("%s without a role: %v", transport, err)
			}
		}
	})
	t.Run("Python", func(t *testing.T) {
		python := pythonClient(t)
		for _, transport := range []string{"grpc", "rest"} {
			cmd := exec.CommandContext(t.Context(), python, "testdata/external_account.py", address, transport)
			cmd.Env = append(cmd.Environ(), "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH="+authority, "REQUESTS_CA_BUNDLE="+authority,
				"GOOGLE_APPLICATION_CREDENTIALS="+externalAccount(t, "https://"+address, ann))
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", transport, err, out)
			}
		}
	})
}
