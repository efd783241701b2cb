package longaudio

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/encode"
)

// Encodings whose encoders have a memory are made of pieces (encode.Pieces):
// shards hold sound, and each piece is encoded from the frames that it needs
// into a scratch file of its own, by whoever has a slot: a shard's worker while
// others still speak, as a head start, and then Finish, on all cores.
//
// What is in a piece's scratch file follows from its name, which is made of
// what the piece is made of: of the shards' scratch files and of where in them
// the piece lies. A piece that is there, whole, is right, whoever wrote it and
// in whichever life of the server.

// headStarts are those of the operations under way, by id.
type headStarts struct {
	mu sync.Mutex
	of map[string]*headStart
}

// headStart is what is known of an operation's pieces. It lives in memory: what
// it does not know is found out, or done again, by Finish.
type headStart struct {
	mu     sync.Mutex
	spoken map[int]shardResult // by index, beyond the sound
	sound  spokenSound         // the shards from the first on
	next   int                 // the first piece that nobody has begun
	whole  map[string]bool     // names of pieces that were written in this life
	broken bool
}

func (all *headStarts) get(id string) *headStart {
	all.mu.Lock()
	defer all.mu.Unlock()
	h := all.of[id]
	if h == nil {
		if all.of == nil {
			all.of = map[string]*headStart{}
		}
		h = &headStart{spoken: map[int]shardResult{}, whole: map[string]bool{}}
		all.of[id] = h
	}
	return h
}

func (all *headStarts) drop(id string) {
	all.mu.Lock()
	defer all.mu.Unlock()
	delete(all.of, id)
}

// heard notes a shard.
func (h *headStart) heard(index int, r shardResult) {
	h.spoken[index] = r
	for {
		next, ok := h.spoken[len(h.sound.shards)]
		if !ok {
			return
		}
		delete(h.spoken, len(h.sound.shards))
		h.sound.add(next)
	}
}

// share is how much of the sound a shard's worker encodes at most, in lengths
// of its own shard: what it has made itself and as much of what is waiting, so
// that no shard's result is kept back for long.
const share = 2

// encodeAhead notes that a shard of count was spoken, and encodes pieces whose
// sound is there. What goes wrong costs the head start only. After the last
// shard it leaves the rest to Finish.
func (k *Kind) encodeAhead(ctx context.Context, work piecework, index, count int, r shardResult) {
	h := k.headStarts.get(work.id)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.heard(index, r)
	silent := silentPieces{work: work}
	for budget := share * r.Frames; budget > 0 && !h.broken && len(h.sound.shards) < count; {
		i := h.next
		from, to := work.pieces.Span(work.rate, i)
		if to > h.sound.frames() {
			return
		}
		h.next++
		sound := h.sound
		if silent.is(ctx, k, sound, i) {
			continue
		}
		budget -= to - from
		h.mu.Unlock()
		name, err := k.encodePiece(ctx, work, sound, i, -1)
		h.mu.Lock()
		if err != nil {
			h.broken = true
			k.log.Debug("no head start for an operation", "operation", work.id, "cause", err)
			return
		}
		h.whole[name] = true
	}
}

// piecework is what all pieces of an operation have in common.
type piecework struct {
	id     string
	rate   audio.SampleRate
	pieces encode.Pieces
}

// piecework is how an operation is encoded in pieces; ok is false when its
// shards join.
func (k *Kind) piecework(id string, spec Spec) (work piecework, ok bool, err error) {
	pieces, ok, err := k.synth.Pieces(spec.Settings)
	return piecework{id: id, rate: spec.Settings.SampleRate, pieces: pieces}, ok, err
}

// pieceName names the scratch file of piece i, of frames from up to to.
func pieceName(i int, from, to audio.Frames, sound spokenSound) string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%d %d\n", from, to)
	for at := from; at < to; {
		shard, start := sound.holds(at)
		r := sound.shards[shard]
		fmt.Fprintf(sum, "%d %s %d %08x\n", start, r.Scratch, r.Bytes, r.CRC32C)
		at = sound.ends[shard]
	}
	return fmt.Sprintf("piece-%d-%x", i, sum.Sum(nil)[:8])
}

