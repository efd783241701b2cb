package longaudio

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Operations that have begun hold no more open files than have a head start.
func TestHeadStartsAreBounded(t *testing.T) {
	o := newTwoShards(t)
	most := o.stand.directory.Ahead()
	for i := range most + 3 {
		o.work.ID = fmt.Sprint("op", i)
		o.run(t, 0, 1)
	}
	staged := func() int {
		entries, err := os.ReadDir(filepath.Join(o.stand.dir, "staging"))
		if err != nil {
			t.Fatal(err)
		}
		return len(entries)
	}
	if n := staged(); n != most {
		t.Errorf("%d objects have a head start, want %d", n, most)
	}
	for i := range most + 3 {
		o.work.ID = fmt.Sprint("op", i)
		if err := o.kind.Discard(t.Context(), o.work); err != nil {
			t.Error(err)
		}
	}
	o.work.ID = "later"
	o.run(t, 0, 1)
	if n := staged(); n != 1 {
		t.Errorf("once the others are gone, %d have a head start", n)
	}
}
