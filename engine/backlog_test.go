package engine

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// TestBacklog: what is put in comes out, once and in order, in whatever pieces either
// side works, and no block is kept for what has been read.
func TestBacklog(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	b := backlog{blocks: &sync.Pool{New: func() any { return new(block) }}}
	var put, taken []int16
	for step := range 2000 {
		if random.IntN(2) == 0 {
			frames := make([]int16, random.IntN(3*blockFrames))
			for i := range frames {
				frames[i] = int16(random.Uint32())
			}
			b.put(frames)
			put = append(put, frames...)
		} else {
			hear := func(frames []int16) { taken = append(taken, frames...) }
			for left := random.IntN(4 * blockFrames); left > 0 && b.frames > 0; {
				before := len(taken)
				n := b.take(left, hear)
				if n == 0 || n > left || n != len(taken)-before {
					t.Fatalf("step %d: take of %d says %d and hands out %d", step, left, n, len(taken)-before)
				}
				left -= n
			}
		}
		held := len(put) - len(taken)
		if b.frames != held {
			t.Fatalf("step %d: it holds %d frames and says %d", step, held, b.frames)
		}
		if most := held/blockFrames + 2; len(b.queue) > most {
			t.Fatalf("step %d: %d blocks for %d frames", step, len(b.queue), held)
		}
		if held == 0 && len(b.queue) > 0 {
			t.Fatalf("step %d: %d blocks for nothing", step, len(b.queue))
		}
	}
	if !slices.Equal(taken, put[:len(taken)]) {
		t.Error("other frames came out than were put in")
	}
	if b.drop(); b.frames != 0 || len(b.queue) != 0 || b.take(1, func([]int16) {}) != 0 {
		t.Error("something is left of what was dropped")
	}
}
