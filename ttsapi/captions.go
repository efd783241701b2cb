package ttsapi

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/grpc/metadata"

	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/fault"
)

// CaptionsHeader names the metadata (and HTTP header) by which a client asks
// SynthesizeLongAudio for the times of words: formats out of json, srt and vtt,
// separated by commas. The files stand beside the object under their extension,
// and are committed and cancelled with it.
const CaptionsHeader = "x-lectern-captions"

// olderCaptionsHeader is what clients from before that name send.
const olderCaptionsHeader = "x-lectern-sidecar"

// captionsOf are the formats that the caller asks for, each once.
func captionsOf(ctx context.Context) ([]captions.Format, error) {
	var formats []captions.Format
	asked := slices.Concat(metadata.ValueFromIncomingContext(ctx, CaptionsHeader), metadata.ValueFromIncomingContext(ctx, olderCaptionsHeader))
	for _, value := range asked {
		for name := range strings.SplitSeq(value, ",") {
			format, ok := captions.ParseFormat(strings.TrimSpace(name))
			if !ok {
				return nil, fault.New(fault.InvalidArgument, "The header %s asks for %s. The formats are %s.", CaptionsHeader, quote(name), captions.Names())
			}
			if !slices.Contains(formats, format) {
				formats = append(formats, format)
			}
		}
	}
	return formats, nil
}
