package peers_test

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/lectern/lectern/internal/needs"
)

// whoSpoke asks a server to say something and returns what its header tells.
func whoSpoke(t *testing.T, p *program, voice string) string {
	t.Helper()
	body := `{"input":{"text":"Hello."},"voice":{"languageCode":"en-US","name":"` + voice + `"},"audioConfig":{"audioEncoding":"PCM"}}`
	resp, err := http.Post("http://"+p.address+"/v1/text:synthesize", "application/json", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s", resp.Status)
	}
	return resp.Header.Get("X-Lectern-Voice")
}

// eventually asks until the answer is want: a server looks for voices every second.
func eventually(t *testing.T, want string, ask func() string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for {
		got := ask()
		if got == want {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("%s speaks, want %s", got, want)
		}
	}
}

// A server that runs speaks with a voice as soon as it is installed, and no more
// when it is removed. An item shows by a rename, here as in an installation.
func TestVoicesComeAndGo(t *testing.T) {
	from, voices := needs.Voices(t, "heart"), t.TempDir()
	p := serve(t, t.TempDir(), "--voices", voices)
	if got := whoSpoke(t, p, ""); got != "en-US-Flite-Slt" {
		t.Fatalf("%s speaks before anything is installed", got)
	}
	for _, item := range []string{"onnxruntime", "english", "heart"} {
		hidden := filepath.Join(voices, "."+item)
		if err := os.CopyFS(hidden, os.DirFS(filepath.Join(from, item))); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(hidden, filepath.Join(voices, item)); err != nil {
			t.Fatal(err)
		}
	}
	const heart = "en-US-Hibari-Heart"
	eventually(t, heart, func() string { return whoSpoke(t, p, "") })
	if got := whoSpoke(t, p, "en-US-Chirp3-HD-Charon"); got != heart {
		t.Errorf("%s speaks as Charon", got)
	}
	if got := whoSpoke(t, p, "en-US-Flite-Rms"); got != "en-US-Flite-Rms" {
		t.Errorf("%s speaks as flite's", got)
	}
	if err := os.Rename(filepath.Join(voices, "heart"), filepath.Join(voices, ".gone")); err != nil {
		t.Fatal(err)
	}
	eventually(t, "en-US-Flite-Slt", func() string { return whoSpoke(t, p, "") })
}
