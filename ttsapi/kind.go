package ttsapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"syscall"

	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// longAudio is SynthesizeLongAudio as a kind of operation. Each shard is
// spoken into one scratch file, encoded but bare; they are joined into the
// staged object, in order, as soon as they can be (gather.go). In encodings
// whose shards do not join, scratch holds sound, and pieces of it are encoded
// into scratch of their own and then joined (pieces.go).
type longAudio struct {
	*Service
	version    version
	gatherings gatherings // of encodings whose shards join
	headStarts headStarts // of the others
}

var (
	_ lro.Kind     = (*longAudio)(nil)
	_ lro.Reserver = (*longAudio)(nil)
	_ lro.Keeper   = (*longAudio)(nil)
)

func kindName(v version) string { return "long-audio." + string(v) }

// longSpec is the stored request: what Finish needs. The text is in the shards.
type longSpec struct {
	Object   bucket.Object  `json:"object"`
	Settings synth.Settings `json:"settings"`
	// Sidecars are the captions that stand beside the object.
	Sidecars []captions.Format `json:"sidecars,omitempty"`
}

// shardResult is a shard's checkpoint. The checksum finds scratch that a power
// cut has taken back: it is not synced.
type shardResult struct {
	Scratch string       `json:"scratch"`
	Frames  audio.Frames `json:"frames"`
	Bytes   int64        `json:"bytes"`
	CRC32C  uint32       `json:"crc32c"`
	// CuesCRC32C is that of the cues, if sidecars are wanted.
	CuesCRC32C uint32 `json:"cuesCrc32c,omitempty"`
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const (
	scratchBuffer = 128 << 10 // bytes of a write to scratch
	copyBlock     = 1 << 20   // bytes of a read from it
)

// Name implements lro.Kind.
func (k *longAudio) Name() string { return kindName(k.version) }

// Run implements lro.Kind: it speaks one part into scratch.
func (k *longAudio) Run(ctx context.Context, shard lro.Shard) ([]byte, error) {
	var part synth.Plan
	var spec longSpec
	if err := errors.Join(json.Unmarshal(shard.Payload, &part), json.Unmarshal(shard.Request, &spec)); err != nil {
		return nil, lro.Permanent(fmt.Errorf("reading shard %d: %w", shard.Index, err))
	}
	name := fmt.Sprintf("%d-%d", shard.Index, shard.Epoch)
	file, err := k.buckets.CreateScratch(shard.ID, name)
	if err != nil {
		return nil, diskFault(err)
	}
	result, cues, err := k.speak(engine.Waiting(ctx, shard.Beat), &part, file, shard.Beat)
	err = errors.Join(err, file.Close())
	if err == nil && len(spec.Sidecars) > 0 {
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

func (k *longAudio) speak(ctx context.Context, part *synth.Plan, file bucket.File, beat func()) (shardResult, []synth.Cue, error) {
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

// Finish implements lro.Kind: header, shards and trailer into the staged
// object, durable but unseen. Shards whose scratch is lost are asked for again.
func (k *longAudio) Finish(ctx context.Context, f lro.Finishing) (lro.Commit, error) {
	var spec longSpec
	if err := json.Unmarshal(f.Request, &spec); err != nil {
		return nil, lro.Permanent(fmt.Errorf("reading the request: %w", err))
	}
	results, frames, err := readResults(f.Results)
	if err != nil {
		return nil, lro.Permanent(err)
	}
	job, ok, err := k.pieceJob(f.ID, spec)
	if err != nil {
		return nil, lro.Permanent(err)
	}
	// What has come into the way since the start is told before the work.
	if err := k.checkNames(spec); err != nil {
		return nil, lro.Permanent(err)
	}
	var upload *bucket.Upload
	if ok {
		upload, err = k.assemblePieces(ctx, job, spec.Object, results)
	} else {
		upload, err = k.assemble(ctx, f.ID, spec, results, frames)
	}
	if err != nil {
		return nil, k.orRedo(ctx, f.ID, results, err)
	}
	if err = k.writeSidecars(ctx, f.ID, spec, results, upload); err == nil {
		err = upload.Seal()
	}
	if err != nil {
		upload.Discard()
		return nil, k.orRedo(ctx, f.ID, results, err)
	}
	return longCommit{upload: upload, response: k.response(), log: k.log.With("operation", f.ID)}, nil
}

// checkNames reports whether the object and its captions could be committed as
// things stand.
func (k *longAudio) checkNames(spec longSpec) error {
	if err := k.buckets.Check(spec.Object); err != nil {
		return err
	}
	return k.buckets.CheckBeside(spec.Object, extensionsOf(spec.Sidecars))
}

// orRedo looks whether an error of Finish comes of scratch that is lost or
// damaged, as after a power cut, and then asks for all those shards again.
func (k *longAudio) orRedo(ctx context.Context, id string, results []shardResult, err error) error {
	var lost []int
	for i, r := range results {
		damaged := k.copyScratch(ctx, id, r, io.Discard)
		if damaged == nil && r.CuesCRC32C != 0 {
			_, damaged = k.readCues(ctx, id, r)
		}
		if context.Cause(ctx) != nil {
			return err
		}
		if errors.Is(damaged, errDamaged) || errors.Is(damaged, fs.ErrNotExist) {
			lost = append(lost, i)
		}
	}
	if errors.Is(err, errDamagedPiece) || len(lost) > 0 {
		k.headStarts.drop(id) // which knows pieces that are not what they were
	}
	if len(lost) > 0 {
		return lro.Redo(err, lost...)
	}
	return diskFault(err)
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
func (k *longAudio) copyScratch(ctx context.Context, id string, r shardResult, to io.Writer) error {
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

// Committed implements lro.Kind.
func (k *longAudio) Committed(_ context.Context, w lro.Work, receipt []byte) (proto.Message, bool, error) {
	var spec longSpec
	if err := json.Unmarshal(w.Request, &spec); err != nil {
		return nil, false, fmt.Errorf("reading the request: %w", err)
	}
	done, err := k.buckets.Committed(w.ID, spec.Object, receipt)
	return k.response(), done, unlessUnshown(k.log.With("operation", w.ID), err)
}

// unlessUnshown passes err through, but for captions that could not be shown:
// the object is, so the operation has succeeded, and only the operator can help.
func unlessUnshown(log *slog.Logger, err error) error {
	if unshown := new(bucket.UnshownError); errors.As(err, &unshown) {
		log.Error("captions cannot be shown beside their object", "cause", err)
		return nil
	}
	return err
}

// Reserve implements lro.Reserver: the names that the operation will write.
func (k *longAudio) Reserve(_ context.Context, w lro.Work) error {
	var spec longSpec
	if err := json.Unmarshal(w.Request, &spec); err != nil {
		return fmt.Errorf("reading the request: %w", err)
	}
	if err := k.buckets.Reserve(w.ID, spec.Object, extensionsOf(spec.Sidecars)); err != nil {
		return fault.From(err).In("output_gcs_uri")
	}
	return nil
}

// Release implements lro.Reserver. Head starts of an operation that has ended are of
// no use here any more, wherever it ended.
func (k *longAudio) Release(w lro.Work) {
	if g := k.gatherings.take(w.ID); g != nil {
		g.drop()
	}
	k.headStarts.drop(w.ID)
	k.buckets.Release(w.ID)
}

// Kept implements lro.Keeper.
func (k *longAudio) Kept(context.Context) ([]string, error) { return k.buckets.Kept() }

// Discard implements lro.Kind.
func (k *longAudio) Discard(_ context.Context, w lro.Work) error {
	if g := k.gatherings.take(w.ID); g != nil {
		g.drop()
	}
	k.headStarts.drop(w.ID)
	return k.buckets.Discard(w.ID)
}

// Metadata implements lro.Kind.
func (k *longAudio) Metadata(s lro.Status) proto.Message {
	progress := 0.0
	if s.WorkTotal > 0 {
		progress = 100 * float64(s.WorkDone) / float64(s.WorkTotal)
	}
	start, update := timestamppb.New(s.CreateTime), timestamppb.New(s.UpdateTime)
	if k.version == v1 {
		//lint:ignore SA1019 deprecated, but clients read it, and Google's service fills it
		return &ttspb.SynthesizeLongAudioMetadata{StartTime: start, LastUpdateTime: update, ProgressPercentage: progress}
	}
	//lint:ignore SA1019 as above
	return &pb.SynthesizeLongAudioMetadata{StartTime: start, LastUpdateTime: update, ProgressPercentage: progress}
}

func (k *longAudio) response() proto.Message {
	if k.version == v1 {
		return &ttspb.SynthesizeLongAudioResponse{}
	}
	return &pb.SynthesizeLongAudioResponse{}
}

// longCommit shows the staged object.
type longCommit struct {
	upload   *bucket.Upload
	response proto.Message
	log      *slog.Logger
}

func (c longCommit) Receipt() []byte { return c.upload.Receipt() }

func (c longCommit) Commit(ctx context.Context) (proto.Message, error) {
	return c.response, diskFault(unlessUnshown(c.log, c.upload.Commit(ctx)))
}

func (c longCommit) Discard(context.Context) error { return c.upload.Discard() }

// diskFault gives errors of the disk a sentence that an operation's owner can
// use, and fails the operation at once: to try again would only fill the disk
// again, or meet what stands in the way again. Other errors pass through.
func diskFault(err error) error {
	switch {
	case fault.Is(err, fault.FailedPrecondition):
		return lro.Permanent(err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return lro.Permanent(fault.New(fault.ResourceExhausted, "The server's disk is full. Make room and start the operation again.").Because(err))
	case errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrPermission):
		return lro.Permanent(fault.New(fault.FailedPrecondition, "The server may not write to its output directory.").Because(err))
	}
	return err
}
