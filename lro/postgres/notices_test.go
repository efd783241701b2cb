package postgres

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestPack: whatever number of operations, no notice is too long and none is missing.
func TestPack(t *testing.T) {
	for _, n := range []int{0, 1, 276, 277, 278, 5000} {
		var ids, said []string
		for i := range n {
			ids = append(ids, fmt.Sprintf("%026d", i))
		}
		for _, notice := range (notices{ended: ids}).payloads() {
			if len(notice) >= 8000 {
				t.Errorf("of %d operations a notice has %d bytes", n, len(notice))
			}
			about, rest, _ := strings.Cut(notice, " ")
			if about != saidEnded {
				t.Errorf("a notice begins with %q", about)
			}
			said = append(said, strings.Fields(rest)...)
		}
		if !slices.Equal(ids, said) {
			t.Errorf("of %d operations %d are told of", n, len(said))
		}
	}
}
