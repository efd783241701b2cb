package server

import (
	"log/slog"
	"slices"
	"strings"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
)

// ownPrefix begins the headers by which services tell something of an answer.
// They go over both transports, and into the access line.
const ownPrefix = "x-lectern-"

// told remembers the headers of Lectern's own that a handler of a gRPC call sets.
// It stands before the transport's stream, which may be nil.
type told struct {
	grpc.ServerTransportStream
	mu   sync.Mutex
	said metadata.MD
}

func (t *told) SetHeader(md metadata.MD) error {
	t.mu.Lock()
	for name, values := range md {
		if strings.HasPrefix(name, ownPrefix) {
			if t.said == nil {
				t.said = metadata.MD{}
			}
			t.said.Append(name, values...)
		}
	}
	t.mu.Unlock()
	if t.ServerTransportStream == nil {
		return nil
	}
	return t.ServerTransportStream.SetHeader(md)
}

func (t *told) attrs() []slog.Attr {
	t.mu.Lock()
	defer t.mu.Unlock()
	return ownAttrs(t.said)
}

// ownAttrs are the headers of Lectern's own for an access line: x-lectern-voice
// as voice.
func ownAttrs(headers map[string][]string) []slog.Attr {
	var attrs []slog.Attr
	for name, values := range headers {
		if key, own := strings.CutPrefix(strings.ToLower(name), ownPrefix); own {
			attrs = append(attrs, slog.String(key, strings.Join(values, ", ")))
		}
	}
	slices.SortFunc(attrs, func(a, b slog.Attr) int { return strings.Compare(a.Key, b.Key) })
	return attrs
}
