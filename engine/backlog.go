package engine

import "sync"

// blockFrames is how much sound a block of a backlog holds: 32 KiB of it, which is
// the most that the allocator keeps for the next who asks.
const blockFrames = 16 << 10

// block is a stretch of sound.
type block [blockFrames]int16

// backlog is sound that was made and not read yet. It is in blocks, which go back to
// blocks as soon as they have been read, so that it takes the memory of what it holds
// and not of the longest utterance that there ever was.
type backlog struct {
	blocks *sync.Pool // of *block, shared
	queue  []*block   // the last one is being written, the first one read
	frames int        // in all of them
	read   int        // of the first
	room   int        // behind what is written of the last
}

// put adds frames.
func (b *backlog) put(frames []int16) {
	b.frames += len(frames)
	for len(frames) > 0 {
		if b.room == 0 {
			b.queue, b.room = append(b.queue, b.blocks.Get().(*block)), blockFrames
		}
		last := b.queue[len(b.queue)-1]
		n := copy(last[blockFrames-b.room:], frames)
		b.room -= n
		frames = frames[n:]
	}
}

// take hands out the next frames, up to n of them that lie together, and returns how
// many.
func (b *backlog) take(n int, hear func([]int16)) int {
	n = min(n, b.frames, blockFrames-b.read)
	if n == 0 {
		return 0
	}
	hear(b.queue[0][b.read:][:n])
	b.read += n
	b.frames -= n
	switch {
	case b.frames == 0:
		b.drop()
	case b.read == blockFrames:
		b.blocks.Put(b.queue[0])
		b.queue, b.read = b.queue[1:], 0
	}
	return n
}

// drop forgets what is left.
func (b *backlog) drop() {
	for _, block := range b.queue {
		b.blocks.Put(block)
	}
	*b = backlog{blocks: b.blocks}
}
