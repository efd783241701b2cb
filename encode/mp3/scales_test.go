//go:build cgo && !nomp3

package mp3

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/encodetest"
	"github.com/lectern/lectern/internal/needs"
)

// Decoders with different bands hear the same, but for what nobody does.
func TestDisputedScales(t *testing.T) {
	needs.Program(t, "ffmpeg")
	needs.Program(t, "mpg123")
	const rate = 24000
	frames := encodetest.Speechlike(rate, 60*rate)
	var file bytes.Buffer
	e, err := MP3().NewEncoder(&file, rate, audio.Frames(len(frames)))
	if err == nil {
		err = e.Encode(frames)
	}
	if err == nil {
		err = e.Close()
	}
	path := filepath.Join(t.TempDir(), "speech.mp3")
	if err == nil {
		err = os.WriteFile(path, file.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	early, err := encodetest.FFmpeg("").Decode(path, rate)
	if err != nil {
		t.Fatal(err)
	}
	late, err := encodetest.Mpg123().Decode(path, rate)
	if err != nil {
		t.Fatal(err)
	}
	worst := float32(0)
	for i := range min(len(early), len(late)) {
		worst = max(worst, early[i]-late[i], late[i]-early[i])
	}
	t.Logf("ffmpeg and mpg123 differ by %.3f at most", worst)
	if worst > 0.03 {
		t.Errorf("ffmpeg and mpg123 differ by %.3f", worst)
	}
}
