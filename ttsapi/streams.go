package ttsapi

import (
	"context"
	"net"
	"sync"
	"time"

	"google.golang.org/grpc/peer"

	"github.com/lectern/lectern/fault"
)

// streams counts the streams that clients have open.
type streams struct {
	most int
	mu   sync.Mutex
	open map[string]int // by the client's address
}

// enter counts a stream of the client that ctx's call came from until leave is
// called, or says that it has too many.
func (s *streams) enter(ctx context.Context) (leave func(), err error) {
	client := clientOf(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[client] >= s.most {
		return nil, fault.New(fault.ResourceExhausted, "You have %d streams open, and no more are allowed (--max-streams). Close one.", s.most).Retry(time.Second)
	}
	s.open[client]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[client]--; s.open[client] == 0 {
			delete(s.open, client)
		}
	}, nil
}

// clientOf is the address of a caller's machine.
func clientOf(ctx context.Context) string {
	from, ok := peer.FromContext(ctx)
	if !ok {
		return ""
	}
	host, _, err := net.SplitHostPort(from.Addr.String())
	if err != nil {
		return from.Addr.String()
	}
	return host
}
