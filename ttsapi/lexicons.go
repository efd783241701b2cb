package ttsapi

import (
	"context"
	"strings"

	"google.golang.org/grpc/metadata"
)

// lexiconHeader names the metadata (and HTTP header) by which a client asks for
// lexicons of the server by name, separated by commas. They hold beside the one
// without a name, and before it.
const lexiconHeader = "x-lectern-lexicon"

// lexiconsOf are the names of the lexicons that the caller asks for.
func lexiconsOf(ctx context.Context) (names []string) {
	for _, value := range metadata.ValueFromIncomingContext(ctx, lexiconHeader) {
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	return names
}
