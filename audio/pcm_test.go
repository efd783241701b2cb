package audio_test

import (
	"bytes"
	"io"
	"math"
	"slices"
	"testing"

	"github.com/lectern/lectern/audio"
)

func TestPCMIsLittleEndian(t *testing.T) {
	frames := []int16{0, 1, -1, 0x1234, math.MinInt16, math.MaxInt16}
	want := []byte{0, 0, 1, 0, 0xff, 0xff, 0x34, 0x12, 0, 0x80, 0xff, 0x7f}
	if got := audio.PCM(frames); !bytes.Equal(got, want) {
		t.Errorf("% x, want % x", got, want)
	}
	got := make([]int16, len(frames))
	if err := audio.ReadPCM(bytes.NewReader(want), got); err != nil || !slices.Equal(got, frames) {
		t.Errorf("%v, %v; want %v", got, err, frames)
	}
	if err := audio.ReadPCM(bytes.NewReader(want[:3]), got); err != io.ErrUnexpectedEOF {
		t.Errorf("a frame and a half: %v", err)
	}
	if err := audio.ReadPCM(bytes.NewReader(nil), nil); err != nil || len(audio.PCM(nil)) != 0 {
		t.Errorf("no frames: %v", err)
	}
}
