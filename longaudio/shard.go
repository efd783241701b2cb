package longaudio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
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
	name := fmt.Sprintf("%d-%d", shard.Index, shard.Epoch)
	result, err := k.speak(ctx, &part, len(spec.Captions) > 0, shard, name)
	if err != nil {
		return nil, passing(storeFault(err))
	}
	switch work, ok, err := k.piecework(shard.ID, spec); {
	case err != nil:
		return nil, lro.Permanent(err)
	case ok:
		k.encodeAhead(ctx, work, shard.Index, shard.Count, result)
	default:
		k.gather(ctx, shard.ID, spec, shard.Index, result)
	}
	return json.Marshal(result)
}

// speak writes a part into the scratch of this name, and its cues if captions
// are wanted.
func (k *Kind) speak(ctx context.Context, part *synth.Plan, captions bool, shard lro.Shard, name string) (shardResult, error) {
	piece, err := k.scratch().Create(ctx, shard.ID, name)
	if err != nil {
		return shardResult{}, err
	}
	defer piece.Abandon()
	to := newSummed(piece)
	weight := float64(part.Weight())
	spoken, err := k.synth.BodyTelling(engine.Waiting(ctx, shard.Beat), engine.Batch, part, beating{to, shard.Beat}, func(far synth.Progress) {
		shard.Progress(float64(far.Over) / weight)
	})
	if err != nil {
		return shardResult{}, err
	}
	if err := to.Flush(); err != nil {
		return shardResult{}, err
	}
	if err := piece.Close(); err != nil {
		return shardResult{}, err
	}
	result := shardResult{Scratch: name, Frames: spoken.Frames, Bytes: to.below.size, CRC32C: to.below.sum}
	if captions {
		if result.CuesCRC32C, err = k.keepCues(ctx, shard.ID, name, spoken.Cues); err != nil {
			return shardResult{}, errors.Join(err, k.scratch().Remove(context.WithoutCancel(ctx), shard.ID, name))
		}
	}
	return result, nil
}

// scratch is where shards and pieces are.
func (s *Studio) scratch() driver.Scratch { return s.buckets.Scratch() }

// beating is a writer each write to which is a sign of life.
type beating struct {
	to   *summed
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
	piece, err := k.scratch().Open(ctx, id, r.Scratch)
	if err != nil {
		return err
	}
	defer piece.Close()
	size, sum, err := copySummed(ctx, piece, to)
	if err != nil {
		return fmt.Errorf("reading %s: %w", r.Scratch, err)
	}
	piece.Done()
	if size != r.Bytes || sum != r.CRC32C {
		return fmt.Errorf("%w: %s has %d bytes of %d", errDamaged, r.Scratch, size, r.Bytes)
	}
	return nil
}
