package command

import (
	"strings"
	"testing"
)

// Ctrl-C is the program's, once: the terminal gives it to the program and to lectern,
// which must neither pass it on a second time nor end before the program.
func TestRunOnTerminal(t *testing.T) {
	dir := installProgram(t)
	server := startServer(t, dir)
	s := onTerminal(t, dir, nil, "run", "--server", server.address, "--", "sh", "-c",
		`n=0; trap 'n=$((n+1)); echo "interrupted $n"' INT; echo ready; while :; do read line && echo "read $line" && exit 5; done`)
	at := s.expect(0, "ready")
	s.typed(ctrlC)
	at = s.expect(at, "interrupted 1")
	s.typed("end\n")
	s.expect(at, "read end")
	s.end(5)
	if shown, _ := s.all(); strings.Contains(shown, "interrupted 2") {
		t.Errorf("one Ctrl-C came twice:\n%s", shown)
	}
}
