package ttsapi

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"regexp"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/fault"
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

// synthesizeLongAudio serves SynthesizeLongAudio (contract section 2.9).
// Everything that can be wrong with the request is told here, so that what is
// accepted fails only by accident.
func (s *Service) synthesizeLongAudio(ctx context.Context, version version, starter Starter, req *pb.SynthesizeLongAudioRequest) (*Operation, error) {
	if !parentPattern.MatchString(req.Parent) {
		return nil, fault.Invalid("parent", "%s is not of the form projects/PROJECT/locations/LOCATION.", quote(req.Parent))
	}
	if err := lro.ParseParent(req.Parent); err != nil {
		return nil, fault.From(err).In("parent")
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
	if err := s.buckets.Check(object); err != nil {
		return nil, fault.From(err).In("output_gcs_uri")
	}
	formats, err := sidecars(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.buckets.CheckBeside(object, extensionsOf(formats)); err != nil {
		return nil, fault.From(err).In("output_gcs_uri")
	}
	if err := s.checkRoom(); err != nil {
		return nil, err
	}
	wish.Captions = len(formats) > 0
	key, err := idempotencyKey(ctx)
	if err != nil {
		return nil, err
	}
	plan, err := s.synth.Plan(ctx, wish)
	if err != nil {
		return nil, err
	}
	tasks, err := tasksOf(plan)
	if err != nil {
		return nil, err
	}
	spec, err := json.Marshal(longSpec{Object: object, Settings: plan.Settings, Sidecars: formats})
	if err != nil {
		return nil, err
	}
	op := lro.NewOperation{Kind: kindName(version), Parent: req.Parent, Request: spec, Tasks: tasks, IdempotencyKey: key}
	if key != "" {
		if op.IdempotencyHash, err = hashOf(version, req, formats); err != nil {
			return nil, err
		}
	}
	tell(ctx, req.Input, plan)
	return starter.Start(ctx, op)
}

// checkRoom refuses new work when the disk is nearly full: what is under way
// shall find room, and so shall a cancel.
func (s *Service) checkRoom() error {
	free, total, err := s.buckets.Room()
	if err != nil {
		return nil // a system that does not tell
	}
	if free < min(s.limits.FreeBytes, total/20) {
		return fault.New(fault.Unavailable, "The server's disk is nearly full, and it takes no new long operations until there is room.").Retry(time.Minute)
	}
	return nil
}

// tasksOf makes one task of each part of the plan; its payload is all that is
// needed to speak it.
func tasksOf(plan *synth.Plan) ([]lro.Task, error) {
	var tasks []lro.Task
	for _, part := range plan.Parts() {
		payload, err := json.Marshal(part)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, lro.Task{Payload: payload, Weight: part.Weight()})
	}
	return tasks, nil
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

func hashOf(version version, req *pb.SynthesizeLongAudioRequest, sidecars []captions.Format) ([]byte, error) {
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(req)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(append(fmt.Appendf(nil, "%s\n%v\n", version, sidecars), b...))
	return sum[:], nil
}
