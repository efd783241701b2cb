package peers_test

import (
	"os/exec"
	"path/filepath"
	"testing"
)

// The plugins with which frameworks of voice agents speak by Google's API, as they
// are; only their clients are given this server's address. The voices are those of
// engines that are there on every machine.
func TestAgentFrameworks(t *testing.T) {
	python := filepath.Join(otherClient(t, "agents"), "bin", "python")
	server := serve(t, t.TempDir(), "--voices", t.TempDir())
	for _, program := range []string{"livekit_agent.py", "pipecat_agent.py"} {
		t.Run(program, func(t *testing.T) {
			out, err := exec.CommandContext(t.Context(), python, "testdata/"+program, server.address).CombinedOutput()
			if err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
}
