package ttsapi

import (
	"context"
	"crypto/sha256"
	"fmt"
	"regexp"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/synth"
	pb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// Operation is google.longrunning.Operation.
type Operation = longrunningpb.Operation

// IdempotencyKeyHeader names the metadata (and HTTP header) by which a client
// makes a repeated SynthesizeLongAudio return the first one's operation.
const IdempotencyKeyHeader = "x-idempotency-key"

const maxIdempotencyKeyBytes = 255

var parentPattern = regexp.MustCompile(`^projects/[^/\x00-\x1f\x7f]{1,128}/locations/[^/\x00-\x1f\x7f]{1,128}$`)

// synthesizeLongAudio serves SynthesizeLongAudio (docs/contract.md 2.9).
// Everything that can be wrong with the request is told here, so that what is
// accepted fails only by accident.
func (s *Service) synthesizeLongAudio(ctx context.Context, version version, starter Starter, req *pb.SynthesizeLongAudioRequest) (*Operation, error) {
	if !parentPattern.MatchString(req.Parent) {
		return nil, fault.Invalid("parent", "%s is not of the form projects/PROJECT/locations/LOCATION.", quote(req.Parent))
	}
	if err := lro.ParseParent(req.Parent); err != nil {
		return nil, fault.From(err).In("parent")
	}
	if err := allowParent(ctx, req.Parent); err != nil {
		return nil, err
	}
	wish := synth.Request{Lexicons: lexiconsOf(ctx)}
	if err := s.read(req.Input, req.Voice, req.AudioConfig, s.limits.LongTextBytes, true, &wish); err != nil {
		return nil, err
	}
	if req.OutputGcsUri == "" {
		return nil, fault.Invalid("output_gcs_uri", "This field is required: where the sound goes, as gs://bucket/object.")
	}
	object, err := bucket.ParseURI(req.OutputGcsUri)
	if err != nil {
		return nil, fault.From(err).In("output_gcs_uri")
	}
	formats, err := captionsOf(ctx)
	if err != nil {
		return nil, err
	}
	webhook, err := s.webhookOf(ctx)
	if err != nil {
		return nil, err
	}
	if err := allowObject(ctx, s.mayWrite, req.Parent, object); err != nil {
		return nil, err
	}
	switch err := s.long.Check(ctx, object, formats); {
	case fault.Is(err, fault.FailedPrecondition):
		return nil, inOutput(err)
	case err != nil:
		return nil, err
	}
	wish.Captions = len(formats) > 0
	key, err := idempotencyKey(ctx)
	if err != nil {
		return nil, err
	}
	account := s.accountOf(ctx, req.Parent)
	groups, err := account.Operation()
	if err != nil {
		return nil, err
	}
	if err := account.Ask(charactersOf(req.Input)); err != nil {
		return nil, err
	}
	plan, err := s.synth.Plan(ctx, wish)
	if err != nil {
		return nil, named(err)
	}
	op, err := s.long.Order(kindName(version), plan, longaudio.Spec{Object: object, Captions: formats, Account: account.Key(), Webhook: webhook})
	if err != nil {
		return nil, err
	}
	op.Parent, op.IdempotencyKey, op.Groups = req.Parent, keyOf(ctx, key, req.Parent), groups
	if key != "" {
		if op.IdempotencyHash, err = hashOf(version, req, formats, webhook); err != nil {
			return nil, err
		}
	}
	if err := allowObject(ctx, s.claim, req.Parent, object); err != nil {
		return nil, err
	}
	tell(ctx, req.Input, plan)
	started, err := starter.Start(ctx, op)
	if err == nil {
		account.Started()
	}
	return started, err
}

func idempotencyKey(ctx context.Context) (string, error) {
	keys := metadata.ValueFromIncomingContext(ctx, IdempotencyKeyHeader)
	if len(keys) == 0 {
		return "", nil
	}
	if len(keys) > 1 || len(keys[0]) > maxIdempotencyKeyBytes {
		return "", fault.New(fault.InvalidArgument, "The header %s must be given once and have at most %d bytes.", IdempotencyKeyHeader, maxIdempotencyKeyBytes)
	}
	return keys[0], nil
}

func hashOf(version version, req *pb.SynthesizeLongAudioRequest, beside []captions.Format, webhook string) ([]byte, error) {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(req)
	if err != nil {
		return nil, err
	}
	head := fmt.Appendf(nil, "%s\n%v\n", version, beside)
	if webhook != "" {
		head = fmt.Appendf(head, "%q\n", webhook)
	}
	sum := sha256.Sum256(append(head, b...))
	return sum[:], nil
}
