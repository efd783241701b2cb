package lro

import (
	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	statuspb "google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/known/anypb"

	"github.com/lectern/lectern/lro/driver"
)

// message is an operation as clients see it. What cannot be decoded of it is
// left out and logged: one bad row must not hide the others.
func (m *Manager) message(op driver.Operation) *longrunningpb.Operation {
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
				m.log.Error("the metadata of an operation cannot be shown", "operation", op.ID, "error", err)
			}
			msg.Metadata = wrapped
		}
	}
	switch State(op.State) {
	case Succeeded:
		var response anypb.Any
		if err := proto.Unmarshal(op.Response, &response); err != nil {
			m.log.Error("the response of an operation cannot be shown", "operation", op.ID, "error", err)
			response.Reset()
		}
		msg.Result = &longrunningpb.Operation_Response{Response: &response}
	case Failed, Cancelled:
		msg.Result = &longrunningpb.Operation_Error{
			Error: &statuspb.Status{Code: op.ErrorCode, Message: op.ErrorMessage},
		}
	}
	return msg
}

func status(op driver.Operation) Status {
	if State(op.State) == Succeeded {
		op.WorkDone = op.WorkTotal // also if a node of an earlier version has ended it
	}
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
