package needs

import (
	"os/exec"
	"testing"
)

// OwnNetwork skips the test, out loud, where the kernel lets nobody have a network
// of his own: nothing that could be installed would change that.
func OwnNetwork(t testing.TB) {
	t.Helper()
	if out, err := exec.Command(Program(t, "unshare"), "-rn", Program(t, "ip"), "link", "add", "out", "type", "veth", "peer", "name", "in").CombinedOutput(); err != nil {
		t.Skipf("SKIPPED: this kernel lets nobody have a network of his own: %v %s", err, out)
	}
}
