package ttsapi

import (
	"slices"
	"testing"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/fault"
)

// Captions are asked for by a header of two names, in which each format counts once.
func TestCaptionsOf(t *testing.T) {
	for _, tt := range []struct {
		headers []string
		want    []captions.Format
	}{
		{nil, nil},
		{[]string{"x-lectern-captions", "json, srt,SRT"}, []captions.Format{captions.JSON, captions.SubRip}},
		{[]string{"x-lectern-sidecar", "vtt"}, []captions.Format{captions.WebVTT}},
		{[]string{"x-lectern-sidecar", "srt,vtt", "x-lectern-captions", "vtt"}, []captions.Format{captions.WebVTT, captions.SubRip}},
	} {
		got, err := captionsOf(metadata.NewIncomingContext(t.Context(), metadata.Pairs(tt.headers...)))
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q, %v", tt.headers, got, err)
		}
	}
	for _, header := range []string{"x-lectern-captions", "x-lectern-sidecar"} {
		_, err := captionsOf(metadata.NewIncomingContext(t.Context(), metadata.Pairs(header, "doc")))
		if !fault.Is(err, fault.InvalidArgument) {
			t.Errorf("%s: doc is answered by %v", header, err)
		}
	}
}
