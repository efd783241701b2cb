package lro

import (
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

// message is an operation as clients see it.
func (m *Manager) message(op driver.Operation) (*longrunningpb.Operation, error) {
	msg := &longrunningpb.Operation{
		Name: operationName(op.Parent, op.ID),
		Done: State(op.State).Done(),
	}
	// An operation of a kind that this server was built without can still be
	// seen, without metadata.
	if kind := m.kinds[op.Kind]; kind != nil {
		if metadata := kind.Metadata(status(op)); metadata != nil {
			wrapped, err := anypb.New(metadata)
			if err != nil {
				return nil, fault.From(err)
			}
			msg.Metadata = wrapped
		}
	}
	switch State(op.State) {
	case Succeeded:
		var response anypb.Any
		if err := proto.Unmarshal(op.Response, &response); err != nil {
			return nil, fault.From(err)
		}
		msg.Result = &longrunningpb.Operation_Response{Response: &response}
	case Failed, Cancelled:
		msg.Result = &longrunningpb.Operation_Error{
			Error: &statuspb.Status{Code: op.ErrorCode, Message: op.ErrorMessage},
		}
	}
	return msg, nil
}

func status(op driver.Operation) Status {
	return Status{
		ID:         op.ID,
		Parent:     op.Parent,
		State:      State(op.State),
		CreateTime: op.Created,
		UpdateTime: op.Updated,
		EndTime:    op.Ended,
		WorkTotal:  op.WorkTotal,
		WorkDone:   op.WorkDone,
	}
}

// encodeResponse is what a store keeps of a Kind's response.
func encodeResponse(response proto.Message) ([]byte, error) {
	wrapped, err := anypb.New(response)
	if err != nil {
		return nil, err
	}
	return proto.Marshal(wrapped)
}