// encodePiece writes piece i into scratch and returns its name. frames is the
// length of the whole sound, or -1 while only the piece's span is known.
func (k *Kind) encodePiece(ctx context.Context, work piecework, sound spokenSound, i int, frames audio.Frames) (name string, err error) {
	from, to := work.pieces.Span(work.rate, i)
	to = min(to, sound.frames())
	name = pieceName(i, from, to, sound)
	if err := k.scratch().Remove(ctx, work.id, name); err != nil { // half of one, from before a crash
		return "", err
	}
	piece, err := k.scratch().Create(ctx, work.id, name)
	if err != nil {
		return "", err
	}
	defer piece.Abandon()
	from = min(from, to)
	span := &excerpt{ctx: ctx, scratch: k.scratch(), id: work.id, sound: sound, rate: work.rate, at: from, to: to}
	defer span.Close()
	if err := writePiece(piece, work, i, frames, span); err != nil {
		return "", err
	}
	return name, piece.Close()
}

func writePiece(to io.Writer, work piecework, i int, frames audio.Frames, span audio.PCMStream) error {
	sum := crc32.New(castagnoli)
	encoder, err := work.pieces.NewEncoder(io.MultiWriter(to, sum), work.rate, i, frames)
	if err != nil {
		return err
	}
	if err := encoder.CopyFrames(span); err != nil {
		return err
	}
	if err := encoder.Close(); err != nil {
		return err
	}
	_, err = to.Write(binary.LittleEndian.AppendUint32(nil, sum.Sum32()))
	return err
}

// encoding is about how much of the last step it is; the rest joins the pieces.
const encoding = 0.9

// assemblePieces makes the staged object of all shards, durable but unseen.
func (k *Kind) assemblePieces(ctx context.Context, work piecework, object bucket.Object, results []shardResult, progress func(float64)) (*bucket.Upload, error) {
	var sound spokenSound
	for _, r := range results {
		sound.add(r)
	}
	silent := &silentPieces{work: work}
	names, err := k.encodeRest(ctx, work, sound, silent, func(share float64) { progress(encoding * share) })
	if err != nil {
		return nil, err
	}
	upload, err := k.buckets.Stage(ctx, work.id, object)
	if err != nil {
		return nil, err
	}
	buffer := bufio.NewWriterSize(upload.Body(ctx), copyBlock)
	err = work.pieces.Mux(buffer, work.rate, sound.frames(), func(i int) (io.ReadCloser, error) {
		progress(encoding + (1-encoding)*float64(i)/float64(len(names)))
		if names[i] == "" {
			return silent.open(ctx)
		}
		return k.openPiece(ctx, work.id, names[i])
	})
	if err == nil {
		err = buffer.Flush()
	}
	if err != nil {
		_ = upload.Discard(ctx)
		return nil, err
	}
	return upload, nil
}

// encodeRest sees to it that every piece is there, and returns their names; those in
// which nothing is heard have none.
func (k *Kind) encodeRest(ctx context.Context, work piecework, sound spokenSound, silent *silentPieces, progress func(float64)) ([]string, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	h := k.headStarts.get(work.id)
	names := make([]string, work.pieces.Count(work.rate, sound.frames()))
	checks := newShardChecks(len(sound.shards))
	todo := make(chan int)
	var whole atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(names)) {
		workers.Go(func() {
			for i := range todo {
				name, err := k.piece(ctx, work, h, sound, checks, silent, i)
				if err != nil {
					stop(err)
					return
				}
				names[i] = name
				progress(float64(whole.Add(1)) / float64(len(names)))
			}
		})
	}
	for i := range names {
		select {
		case todo <- i:
			continue
		case <-ctx.Done():
		}
		break
	}
	close(todo)
	workers.Wait()
	return names, context.Cause(ctx)
}

