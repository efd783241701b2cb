package proxy_test

import (
	"testing"

	"github.com/lectern/lectern/internal/proxy"
)

func TestService(t *testing.T) {
	for host, want := range map[string]string{
		"texttospeech.googleapis.com":                         proxy.Speech,
		"texttospeech.mtls.googleapis.com":                    proxy.Speech,
		"us-texttospeech.googleapis.com":                      proxy.Speech,
		"eu-texttospeech.googleapis.com":                      proxy.Speech,
		"us-central1-texttospeech.googleapis.com":             proxy.Speech,
		"northamerica-northeast1-texttospeech.googleapis.com": proxy.Speech,
		"texttospeech.us.rep.googleapis.com":                  proxy.Speech,
		"longrunning.googleapis.com":                          proxy.Speech,
		"storage.googleapis.com":                              proxy.Storage,
		"storage.mtls.googleapis.com":                         proxy.Storage,
		"oauth2.googleapis.com":                               proxy.Tokens,
		"oauth2.mtls.googleapis.com":                          proxy.Tokens,
		"speech.googleapis.com":                               "",
		"aiplatform.googleapis.com":                           "",
		"googleapis.com":                                      "",
		"texttospeech.googleapis.com.evil.example":            "",
		"eviltexttospeech.googleapis.com":                     "",
		"accounts.google.com":                                 "",
	} {
		if got, known := proxy.Service(host); got != want || known != (want != "") {
			t.Errorf("%s: %q", host, got)
		}
	}
}
