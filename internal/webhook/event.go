package webhook

import (
	"encoding/json"
	"strings"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/protobuf/encoding/protojson"
)

// eventType is what all events are.
const eventType = "lectern.operation.ended"

// event is a CloudEvent.
type event struct {
	SpecVersion     string          `json:"specversion"`
	Type            string          `json:"type"`
	Source          string          `json:"source"`
	Subject         string          `json:"subject"`
	ID              string          `json:"id"`
	Time            time.Time       `json:"time"`
	DataContentType string          `json:"datacontenttype"`
	Data            json.RawMessage `json:"data"`
}

// encode is the event of an operation's end. It is the same each time, and so is its
// id, by which receivers know what they have already.
func encode(op *longrunningpb.Operation, ended time.Time) (id string, body []byte, err error) {
	data, err := protojson.Marshal(op)
	if err != nil {
		return "", nil, err
	}
	parent, id, _ := strings.Cut(op.GetName(), "/operations/")
	body, err = json.Marshal(event{
		SpecVersion: "1.0", Type: eventType, Source: "/" + parent, Subject: op.GetName(), ID: id,
		Time: ended.UTC(), DataContentType: "application/json", Data: data,
	})
	return id, body, err
}
