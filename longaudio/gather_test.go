package longaudio

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// 40 operations that have begun hold no more open files than have a head start.
func TestHeadStartsAreBounded(t *testing.T) {
	o := newTwoShards(t)
	s := o.stand
	var ids []string
	for i := range mostAhead + 3 {
		ids = append(ids, fmt.Sprint("op", i))
	}
	for _, id := range ids {
		o.work.ID = id
		o.run(t, 0, 1)
	}
	staged, err := os.ReadDir(filepath.Join(s.dir, "staging"))
	if err != nil || len(staged) != mostAhead || len(s.openAhead) != mostAhead {
		t.Errorf("%d objects have a head start and %d places are taken, want %d; %v", len(staged), len(s.openAhead), mostAhead, err)
	}
	for _, id := range ids {
		o.work.ID = id
		if err := o.kind.Discard(t.Context(), o.work); err != nil {
			t.Error(err)
		}
	}
	if len(s.openAhead) != 0 {
		t.Errorf("%d places are still taken", len(s.openAhead))
	}
}
