package peers_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// chromium is the browser's program, which `make clients` installs.
func chromium(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("LECTERN_TEST_CLIENTS") == "required" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED: no browser is installed; make clients installs Chromium")
	}
	return path
}

// site gives out testdata/page.html and takes what the page tells.
func site(t *testing.T) (origin string, told chan map[string]string) {
	t.Helper()
	told = make(chan map[string]string, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/page.html":
			http.ServeFile(w, r, "testdata/page.html")
		case "/told":
			var all map[string]string
			if err := json.NewDecoder(r.Body).Decode(&all); err != nil {
				t.Error(err)
			}
			told <- all
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return strings.Replace(s.URL, "127.0.0.1", "localhost", 1), told
}

// visit has a browser open a site's page and returns what the page tells.
func visit(t *testing.T, origin string, told chan map[string]string, server *program) map[string]string {
	t.Helper()
	page := origin + "/page.html?server=" + url.QueryEscape("http://"+server.address)
	cmd := exec.Command(chromium(t), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
		"--user-data-dir="+t.TempDir(), "--remote-debugging-port=0", page)
	var out buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Wait()
	defer cmd.Process.Kill()
	select {
	case all := <-told:
		return all
	case <-time.After(2 * time.Minute):
		t.Fatalf("the page tells nothing; the browser says\n%s", &out)
		return nil
	}
}

// TestBrowser: a page of an origin that was let in can do what a program can; another
// one cannot do anything, nor see anything.
func TestBrowser(t *testing.T) {
	chromium(t)
	friend, friendTold := site(t)
	stranger, strangerTold := site(t)
	server := serve(t, t.TempDir(), "--cors-origins", friend)
	operations := func() string {
		answer, _ := curl(t, "http://"+server.address+"/v1/operations")
		return strings.Join(strings.Fields(answer), "")
	}
	refused := map[string]string{
		"google": "TypeError", "openai": "TypeError", "error": "TypeError", "upload": "TypeError", "download": "TypeError", "remove": "TypeError",
		"unasked": "opaque", "image": "asked",
	}
	if got := visit(t, stranger, strangerTold, server); !maps.Equal(got, refused) {
		t.Errorf("a page of another origin is told %v", got)
	}
	if got := operations(); got != "{}" && got != `{"operations":[]}` {
		t.Errorf("it has started %s", got)
	}
	want := map[string]string{
		"google": "200 true true", "openai": "200 true", "error": "404 NOT_FOUND", "upload": "200 10", "download": "206 234 bytes 2-4/10 true", "remove": "204",
		"unasked": "opaque", "image": "asked",
	}
	if got := visit(t, friend, friendTold, server); !maps.Equal(got, want) {
		t.Errorf("the page is told %v, want %v", got, want)
	}
	if got := operations(); !strings.Contains(got, "projects/p/locations/l/operations/") {
		t.Errorf("who was let in could not start an operation: %s", got)
	}
}
