package command

import (
	"os"
	"strings"
	"testing"
)

func TestOpenToOthers(t *testing.T) {
	dir := t.TempDir()
	for mode, open := range map[os.FileMode]bool{0o700: false, 0o750: false, 0o755: true, 0o701: true} {
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		err := openToOthers(dir)
		if (err != nil) != open || open && !strings.Contains(err.Error(), dir) {
			t.Errorf("mode %o: %v", mode, err)
		}
	}
}
