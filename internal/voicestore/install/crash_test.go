package install_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/lectern/lectern/internal/voicestore"
	"github.com/lectern/lectern/internal/voicestore/download"
	"github.com/lectern/lectern/internal/voicestore/install"
)

// childEnv makes the test's binary an installer: DIR, the hub's address, what to
// install. It says each progress in a line and ends with "done" or an error.
const childEnv = "LECTERN_TEST_VOICES"

func TestMain(m *testing.M) {
	if order := os.Getenv(childEnv); order != "" {
		if err := child(strings.Split(order, "\n")); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println("done")
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// prepare is what children do to Piper's models: something that takes a while to
// write, in several files.
func prepare(_ context.Context, dir string, item *voicestore.Item) error {
	model, err := os.ReadFile(filepath.Join(dir, item.Voices[0].Parts["model"]))
	if err != nil {
		return err
	}
	for n, part := range []string{"durations", "encoder", "decoder"} {
		if err := os.WriteFile(filepath.Join(dir, part+".onnx"), model[n*1000:], 0o644); err != nil {
			return err
		}
		item.Voices[0].Parts[part] = part + ".onnx"
		fmt.Println("prepared", part)
	}
	return nil
}

func child(order []string) error {
	p := newPackages(&testing.T{})
	s, err := install.Open(order[0], install.Options{
		Hub: order[1], Releases: order[1], Catalogue: p.catalogue, Client: &download.Client{Pause: noPause},
		Preparers: map[string]install.Preparer{"piper": prepare},
	})
	if err != nil {
		return err
	}
	return s.Install(context.Background(), order[2], install.InstallOptions{Source: order[3], Again: order[4] == "again", Progress: func(p install.Progress) {
		fmt.Println("progress", p.Phase, p.File, p.Done)
	}})
}

func childCommand(t *testing.T, order ...string) (*exec.Cmd, io.Reader) {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), childEnv+"="+strings.Join(order, "\n"))
	out, err := cmd.StdoutPipe()
	must(t, err)
	cmd.Stderr = os.Stderr
	must(t, cmd.Start())
	return cmd, out
}

// inMemory is a folder that costs no time to sync, where there is one: what a
// killed process wrote is there either way.
func inMemory(t *testing.T) string {
	dir, err := os.MkdirTemp("/dev/shm", "lectern-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

// TestKilledAnywhere installs a voice by processes that are killed, by SIGKILL at
// a random line of their progress or byte of the voice, and whose
// connections are cut. After each, what shows is whole: the old version or the new
// one.
func TestKilledAnywhere(t *testing.T) {
	const key, size = "en_US-a-medium", 3 << 19
	h, p := newHub(t), newPackages(t)
	folder := p.lay(t)
	s, err := install.Open(filepath.Join(inMemory(t), "voices"), install.Options{Hub: h.URL, Catalogue: p.catalogue, Client: &download.Client{Pause: noPause}})
	must(t, err)
	must(t, s.Install(t.Context(), "onnxruntime", install.InstallOptions{Source: folder}))

	// at is after how many bytes of the model something happens.
	var at atomic.Int64
	var hold atomic.Bool // then nothing more comes, else the connection is cut
	h.before = func(w http.ResponseWriter, r *http.Request) bool {
		n := at.Load()
		if n == 0 || !strings.HasSuffix(r.URL.Path, ".onnx") {
			return false
		}
		body := h.files[r.URL.Path]
		var from int
		fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from)
		rest := body[from:]
		w.Header().Set("Content-Length", fmt.Sprint(len(rest)))
		if from > 0 {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(body)-1, len(body)))
			w.WriteHeader(http.StatusPartialContent)
		}
		w.Write(rest[:min(int(n), len(rest))])
		http.NewResponseController(w).Flush()
		if hold.Load() {
			<-r.Context().Done()
		}
		panic(http.ErrAbortHandler)
	}
	killed, resumed, versions := 0, 0, map[string]int{}
	for round := range 50 {
		if round%10 == 0 { // a new version
			h.voice(key, cc0, size, uint64(round))
		}
		at.Store(0)
		hold.Store(round%3 == 0)
		lines := 0
		switch round % 3 {
		case 0: // killed in the midst of an answer
			at.Store(60_000 + rand.Int64N(size/3))
		case 1: // killed at a line
			lines = 1 + rand.IntN(40)
		case 2: // cut again and again
			at.Store(1 + size/20 + rand.Int64N(size/3))
		}
		cmd, out := childCommand(t, s.Dir(), h.URL, key, "hub", "again")
		first := true
		for said := bufio.NewScanner(out); said.Scan(); lines-- {
			var done int
			if n, _ := fmt.Sscanf(said.Text(), "progress getting "+key+".onnx %d", &done); n == 1 {
				if first && done > 50_000 {
					resumed++
				}
				first = false
				if hold.Load() && int64(done) >= at.Load() {
					cmd.Process.Kill()
				}
			}
			if lines == 1 {
				cmd.Process.Kill()
			}
		}
		if cmd.Wait() != nil && cmd.ProcessState.ExitCode() < 0 {
			killed++
		} else if code := cmd.ProcessState.ExitCode(); code != 0 {
			t.Fatalf("round %d: the installer ended with %d", round, code)
		}
		items, err := s.Installed()
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		for _, item := range items {
			if err := s.Verify(t.Context(), item.Name); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if item.Name == key {
				versions[item.Version]++
			}
		}
	}
	t.Logf("of 50 installers %d were killed, %d went on with what was there; %d versions were seen", killed, resumed, len(versions))
	if killed < 15 || resumed < 5 {
		t.Errorf("%d were killed, %d resumed: too few to prove anything", killed, resumed)
	}
	at.Store(0)
	h.voice(key, cc0, size, 77)
	cmd, out := childCommand(t, s.Dir(), h.URL, key, "hub", "")
	said, _ := io.ReadAll(out)
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	item, err := voicestore.Read(s.Dir(), key)
	must(t, err)
	if body, _ := os.ReadFile(item.Path(s.Dir(), key+".onnx")); string(body) != string(noise(size, 77)) || len(item.Voices[0].Parts) != 5 {
		t.Errorf("in the end it is %+v", item)
	}
	if left, _ := filepath.Glob(filepath.Join(s.Dir(), ".gone")); len(left) > 0 {
		t.Errorf("%v was left", left)
	}
}