// piece finds piece i in scratch, or encodes it, unless nothing is heard in it.
func (k *Kind) piece(ctx context.Context, work piecework, h *headStart, sound spokenSound, checks *shardChecks, silent *silentPieces, i int) (string, error) {
	from, to := work.pieces.Span(work.rate, i)
	to = min(to, sound.frames())
	name := pieceName(i, from, to, sound)
	h.mu.Lock()
	known := h.whole[name]
	fresh := h.sound.shards
	h.mu.Unlock()
	if known || k.pieceIsWhole(ctx, work.id, name) {
		return name, nil
	}
	// However many operations are at their end, no more pieces are encoded at
	// once than there are cores.
	select {
	case k.encoders <- struct{}{}:
		defer func() { <-k.encoders }()
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
	for at := from; at < to; {
		shard, _ := sound.holds(at)
		at = sound.ends[shard]
		if shard < len(fresh) && fresh[shard] == sound.shards[shard] {
			continue // spoken in this life of the server
		}
		if err := checks.once(shard, func() error { return k.copyScratch(ctx, work.id, sound.shards[shard], io.Discard) }); err != nil {
			return "", err
		}
	}
	if silent.is(ctx, k, sound, i) { // and not only because a power cut has taken what was there
		return "", nil
	}
	return k.encodePiece(ctx, work, sound, i, sound.frames())
}

// shardChecks finds, once for each shard, sound that a power cut has taken back.
type shardChecks struct {
	shards []struct {
		once sync.Once
		err  error
	}
}

func newShardChecks(n int) *shardChecks {
	c := &shardChecks{}
	c.shards = make([]struct {
		once sync.Once
		err  error
	}, n)
	return c
}

func (c *shardChecks) once(shard int, check func() error) error {
	s := &c.shards[shard]
	s.once.Do(func() { s.err = check() })
	return s.err
}

// pieceReader reads a piece's scratch and checks it at its end.
type pieceReader struct {
	ctx   context.Context
	piece driver.PieceReader
	at    int64
	end   int64 // where the checksum is
	sum   hash.Hash32
}

var errDamagedPiece = errors.New("a piece in scratch is damaged")

const pieceSumBytes = 4

func (k *Kind) openPiece(ctx context.Context, id, name string) (*pieceReader, error) {
	piece, err := k.scratch().Open(ctx, id, name)
	if err != nil {
		return nil, err
	}
	if piece.Size() < pieceSumBytes {
		_ = piece.Close()
		return nil, errDamagedPiece
	}
	return &pieceReader{ctx: ctx, piece: piece, end: piece.Size() - pieceSumBytes, sum: crc32.New(castagnoli)}, nil
}

func (r *pieceReader) Read(p []byte) (int, error) {
	if err := context.Cause(r.ctx); err != nil {
		return 0, err
	}
	if r.at == r.end {
		var want [pieceSumBytes]byte
		if n, err := r.piece.ReadAt(want[:], r.end); n < len(want) || binary.LittleEndian.Uint32(want[:]) != r.sum.Sum32() {
			return 0, errors.Join(errDamagedPiece, err)
		}
		return 0, io.EOF
	}
	n, err := r.piece.ReadAt(p[:min(int64(len(p)), r.end-r.at)], r.at)
	r.at += int64(n)
	r.sum.Write(p[:n])
	if err == io.EOF {
		err = errDamagedPiece
	}
	return n, err
}

func (r *pieceReader) Close() error { return r.piece.Close() }

// pieceIsWhole reports whether a piece is there as it was written.
func (k *Kind) pieceIsWhole(ctx context.Context, id, name string) bool {
	piece, err := k.openPiece(ctx, id, name)
	if err != nil {
		return false
	}
	defer piece.Close()
	_, err = io.Copy(io.Discard, piece)
	return err == nil
}
