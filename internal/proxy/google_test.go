package proxy_test

import (
	"testing"

	"github.com/lectern/lectern/internal/proxy"
)

func TestService(t *testing.T) {
	for host, want := range map[string]string{
		"texttospeech.googleapis.com":                         "texttospeech",
		"texttospeech.mtls.googleapis.com":                    "texttospeech",
		"us-texttospeech.googleapis.com":                      "texttospeech",
		"eu-texttospeech.googleapis.com":                      "texttospeech",
		"us-central1-texttospeech.googleapis.com":             "texttospeech",
		"northamerica-northeast1-texttospeech.googleapis.com": "texttospeech",
		"texttospeech.us.rep.googleapis.com":                  "texttospeech",
		"longrunning.googleapis.com":                          "texttospeech",
		"storage.googleapis.com":                              "storage",
		"storage.mtls.googleapis.com":                         "storage",
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
