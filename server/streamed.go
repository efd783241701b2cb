package server

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"sync"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// The gateway builds an answer's JSON as a whole. Of one with much sound it
// builds it around a mark, in whose place the sound's base64 is then written
// piece by piece.

// markBytes is the length of a mark, whose base64 has no padding. Nobody
// guesses one.
const markBytes = 24

// streamed is sound that stands outside of the JSON it belongs to.
type streamed struct {
	mark  []byte // as it stands in the JSON
	sound []byte
}

// setSoundAside is the gateway's last look at an answer before its JSON.
func setSoundAside(ctx context.Context, answer proto.Message) (any, error) {
	seen := callOf(ctx)
	if seen == nil {
		return answer, nil
	}
	rest, field, sound := withoutSound(answer)
	if field == nil {
		return answer, nil
	}
	mark := make([]byte, markBytes)
	_, _ = rand.Read(mark) // it cannot fail
	rest.ProtoReflect().Set(field, protoreflect.ValueOfBytes(mark))
	seen.streamed = &streamed{mark: base64.StdEncoding.AppendEncode(nil, mark), sound: sound}
	return rest, nil
}

// streamingWriter puts the sound in the place of its mark.
type streamingWriter struct {
	http.ResponseWriter
	seen *call
}

// Unwrap is for http.ResponseController.
func (w *streamingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Write implements io.Writer.
func (w *streamingWriter) Write(p []byte) (int, error) {
	s := w.seen.streamed
	if s == nil {
		return w.ResponseWriter.Write(p)
	}
	w.seen.streamed = nil
	before, after, found := bytes.Cut(p, s.mark)
	if !found {
		return 0, fmt.Errorf("server: the mark of the sound is not in the answer")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(before)+base64.StdEncoding.EncodedLen(len(s.sound))+len(after)))
	if _, err := w.ResponseWriter.Write(before); err != nil {
		return 0, err
	}
	if err := w.encode(s.sound); err != nil {
		return 0, err
	}
	if _, err := w.ResponseWriter.Write(after); err != nil {
		return 0, err
	}
	return len(p), nil
}

// texts holds what pieces of base64 were written into, of pieceBytes each.
var texts = sync.Pool{New: func() any { return new([pieceBytes]byte) }}

func (w *streamingWriter) encode(sound []byte) error {
	const plain = pieceBytes / 4 * 3
	text := texts.Get().(*[pieceBytes]byte)
	defer texts.Put(text)
	for len(sound) > 0 {
		n := min(len(sound), plain)
		if _, err := w.ResponseWriter.Write(encodeBase64(text[:], sound[:n])); err != nil {
			return err
		}
		sound = sound[n:]
	}
	return nil
}
