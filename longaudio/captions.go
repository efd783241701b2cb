package longaudio

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/synth"
)

// extensionsOf are those of the captions beside an object.
func extensionsOf(formats []captions.Format) (extensions []string) {
	for _, f := range formats {
		extensions = append(extensions, extension(f))
	}
	return extensions
}

func extension(f captions.Format) string { return "." + string(f) }

// writeCaptions adds the captions of all shards to a staged object.
func (k *Kind) writeCaptions(ctx context.Context, id string, spec Spec, results []shardResult, to *bucket.Upload) error {
	for _, format := range spec.Captions {
		out, err := to.Captions(ctx, extension(format))
		if err != nil {
			return err
		}
		w, err := captions.NewWriter(out, format, spec.Settings.SampleRate)
		if err != nil {
			return err
		}
		var began audio.Frames
		for _, r := range results {
			cues, err := k.readCues(ctx, id, r)
			if err != nil {
				return err
			}
			for _, c := range cues {
				addCue(w, c, began)
			}
			began += r.Frames
		}
		if err := w.Close(); err != nil {
			return err
		}
	}
	return nil
}

// addCue writes one cue of a sound that began at a frame.
func addCue(w *captions.Writer, c synth.Cue, began audio.Frames) {
	if c.Mark != "" {
		w.Mark(c.Mark, began+c.Frame)
		return
	}
	w.Word(captions.Word{Text: c.Word, Start: began + c.Frame, End: began + c.End, EndsSentence: c.Last})
}

// cuesName is the scratch that holds the cues of a shard whose sound is name.
func cuesName(name string) string { return name + ".cues" }

// keepCues writes a shard's cues into scratch and returns their checksum.
func (k *Kind) keepCues(ctx context.Context, id, name string, cues []synth.Cue) (uint32, error) {
	b, err := json.Marshal(cues)
	if err != nil {
		return 0, err
	}
	piece, err := k.scratch().Create(ctx, id, cuesName(name))
	if err != nil {
		return 0, err
	}
	defer piece.Abandon()
	if _, err := piece.Write(b); err != nil {
		return 0, err
	}
	return crc32.Checksum(b, castagnoli), piece.Close()
}

// readCues reads what keepCues wrote, checking that it is the same.
func (k *Kind) readCues(ctx context.Context, id string, r shardResult) ([]synth.Cue, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	piece, err := k.scratch().Open(ctx, id, cuesName(r.Scratch))
	if err != nil {
		return nil, err
	}
	defer piece.Close()
	b, err := io.ReadAll(io.NewSectionReader(piece, 0, piece.Size()))
	if err != nil {
		return nil, err
	}
	if crc32.Checksum(b, castagnoli) != r.CuesCRC32C {
		return nil, fmt.Errorf("%w: %s", errDamaged, cuesName(r.Scratch))
	}
	var cues []synth.Cue
	return cues, json.Unmarshal(b, &cues)
}
