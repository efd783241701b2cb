package server

import (
	"context"
	"crypto/rand"

	"google.golang.org/grpc/metadata"
)

// requestIDHeader names the id of a request, in HTTP headers and gRPC metadata,
// both ways.
const requestIDHeader = "x-request-id"

// requestID is the client's own id when it is sane, else a new one.
func requestID(offered string) string {
	if saneID(offered) {
		return offered
	}
	return rand.Text()
}

// saneID keeps ids out that would need escaping in a log or a header.
func saneID(id string) bool {
	if id == "" || len(id) > 128 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '-' || c == '_' || c == '.' || c == ':' || c == '/' || c == '=' || c == '+') {
			return false
		}
	}
	return true
}

// offeredID is the x-request-id of a gRPC call, if any.
func offeredID(ctx context.Context) string {
	if ids := metadata.ValueFromIncomingContext(ctx, requestIDHeader); len(ids) > 0 {
		return ids[0]
	}
	return ""
}
