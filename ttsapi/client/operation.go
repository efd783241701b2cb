package client

import (
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	ttspb "cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/lectern/lectern/fault"
	betapb "github.com/lectern/lectern/ttsapi/v1beta1pb"
)

// State is where an operation stands.
type State string

// The states of an operation.
const (
	Running   State = "running"
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Operation is a long operation as the server last told of it.
type Operation struct {
	// Name is projects/P/locations/L/operations/ID.
	Name string
	// Done says that State will not change any more.
	Done  bool
	State State
	// Progress is how much of the work is done, in percent, 0 to 100.
	Progress float64
	// Start and Update are when it was accepted and last changed; zero when
	// the server did not tell.
	Start, Update time.Time
	// ErrorCode and ErrorMessage say why a failed or cancelled operation
	// ended; 0 and empty otherwise.
	ErrorCode    fault.Code
	ErrorMessage string
}

// Err is why the operation did not succeed; nil while it runs and after success.
func (o Operation) Err() error {
	if o.ErrorCode == 0 {
		return nil
	}
	return fault.New(o.ErrorCode, "%s", o.ErrorMessage)
}

// metadata is what the messages of both versions have.
type metadata interface {
	GetProgressPercentage() float64
	GetStartTime() *timestamppb.Timestamp
	GetLastUpdateTime() *timestamppb.Timestamp
}

var (
	_ metadata = (*ttspb.SynthesizeLongAudioMetadata)(nil)
	_ metadata = (*betapb.SynthesizeLongAudioMetadata)(nil)
)

func operationOf(msg *longrunningpb.Operation) Operation {
	o := Operation{Name: msg.GetName(), Done: msg.GetDone(), State: Running}
	// Metadata of a kind that this program does not know tells it nothing; the
	// rest of the operation stands.
	if m, err := msg.GetMetadata().UnmarshalNew(); err == nil {
		if m, ok := m.(metadata); ok {
			o.Progress = m.GetProgressPercentage()
			o.Start, o.Update = timeOf(m.GetStartTime()), timeOf(m.GetLastUpdateTime())
		}
	}
	if !o.Done {
		return o
	}
	failure := msg.GetError()
	switch {
	case failure == nil:
		o.State = Succeeded
		return o
	case fault.Code(failure.Code) == fault.Canceled:
		o.State = Cancelled
	default:
		o.State = Failed
	}
	o.ErrorCode, o.ErrorMessage = fault.Code(failure.Code), failure.Message
	return o
}

func timeOf(t *timestamppb.Timestamp) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.AsTime()
}
