package peers_test

import (
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

func TestOpenAIClient(t *testing.T) {
	python := needs.Python(t, "openai")
	server := serve(t, t.TempDir())
	out, err := exec.CommandContext(t.Context(), python, "testdata/openai_client.py", server.address).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestOpenAINodeClient(t *testing.T) {
	client := otherClient(t, "openai")
	node := needs.Program(t, "node")
	server := serve(t, t.TempDir())
	out, err := exec.CommandContext(t.Context(), node, "testdata/openai_client.js", server.address, client).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestOpenWebUIClient: what it keeps as MP3 must be that.
func TestOpenWebUIClient(t *testing.T) {
	python, ffprobe := needs.Python(t, "requests"), needs.Program(t, "ffprobe")
	server := serve(t, t.TempDir())
	kept := filepath.Join(t.TempDir(), "speech.mp3")
	out, err := exec.CommandContext(t.Context(), python, "testdata/open_webui.py", server.address, kept).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err = exec.CommandContext(t.Context(), ffprobe, "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", kept).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != "mp3" {
		t.Errorf("the file is %s, %v", out, err)
	}
}

func TestWyomingClient(t *testing.T) {
	python := needs.Python(t, "wyoming")
	// Its port is not told to programs; one that is free a moment before will do.
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	server := serve(t, t.TempDir(), "--wyoming", address)
	out, err := exec.CommandContext(t.Context(), python, "testdata/wyoming_client.py", address).CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if code := server.stop(t); code != 0 {
		t.Errorf("the server ended with %d", code)
	}
}
