package longaudio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// shardResult is a shard's checkpoint. The checksum finds scratch that a power
// cut has taken back: it is not synced.
type shardResult struct {
	Scratch string       `json:"scratch"`
	Frames  audio.Frames `json:"frames"`
	Bytes   int64        `json:"bytes"`
	CRC32C  uint32       `json:"crc32c"`
	// CuesCRC32C is that of the cues, if captions are wanted.
	CuesCRC32C uint32 `json:"cuesCrc32c,omitempty"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const (
	scratchBuffer = 128 << 10 // bytes of a write to scratch
	copyBlock     = 1 << 20   // bytes of a read from it
)

// Run implements lro.Kind: it speaks one part into scratch.
func (k *Kind) Run(ctx context.Context, shard lro.Shard) ([]byte, error) {
	var part synth.Plan
	var spec Spec
	if err := errors.Join(json.Unmarshal(shard.Payload, &part), json.Unmarshal(shard.Request, &spec)); err != nil {
		return nil, lro.Permanent(fmt.Errorf("reading shard %d: %w", shard.Index, err))
	}
	name := fmt.Sprintf("%d-%d-%d", shard.Index, shard.Job, shard.Attempt)
	file, err := k.buckets.CreateScratch(shard.ID, name)
	if err != nil {
		return nil, diskFault(err)
	}
	result, cues, err := k.speak(engine.Waiting(ctx, shard.Beat), &part, file, shard.Beat)
	err = errors.Join(err, file.Close())
	if err == nil && len(spec.Captions) > 0 {
		result.CuesCRC32C, err = k.keepCues(shard.ID, name, cues)
	}
	if err != nil {
		k.buckets.RemoveScratch(shard.ID, name)
		return nil, passing(diskFault(err))
	}
	result.Scratch = name
	switch job, ok, err := k.pieceJob(shard.ID, spec); {
	case err != nil:
		return nil, lro.Permanent(err)
	case ok:
		k.encodeAhead(ctx, job, shard.Index, shard.Count, result)
	default:
		k.gather(ctx, shard.ID, spec, shard.Index, result)
	}
	return json.Marshal(result)
}

func (k *Kind) speak(ctx context.Context, part *synth.Plan, file bucket.File, beat func()) (shardResult, []synth.Cue, error) {
	to := newHoledFile(file)
	spoken, err := k.synth.Body(ctx, engine.Batch, part, beating{to, beat})
	if err != nil {
		return shardResult{}, nil, err
	}
	if err := to.Flush(); err != nil {
		return shardResult{}, nil, err
	}
	k.buckets.ScratchWritten(file)
	return shardResult{Frames: spoken.Frames, Bytes: to.below.size, CRC32C: to.below.sum}, spoken.Cues, nil
}

// beating is a writer each write to which is a sign of life.
type beating struct {
	to   *holedFile
	beat func()
}

func (b beating) Write(p []byte) (int, error) {
	b.beat()
	return b.to.Write(p)
}

// WriteZeros implements audio.ZeroWriter.
func (b beating) WriteZeros(n int64) error {
	b.beat()
	return b.to.WriteZeros(n)
}

// passing marks what will pass: an engine that is known not to be there now.
func passing(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Code == fault.Unavailable && f.RetryAfter > 0 {
		return lro.Later(err)
	}
	return err
}

// errDamaged says that scratch is not what was written.
var errDamaged = errors.New("scratch is damaged")

func readResults(raw [][]byte) (results []shardResult, frames audio.Frames, err error) {
	results = make([]shardResult, len(raw))
	for i, b := range raw {
		if err := json.Unmarshal(b, &results[i]); err != nil {
			return nil, 0, fmt.Errorf("reading the result of shard %d: %w", i, err)
		}
		frames += results[i].Frames
	}
	return results, frames, nil
}

// copyScratch appends one shard's sound, checking that it is what was spoken.
func (k *Kind) copyScratch(ctx context.Context, id string, r shardResult, to io.Writer) error {
	file, err := k.buckets.OpenScratch(id, r.Scratch)
	if err != nil {
		return err
	}
	defer file.Close()
	size, sum, err := copyHoled(ctx, file, to)
	if err != nil {
		return err
	}
	k.buckets.ScratchRead(file)
	if size != r.Bytes || sum != r.CRC32C {
		return fmt.Errorf("%w: %s has %d bytes of %d", errDamaged, r.Scratch, size, r.Bytes)
	}
	return nil
}
