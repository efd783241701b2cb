package transcode

import (
	"bytes"
	"fmt"
	"io"

	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
)

// ContentType is the media type of every JSON answer.
const ContentType = "application/json; charset=UTF-8"

// Marshaler is the gateway's JSON: strict in, proto3 JSON without default
// values out. The zero value writes enums by name, with
// lines and indents.
type Marshaler struct {
	// EnumNumbers writes enums as numbers, as $alt=json;enum-encoding=int asks.
	EnumNumbers bool
	// Compact leaves out lines and indents, as prettyPrint=false asks.
	Compact bool
}

var _ runtime.Marshaler = Marshaler{}

// ContentType is the media type, whatever the value.
func (Marshaler) ContentType(any) string { return ContentType }

// Marshal writes a proto.Message. White space inside is not stable.
func (m Marshaler) Marshal(v any) ([]byte, error) {
	msg, ok := v.(proto.Message)
	if !ok {
		return nil, fmt.Errorf("transcode: %T is not a message", v)
	}
	if m.Compact {
		return protojson.MarshalOptions{UseEnumNumbers: m.EnumNumbers}.Marshal(msg)
	}
	text, err := protojson.MarshalOptions{UseEnumNumbers: m.EnumNumbers, Multiline: true, Indent: "  "}.Marshal(msg)
	return append(text, '\n'), err
}

// Unmarshal reads body into v, a proto.Message that is empty. What does not fit
// is refused with an *Error; v is of no use then.
func (Marshaler) Unmarshal(body []byte, v any) error {
	msg, ok := v.(proto.Message)
	if !ok {
		return fmt.Errorf("transcode: %T is not a message", v)
	}
	if len(bytes.TrimLeft(body, " \t\r\n")) == 0 {
		return nil
	}
	if err := read(body, msg.ProtoReflect()); err != nil {
		return err
	}
	return nil
}

// NewDecoder reads all of r as one message. A reader that has it all may say so
// by a method Whole.
func (m Marshaler) NewDecoder(r io.Reader) runtime.Decoder {
	return runtime.DecoderFunc(func(v any) error {
		if r, ok := r.(interface{ Whole() []byte }); ok {
			return m.Unmarshal(r.Whole(), v)
		}
		body, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return m.Unmarshal(body, v)
	})
}

// NewEncoder writes messages to w.
func (m Marshaler) NewEncoder(w io.Writer) runtime.Encoder {
	return runtime.EncoderFunc(func(v any) error {
		text, err := m.Marshal(v)
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
}
