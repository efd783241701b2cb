package peers_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/lectern/lectern/internal/needs"
)

// snippet is a program in a page of docs.
var snippet = regexp.MustCompile("(?s)\n```python\n(.*?)\n```\n")

// What the page on streams shows runs as it stands there, and is heard. The ports
// alone are others.
func TestSnippetsOfStreams(t *testing.T) {
	page, err := os.ReadFile("../../docs/streams.md")
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	wyoming := l.Addr().String()
	l.Close()
	server := serve(t, t.TempDir(), "--voices", needs.Voices(t, "heart"), "--wyoming", wyoming)
	_, wyomingPort, err := net.SplitHostPort(wyoming)
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	for i, found := range snippet.FindAllStringSubmatch(string(page), -1) {
		program := found[1]
		if strings.Contains(program, "livekit") {
			continue // TestAgentFrameworks has it
		}
		ran++
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			program = strings.ReplaceAll(program, "127.0.0.1:8085", server.address)
			program = strings.ReplaceAll(program, "10300", wyomingPort)
			heard := filepath.Join(t.TempDir(), "heard")
			program = fmt.Sprintf("def play(sound):\n    open(%q, 'ab').write(sound)\n\n%s\n", heard, program)
			if out, err := exec.CommandContext(t.Context(), needs.Python(t, "wyoming"), "-c", program).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			// Two short sentences, at two bytes a sample and 24,000 of them a second.
			if sound, err := os.ReadFile(heard); err != nil || len(sound) < 48_000 || len(sound) > 480_000 {
				t.Errorf("%d bytes were heard, %v", len(sound), err)
			}
		})
	}
	if ran != 3 {
		t.Errorf("the page has %d programs, one for each protocol is wanted", ran)
	}
}
