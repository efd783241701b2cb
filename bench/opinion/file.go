package opinion

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/lectern/lectern/audio"
)

// scoreFile is the opinion of a file of any format that ffmpeg reads.
func (l *Listener) scoreFile(ctx context.Context, file string) (float64, error) {
	sound, err := read(ctx, file)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", file, err)
	}
	return l.score(ctx, sound)
}

// read is the sound of a file, at the rate at which the network hears. Who taught
// the network brought sound to that rate by sox, and so is this: another filter is
// worth some hundredths to it.
func read(ctx context.Context, file string) (audio.Buffer, error) {
	wav, err := os.ReadFile(file)
	if filepath.Ext(file) != ".wav" {
		wav, err = run(ctx, nil, "ffmpeg", "-v", "error", "-i", file, "-ac", "1", "-c:a", "pcm_s16le", "-f", "wav", "-")
	}
	if err == nil {
		wav, err = run(ctx, wav, "sox", "--ignore-length", "-t", "wav", "-", "-r", fmt.Sprint(int(rate)), "-c", "1", "-b", "16", "-t", "wav", "-")
	}
	if err != nil {
		return audio.Buffer{}, err
	}
	return decode(wav)
}

// run is what a program makes of its input.
func run(ctx context.Context, in []byte, program string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	var complaint bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), &complaint
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", program, err, complaint.Bytes())
	}
	return out, nil
}

// decode reads a WAV. Its data may say that it is longer than it is: who writes
// into a pipe does not know.
func decode(wav []byte) (audio.Buffer, error) {
	if len(wav) < 12 || string(wav[:4]) != "RIFF" || string(wav[8:12]) != "WAVE" {
		return audio.Buffer{}, errors.New("it is not WAV")
	}
	var sound audio.Buffer
	for rest := wav[12:]; len(rest) >= 8; {
		name, size := string(rest[:4]), int(binary.LittleEndian.Uint32(rest[4:]))
		rest = rest[8:]
		body := rest[:min(size, len(rest))]
		switch {
		case name == "fmt " && len(body) >= 16:
			if channels, bits := binary.LittleEndian.Uint16(body[2:]), binary.LittleEndian.Uint16(body[14:]); channels != 1 || bits != 16 {
				return audio.Buffer{}, fmt.Errorf("it has %d channels of %d bits", channels, bits)
			}
			sound.Rate = audio.SampleRate(binary.LittleEndian.Uint32(body[4:]))
		case name == "data" && sound.Rate > 0:
			for i := 0; i+1 < len(body); i += 2 {
				sound.Samples = append(sound.Samples, float32(int16(binary.LittleEndian.Uint16(body[i:])))/(1<<15))
			}
			return sound, nil
		}
		rest = rest[len(body)+min(size%2, len(rest)-len(body)):]
	}
	return audio.Buffer{}, errors.New("it has no sound")
}
