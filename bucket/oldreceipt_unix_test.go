//go:build unix

package bucket_test

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

// oldReceipt is what the release before this one kept of a staged file.
func oldReceipt(t *testing.T, path string) []byte {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Appendf(nil, "%d %d %d", st.Sys().(*syscall.Stat_t).Ino, st.Size(), st.ModTime().UnixNano())
}
