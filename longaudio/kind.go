package longaudio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
)

// Answers are the messages in which operations are told of, those of one version
// of an API.
type Answers interface {
	// Progress is the metadata of an operation at any time.
	Progress(s lro.Status) proto.Message
	// Done is the response of one that has succeeded.
	Done() proto.Message
}

// Kind is long audio as a kind of operation.
type Kind struct {
	*Studio
	name       string
	answers    Answers
	gatherings gatherings // of encodings whose shards join
	headStarts headStarts // of the others
}

var (
	_ lro.Kind      = (*Kind)(nil)
	_ lro.Namer     = (*Kind)(nil)
	_ lro.Forgetter = (*Kind)(nil)
	_ lro.Keeper    = (*Kind)(nil)
)

// Kind makes the kind of this name, which must stay the same for ever.
func (s *Studio) Kind(name string, answers Answers) *Kind {
	return &Kind{Studio: s, name: name, answers: answers}
}

// Spec is what is kept of a request: what Finish needs. The text is in the shards.
type Spec struct {
	Object   bucket.Object  `json:"object"`
	Settings synth.Settings `json:"settings"`
	// Captions are the formats of those that stand beside the object; their name
	// here is that of operations from before.
	Captions []captions.Format `json:"sidecars,omitempty"`
	// Account is whom the sound is counted for; see Config.Made.
	Account string `json:"account,omitempty"`
	// Webhook is the URL that is told of the end.
	Webhook string `json:"webhook,omitempty"`
}

// WebhookOf is the Webhook of a stored request; empty if it has none.
func WebhookOf(request []byte) string {
	var spec struct{ Webhook string }
	if json.Unmarshal(request, &spec) != nil {
		return "" // the operation will have failed for that reason
	}
	return spec.Webhook
}

// Name implements lro.Kind.
func (k *Kind) Name() string { return k.name }

// Metadata implements lro.Kind.
func (k *Kind) Metadata(s lro.Status) proto.Message { return k.answers.Progress(s) }

// Finish implements lro.Kind: header, shards and trailer into the staged
// object, durable but unseen. Shards whose scratch is lost are asked for again.
func (k *Kind) Finish(ctx context.Context, f lro.Finishing) (lro.Commit, error) {
	var spec Spec
	if err := json.Unmarshal(f.Request, &spec); err != nil {
		return nil, lro.Permanent(fmt.Errorf("reading the request: %w", err))
	}
	results, frames, err := readResults(f.Results)
	if err != nil {
		return nil, lro.Permanent(err)
	}
	work, ok, err := k.piecework(f.ID, spec)
	if err != nil {
		return nil, lro.Permanent(err)
	}
	// What has come into the way since the start is told before the work.
	if err := k.checkNames(ctx, spec); err != nil {
		return nil, lro.Permanent(err)
	}
	var upload *bucket.Upload
	var head []byte
	if ok {
		upload, err = k.assemblePieces(ctx, work, spec.Object, results, f.Progress)
	} else {
		upload, head, err = k.assemble(ctx, f.ID, spec, results, frames, f.Progress)
	}
	if err != nil {
		return nil, k.orRedo(ctx, f.ID, results, err)
	}
	if err = k.writeCaptions(ctx, f.ID, spec, results, upload); err == nil {
		err = upload.Seal(ctx, head)
	}
	if err != nil {
		_ = upload.Discard(ctx)
		return nil, k.orRedo(ctx, f.ID, results, err)
	}
	return outcome{
		upload: upload, response: k.answers.Done(), log: k.log.With("operation", f.ID),
		made: func() { k.made(spec.Account, spec.Settings.SampleRate.Duration(frames)) },
	}, nil
}

// orRedo looks whether an error of Finish comes of scratch that is lost or
// damaged, as after a power cut, and then asks for all those shards again.
func (k *Kind) orRedo(ctx context.Context, id string, results []shardResult, err error) error {
	var lost []int
	for i, r := range results {
		damaged := k.copyScratch(ctx, id, r, io.Discard)
		if damaged == nil && r.CuesCRC32C != 0 {
			_, damaged = k.readCues(ctx, id, r)
		}
		if context.Cause(ctx) != nil {
			return err
		}
		if errors.Is(damaged, errDamaged) || bucket.ClassOf(damaged) == bucket.Gone {
			lost = append(lost, i)
		}
	}
	if errors.Is(err, errDamagedPiece) || len(lost) > 0 {
		k.headStarts.drop(id) // which knows pieces that are not what they were
	}
	if len(lost) > 0 {
		return lro.Redo(err, lost...)
	}
	return storeFault(err)
}

// Committed implements lro.Kind.
func (k *Kind) Committed(ctx context.Context, w lro.Work, receipt []byte) (proto.Message, bool, error) {
	var spec Spec
	if err := json.Unmarshal(w.Request, &spec); err != nil {
		return nil, false, fmt.Errorf("reading the request: %w", err)
	}
	done, err := k.buckets.Committed(ctx, w.ID, spec.Object, receipt)
	return k.answers.Done(), done, unlessUnshown(k.log.With("operation", w.ID), err)
}

// Names implements lro.Namer: the names that the operation will write.
func (k *Kind) Names(w lro.Work) ([]lro.Name, error) {
	var spec Spec
	if err := json.Unmarshal(w.Request, &spec); err != nil {
		return nil, fmt.Errorf("reading the request: %w", err)
	}
	var names []lro.Name
	for _, n := range bucket.NamesOf(spec.Object, extensionsOf(spec.Captions)) {
		names = append(names, lro.Name(n))
	}
	return names, nil
}

// Taken implements lro.Namer.
func (k *Kind) Taken(n lro.Name) error { return bucket.Taken(bucket.Name(n)) }

// Forget implements lro.Forgetter: the head starts of an operation that has ended are of
// no use any more.
func (k *Kind) Forget(w lro.Work) { k.forget(context.Background(), w.ID) }

// forget drops the head starts of an operation.
func (k *Kind) forget(ctx context.Context, id string) {
	if g := k.gatherings.take(id); g != nil {
		g.drop(ctx)
	}
	k.headStarts.drop(id)
}

// Kept implements lro.Keeper.
func (k *Kind) Kept(ctx context.Context) ([]string, error) { return k.buckets.Kept(ctx) }

// Discard implements lro.Kind.
func (k *Kind) Discard(ctx context.Context, w lro.Work) error {
	k.forget(ctx, w.ID)
	return k.buckets.Discard(ctx, w.ID)
}
