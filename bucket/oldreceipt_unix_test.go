//go:build unix

package bucket_test

import (
	"fmt"
	"os"
	"path/filepath"
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

// The receipts of releases that knew one attempt for each operation are read.
func TestCommittedReadsOldReceipts(t *testing.T) {
	dir := t.TempDir()
	s, d := open(t, dir)
	book := object(t, "gs://books/book.wav")
	for name, content := range map[string]string{"op1": "sound", "op1.srt": "captions", "op2": "sound"} {
		if err := os.WriteFile(filepath.Join(dir, "staging", name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(d.Path("books/book.wav")), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.Path("books/book.json"), []byte("somebody's"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(dir, "staging", "op1"), d.Path("books/book.wav")); err != nil {
		t.Fatal(err)
	}
	receipt := oldReceipt(t, d.Path("books/book.wav"))
	if done, err := s.Committed(t.Context(), "op1", book, receipt); !done || err != nil {
		t.Errorf("%v, %v", done, err)
	}
	if holds(t, d, "books/book.srt") != "captions" || holds(t, d, "books/book.json") != "somebody's" {
		t.Error("the captions are not shown, or somebody's object is not what it was")
	}
	receipt = oldReceipt(t, filepath.Join(dir, "staging", "op2"))
	if done, err := s.Committed(t.Context(), "op2", book, receipt); done || err != nil {
		t.Errorf("of one that was not committed: %v, %v", done, err)
	}
	if done, err := s.Committed(t.Context(), "op2", book, nil); done || err != nil {
		t.Errorf("without a receipt: %v, %v", done, err)
	}
}