// TestCancelled stops at once and goes on later.
func TestCancelled(t *testing.T) {
	p, h := newPackages(t), newHub(t)
	programs(t, p.lay(t))
	h.voice("en_US-a-medium", cc0, 1<<20, 1)
	s := open(t, options(h, p))
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stopped")
	var at int64
	err := s.Install(ctx, "en_US-a-medium", install.InstallOptions{Progress: func(p install.Progress) {
		if strings.HasSuffix(p.File, ".onnx") && p.Done > 100_000 && at == 0 {
			at = p.Done
			cancel(stop)
		}
	}})
	if !errors.Is(err, stop) || installed(t, s) != "" {
		t.Fatalf("the error is %v", err)
	}
	first := int64(0)
	must(t, s.Install(t.Context(), "en_US-a-medium", install.InstallOptions{Progress: func(p install.Progress) {
		if strings.HasSuffix(p.File, ".onnx") && first == 0 {
			first = p.Done
		}
	}}))
	if first < at {
		t.Errorf("the second run began at %d of the %d that were there", first, at)
	}
	installed(t, s)
}

func TestTwoInstallers(t *testing.T) {
	p, h := newPackages(t), newHub(t)
	programs(t, p.lay(t))
	h.voice("en_US-a-medium", cc0, 100_000, 1)
	h.voice("en_US-b-medium", cc0, 100_000, 2)
	arrived, proceed := make(chan struct{}), make(chan struct{})
	h.before = func(_ http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "en_US-a-medium.onnx") {
			close(arrived)
			<-proceed
		}
		return false
	}
	s := open(t, options(h, p))
	other, err := install.Open(s.Dir(), options(h, p))
	must(t, err)
	ends := make(chan error, 2)
	go func() { ends <- s.Install(t.Context(), "en_US-a-medium", install.InstallOptions{}) }()
	<-arrived
	if err := other.Install(t.Context(), "en_US-b-medium", install.InstallOptions{DoNotWait: true}); err == nil || !strings.Contains(err.Error(), "Another process") {
		t.Errorf("the second one said %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	err = other.Install(ctx, "en_US-b-medium", install.InstallOptions{Progress: func(p install.Progress) {
		if p.Phase == install.Waiting {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the one that stopped waiting said %v", err)
	}
	go func() {
		ends <- other.Install(t.Context(), "en_US-b-medium", install.InstallOptions{Progress: func(p install.Progress) {
			if p.Phase == install.Waiting {
				close(proceed)
			}
		}})
	}()
	for range 2 {
		must(t, <-ends)
	}
	if got := installed(t, s); got != "en_US-a-medium en_US-b-medium onnxruntime" {
		t.Errorf("%s are installed", got)
	}
}
