package command

import (
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/trust"
)

func TestExceptionsDoNotLeadPastTheProxy(t *testing.T) {
	const always = "localhost,127.0.0.1,::1"
	for noProxy, want := range map[string]string{
		"":                                    always,
		"*":                                   always,
		"localhost, .corp.example,10.0.0.0/8": always + ",.corp.example,10.0.0.0/8",
		".googleapis.com,db":                  always + ",db",
		"googleapis.com":                      always,
		"*.googleapis.com,.com":               always,
		"texttospeech.googleapis.com:443":     always,
		"us-texttospeech.googleapis.com":      always,
		"aiplatform.googleapis.com":           always + ",aiplatform.googleapis.com",
		"example.com,notgoogleapis.com":       always + ",example.com,notgoogleapis.com",
	} {
		if got := exceptions(noProxy); got != want {
			t.Errorf("%q: %q, want %q", noProxy, got, want)
		}
	}
}

func TestProgramsEnvironment(t *testing.T) {
	d := &detour{dir: "/d", files: trust.Files{Authority: "/d/a", Bundle: "/d/b", Store: "/d/s"}, proxy: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9}, project: "p1", account: &account{file: "/d/service-account.json"}}
	environ := []string{
		"PATH=/bin", "https_proxy=http://up:1", "grpc_proxy=http://up:1", "JAVA_TOOL_OPTIONS=-Xmx1g", "NODE_OPTIONS=--no-warnings",
		"GOOGLE_CLOUD_UNIVERSE_DOMAIN=example.com", "GOOGLE_APPLICATION_CREDENTIALS=/mine.json", "no_grpc_proxy=*", "SSL_CERT_FILE=/mine.pem",
	}
	before := slices.Clone(environ)
	get := func(environ []string) map[string]string {
		t.Helper()
		found := map[string]string{}
		for _, v := range environ {
			name, value, _ := strings.Cut(v, "=")
			if _, twice := found[name]; twice {
				t.Errorf("%s is there twice", name)
			}
			found[name] = value
		}
		return found
	}
	got := get(d.environment(environ, &target{address: "127.0.0.1:8", secure: true}))
	if !slices.Equal(environ, before) {
		t.Errorf("the caller's own was changed: %q", environ)
	}
	for name, want := range map[string]string{
		"PATH":                             "/bin",
		"HTTPS_PROXY":                      "http://127.0.0.1:9",
		"https_proxy":                      "http://127.0.0.1:9",
		"grpc_proxy":                       "http://127.0.0.1:9",
		"no_grpc_proxy":                    "localhost,127.0.0.1,::1",
		"SSL_CERT_FILE":                    "/d/b",
		"GRPC_DEFAULT_SSL_ROOTS_FILE_PATH": "/d/b",
		"GOOGLE_APPLICATION_CREDENTIALS":   "/d/service-account.json",
		"GOOGLE_CLOUD_PROJECT":             "p1",
		"LECTERN_SERVER":                   "https://127.0.0.1:8",
	} {
		if got[name] != want {
			t.Errorf("%s=%s, want %s", name, got[name], want)
		}
	}
	if java := got["JAVA_TOOL_OPTIONS"]; !strings.HasPrefix(java, "-Xmx1g -D") || !strings.Contains(java, "-Dhttps.proxyPort=9 ") {
		t.Errorf("JAVA_TOOL_OPTIONS=%s", java)
	}
	if node := got["NODE_OPTIONS"]; !strings.HasPrefix(node, "--no-warnings --require ") {
		t.Errorf("NODE_OPTIONS=%s", node)
	}
	if _, there := got["GOOGLE_CLOUD_UNIVERSE_DOMAIN"]; there {
		t.Error("Google's names are another universe's")
	}
	d.account = nil // it is to keep its own
	if got := get(d.environment(environ, &target{})); got["GOOGLE_APPLICATION_CREDENTIALS"] != "/mine.json" || got["GOOGLE_CLOUD_PROJECT"] != "" {
		t.Errorf("credentials that were to be kept: %q", got)
	}
}

func TestWhatPasses(t *testing.T) {
	to := &target{}
	for _, tt := range []struct {
		options runOptions
		host    string
		want    bool
	}{
		{runOptions{}, "texttospeech.googleapis.com", true},
		{runOptions{}, "oauth2.googleapis.com", true},
		{runOptions{}, "storage.googleapis.com", true},
		{runOptions{}, "aiplatform.googleapis.com", false},
		{runOptions{pass: []string{"Storage.googleapis.com."}}, "storage.googleapis.com", false},
		{runOptions{pass: []string{"storage.googleapis.com"}}, "texttospeech.googleapis.com", true},
		{runOptions{keepCredentials: true}, "oauth2.googleapis.com", false},
	} {
		if _, ok := answering(tt.options, to, &net.TCPAddr{})(tt.host); ok != tt.want {
			t.Errorf("%+v: %s is answered: %v", tt.options, tt.host, ok)
		}
	}
}
