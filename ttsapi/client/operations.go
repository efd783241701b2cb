package client

import (
	"context"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	grpcmetadata "google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/lectern/lectern/synth"
)

// These are ttsapi.IdempotencyKeyHeader and CaptionsHeader; a test holds them
// equal, so that a client need not link the server.
const (
	idempotencyKeyHeader = "x-idempotency-key"
	captionsHeader       = "x-lectern-captions"
)

// LongRequest is speech for [Client.StartLong].
type LongRequest struct {
	synth.Request
	// Parent is projects/PROJECT/locations/LOCATION.
	Parent string
	// URI is where the sound goes, gs://BUCKET/OBJECT.
	URI string
	// IdempotencyKey, when not empty, makes a repeated request with the same
	// key return the first one's operation. At most 255 bytes.
	IdempotencyKey string
	// Captions are the formats of those that are written beside the object: json,
	// srt, vtt.
	Captions []string
}

// StartLong starts an operation and returns it as soon as it is accepted.
func (c *Client) StartLong(ctx context.Context, req LongRequest) (Operation, error) {
	config, err := audioConfig(req.Request)
	if err != nil {
		return Operation{}, err
	}
	if req.IdempotencyKey != "" {
		ctx = grpcmetadata.AppendToOutgoingContext(ctx, idempotencyKeyHeader, req.IdempotencyKey)
	}
	if len(req.Captions) > 0 {
		ctx = grpcmetadata.AppendToOutgoingContext(ctx, captionsHeader, strings.Join(req.Captions, ","))
	}
	ctx = withLexicons(ctx, req.Request)
	msg, err := c.long.SynthesizeLongAudio(ctx, &ttspb.SynthesizeLongAudioRequest{
		Parent: req.Parent, Input: input(req.Request), Voice: voice(req.Request), AudioConfig: config, OutputGcsUri: req.URI,
	})
	if err != nil {
		return Operation{}, c.fault(err)
	}
	return operationOf(msg), nil
}

// Operation returns an operation as it stands. NOT_FOUND if there is none of
// that name.
func (c *Client) Operation(ctx context.Context, name string) (Operation, error) {
	msg, err := c.operations.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
	if err != nil {
		return Operation{}, c.fault(err)
	}
	return operationOf(msg), nil
}

// Query says which operations to list.
type Query struct {
	// Parent is projects/PROJECT/locations/LOCATION; empty means all parents.
	Parent string
	// Done, when not nil, asks for only those that have ended, or have not.
	Done *bool
	// PageSize is how many at a time; 0 leaves it to the server.
	PageSize int
	// PageToken is the NextPageToken of the page before; empty for the first.
	PageToken string
}

// Page is some of the operations of a list, newest first.
type Page struct {
	Operations []Operation
	// NextPageToken asks for the next page; empty on the last one.
	NextPageToken string
}

// Operations lists operations, one page a call.
func (c *Client) Operations(ctx context.Context, q Query) (Page, error) {
	resp, err := c.operations.ListOperations(ctx, q.request())
	if err != nil {
		return Page{}, c.fault(err)
	}
	page := Page{NextPageToken: resp.NextPageToken}
	for _, msg := range resp.Operations {
		page.Operations = append(page.Operations, operationOf(msg))
	}
	return page, nil
}

// request is the query as the API has it.
func (q Query) request() *longrunningpb.ListOperationsRequest {
	req := &longrunningpb.ListOperationsRequest{Name: q.Parent, PageSize: int32(q.PageSize), PageToken: q.PageToken}
	if req.Name == "" {
		req.Name = "operations"
	}
	if q.Done != nil {
		req.Filter = "done=false"
		if *q.Done {
			req.Filter = "done=true"
		}
	}
	return req
}

// Wait returns an operation once it is done, or as it stands after patience.
func (c *Client) Wait(ctx context.Context, name string, patience time.Duration) (Operation, error) {
	msg, err := c.operations.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{
		Name: name, Timeout: durationpb.New(patience),
	})
	if err != nil {
		return Operation{}, c.fault(err)
	}
	return operationOf(msg), nil
}

// Cancel ends an operation that runs: when it returns nil, a Lectern server
// has ended it. One that is done already stays as it is, without an error.
func (c *Client) Cancel(ctx context.Context, name string) error {
	_, err := c.operations.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: name})
	return c.fault(err)
}

// Delete makes the server forget an operation. It does not cancel it.
func (c *Client) Delete(ctx context.Context, name string) error {
	_, err := c.operations.DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: name})
	return c.fault(err)
}
