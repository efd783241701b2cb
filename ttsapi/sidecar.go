package ttsapi

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/fault"
)

// sidecarHeader names the metadata (and HTTP header) by which a client asks
// SynthesizeLongAudio for the times of words: formats out of json, srt and vtt,
// separated by commas. The files stand beside the object under their extension,
// and are committed and cancelled with it.
const sidecarHeader = "x-lectern-sidecar"

// sidecars are the formats that the caller asks for, each once.
func sidecars(ctx context.Context) ([]captions.Format, error) {
	var formats []captions.Format
	for _, value := range metadata.ValueFromIncomingContext(ctx, sidecarHeader) {
		for name := range strings.SplitSeq(value, ",") {
			format, ok := captions.ParseFormat(strings.TrimSpace(name))
			if !ok {
				return nil, fault.New(fault.InvalidArgument, "The header %s asks for %s. The formats are %s.", sidecarHeader, quote(name), captions.Names())
			}
			if !slices.Contains(formats, format) {
				formats = append(formats, format)
			}
		}
	}
	return formats, nil
}
