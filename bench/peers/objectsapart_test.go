package peers_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A bucket is the project's that made it or wrote to it first, without any setting. To
// others it is in every answer as one that does not exist, by every way to an object.
func TestObjectsAreApart(t *testing.T) {
	g := serveGuarded(t)
	alpha, beta, admin := g.apiKey(t, "alpha", "operator"), g.apiKey(t, "beta", "operator"), g.apiKey(t, "*", "admin")
	send := func(key, method, path, body string) string {
		t.Helper()
		answer, status := curl(t, "-X", method, "-H", "x-goog-api-key: "+key, "-H", "Content-Type: application/json", "-d", body, "http://"+g.address+path)
		code, _, _ := strings.Cut(status, " ")
		return code + " " + strings.TrimSpace(answer)
	}
	long := func(key, project, object string) string {
		t.Helper()
		body, err := json.Marshal(map[string]any{
			"input": map[string]string{"text": "Mine."}, "voice": map[string]string{"languageCode": "en-US"},
			"audioConfig": map[string]any{"audioEncoding": "LINEAR16"}, "outputGcsUri": object,
		})
		if err != nil {
			t.Fatal(err)
		}
		return send(key, "POST", "/v1/projects/"+project+"/locations/global:synthesizeLongAudio", string(body))
	}
	for what, got := range map[string]string{
		"an upload":        send(alpha, "POST", "/upload/storage/v1/b/uploaded/o?uploadType=media&name=a.wav", "sound"),
		"a bucket":         send(alpha, "POST", "/storage/v1/b?project=alpha", `{"name":"inserted"}`),
		"a long operation": long(alpha, "alpha", "gs://spoken/a.wav"),
	} {
		if !strings.HasPrefix(got, "200 ") {
			t.Fatalf("%s: %s", what, got)
		}
	}
	if got := send(alpha, "POST", "/upload/storage/v1/b/inserted/o?uploadType=media&name=a.wav", "sound"); !strings.HasPrefix(got, "200 ") {
		t.Fatal(got)
	}
	attempts := func(name string) (answers []string) {
		for _, r := range [][3]string{
			{"GET", "/storage/v1/b/BUCKET"}, {"GET", "/storage/v1/b/BUCKET/o"}, {"GET", "/storage/v1/b/BUCKET/o/a.wav"}, {"GET", "/storage/v1/b/BUCKET/o/a.wav?alt=media"},
			{"GET", "/download/storage/v1/b/BUCKET/o/a.wav?alt=media"}, {"GET", "/BUCKET/a.wav"}, {"GET", "/b/BUCKET/o/a.wav"}, {"GET", "/b/BUCKET/o"},
			{"DELETE", "/storage/v1/b/BUCKET/o/a.wav"}, {"DELETE", "/storage/v1/b/BUCKET"},
		} {
			got := send(beta, r[0], strings.ReplaceAll(r[1], "BUCKET", name), r[2])
			answers = append(answers, r[0]+" "+r[1]+": "+strings.ReplaceAll(got, name, "BUCKET"))
		}
		return answers
	}
	absent := attempts("absent")
	for _, name := range []string{"uploaded", "inserted", "spoken"} {
		for i, got := range attempts(name) {
			if got != absent[i] || !strings.Contains(got, ": 404 ") {
				t.Errorf("of alpha's %s %s, of one that is not there %s", name, got, absent[i])
			}
		}
		for what, got := range map[string]string{
			"an upload":            send(beta, "POST", "/upload/storage/v1/b/"+name+"/o?uploadType=media&name=b.wav", "sound"),
			"an upload over it":    send(beta, "POST", "/upload/storage/v1/b/"+name+"/o?uploadType=media&name=a.wav", "other"),
			"a resumable upload":   send(beta, "POST", "/upload/storage/v1/b/"+name+"/o?uploadType=resumable&name=b.wav", ""),
			"the bucket once more": send(beta, "POST", "/storage/v1/b?project=alpha", fmt.Sprintf(`{"name":%q}`, name)),
			"a long operation":     long(beta, "beta", "gs://"+name+"/b.wav"),
			"one over it":          long(beta, "beta", "gs://"+name+"/a.wav"),
		} {
			if !strings.HasPrefix(got, "404 ") {
				t.Errorf("beta writes %s to %s: %s", what, name, got)
			}
		}
	}
	if got := send(beta, "GET", "/storage/v1/b?project=alpha", ""); !strings.HasPrefix(got, "200 ") || strings.Contains(got, "uploaded") {
		t.Errorf("beta's buckets are %s", got)
	}
	copied := func(key string) (string, error) {
		cmd := exec.CommandContext(t.Context(), filepath.Join(programs, "lectern"), "cp", "--server", g.address, "gs://uploaded/a.wav", "-")
		cmd.Env = append(cmd.Environ(), "LECTERN_API_KEY="+key)
		out, err := cmd.CombinedOutput()
		return string(out), err // the object, or why not
	}
	if out, err := copied(beta); err == nil || !strings.Contains(out, `no object "gs://uploaded/a.wav"`) {
		t.Errorf("beta copies %s (%v)", out, err)
	}
	if out, err := copied(alpha); err != nil || out != "sound" {
		t.Errorf("the owner copies %s (%v)", out, err)
	}
	for _, key := range []string{alpha, admin} {
		if got := send(key, "GET", "/uploaded/a.wav", ""); got != "200 sound" {
			t.Errorf("the owner reads %s", got)
		}
		if got := send(key, "GET", "/storage/v1/b?project=alpha", ""); !strings.Contains(got, `"uploaded"`) || !strings.Contains(got, `"inserted"`) {
			t.Errorf("the owner's buckets are %s", got)
		}
	}
	if got := send(alpha, "DELETE", "/storage/v1/b/uploaded/o/a.wav", ""); got != "204" && got != "204 " {
		t.Errorf("the owner removes it: %q", got)
	}
}
