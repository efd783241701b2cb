//go:build unix

package keys_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/lectern/lectern/auth/keys"
)

// What root makes in the server's directory is the server's.
func TestRootGivesTheFileAway(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root may give files away")
	}
	dir := t.TempDir()
	const server = 12345
	if err := os.Chown(dir, server, server); err != nil {
		t.Fatal(err)
	}
	_, k, err := keys.NewAPIKey(speakerOf("p"), noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := keys.Add(t.Context(), keys.OpenFile(filepath.Join(dir, keys.FileName)), k); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 2 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, f := range files {
		st, err := f.Info()
		if err != nil || st.Sys().(*syscall.Stat_t).Uid != server || st.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", f.Name(), st, err)
		}
	}
}
