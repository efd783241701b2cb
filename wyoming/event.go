package wyoming

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
)

// protocolVersion is that of the package whose events these are.
const protocolVersion = "1.10.2"

// Bounds of one event that is read, in bytes. Payloads are thrown away.
const (
	mostJSON    = 1 << 20
	mostPayload = 16 << 20
)

// event is one event as it came.
type event struct {
	kind string
	data eventData
	size int64 // in bytes, without its payload
}

// eventData are the members of an event's data that are read here, as they were written;
// nil when they are not there. A client that is ahead has thousands of them waiting.
type eventData struct {
	Text       json.RawMessage `json:"text"`
	TextFormat json.RawMessage `json:"text_format"`
	Voice      json.RawMessage `json:"voice"`
}

// room is what an event takes of what a client may be ahead.
func (e *event) room() int64 { return min(max(e.size, leastEvent), mostAhead) }

// header is an event's line.
type header struct {
	Type          string          `json:"type"`
	Version       string          `json:"version,omitempty"`
	Data          json.RawMessage `json:"data,omitempty"`
	DataLength    int64           `json:"data_length,omitempty"`
	PayloadLength int64           `json:"payload_length,omitempty"`
}

var errLineTooLong = fault.New(fault.InvalidArgument, "An event's line has more than %d bytes.", mostJSON)

// read reads one event. A *fault.Error is the client's, and nothing behind it can
// be told apart; other errors are the connection's.
func read(r *bufio.Reader) (*event, error) {
	e := &event{}
	line, err := readLine(r)
	if err != nil {
		return e, err
	}
	var h header
	if !utf8.Valid(line) || json.Unmarshal(line, &h) != nil || h.Type == "" {
		return e, fault.New(fault.InvalidArgument, "An event begins with a line of JSON, in UTF-8, that has a type.")
	}
	if h.DataLength < 0 || h.DataLength > mostJSON || h.PayloadLength < 0 || h.PayloadLength > mostPayload {
		return e, fault.New(fault.InvalidArgument, "The lengths of an event are out of range: data_length up to %d, payload_length up to %d.", mostJSON, mostPayload)
	}
	e.kind, e.size = h.Type, int64(len(line))+h.DataLength
	if len(h.Data) > 0 && json.Unmarshal(h.Data, &e.data) != nil {
		return e, notAnObject()
	}
	if h.DataLength > 0 {
		// It grows with what comes: a length that lies costs nothing.
		data, err := io.ReadAll(io.LimitReader(r, h.DataLength))
		if err != nil {
			return e, err
		}
		if int64(len(data)) < h.DataLength {
			return e, io.ErrUnexpectedEOF
		}
		if !utf8.Valid(data) || json.Unmarshal(data, &e.data) != nil {
			return e, notAnObject()
		}
	}
	_, err = io.CopyN(io.Discard, r, h.PayloadLength)
	return e, err
}

func notAnObject() error {
	return fault.New(fault.InvalidArgument, "The data of an event must be a JSON object in UTF-8, as long as data_length says.")
}

func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	for {
		part, err := r.ReadSlice('\n')
		if line = append(line, part...); len(line) > mostJSON {
			return nil, errLineTooLong
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return line, err
		}
	}
}

// textOf is a member of an event's data, which must be a string if it is there.
func textOf(name string, raw json.RawMessage) (string, error) {
	if raw == nil || string(raw) == "null" {
		return "", nil
	}
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return "", fault.Invalid(name, "It must be a string.")
	}
	for _, c := range s {
		if c == 0 {
			return "", fault.Invalid(name, "It holds a NUL character (U+0000), which cannot be spoken; remove it.")
		}
	}
	return s, nil
}

// write writes one event.
func write(w *bufio.Writer, kind string, data any, payload []byte) error {
	h := header{Type: kind, Version: protocolVersion, PayloadLength: int64(len(payload))}
	var body []byte
	if data != nil {
		var err error
		if body, err = json.Marshal(data); err != nil {
			return err
		}
		h.DataLength = int64(len(body))
	}
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	for _, part := range [][]byte{line, {'\n'}, body, payload} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return w.Flush()
}
