package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/encode/wav"
)

// checkWAV reads a whole WAV file and compares what its header announces with
// what is there. It returns the file's size and checksum.
func checkWAV(name string) (size int64, sum [sha256.Size]byte, err error) {
	file, err := os.Open(name)
	if err != nil {
		return 0, sum, err
	}
	defer file.Close()
	var start [512]byte
	n, err := io.ReadFull(file, start[:])
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, sum, fmt.Errorf("reading a WAV: %w", err)
	}
	whole := sha256.New()
	whole.Write(start[:n])
	rest, err := io.Copy(whole, file)
	if err != nil {
		return 0, sum, err
	}
	size = int64(n) + rest
	return size, [sha256.Size]byte(whole.Sum(nil)), checkHeader(start[:n], size)
}

// checkHeader checks the start of a WAV file of size bytes: the sizes it
// announces, and that there is sound.
func checkHeader(start []byte, size int64) error {
	if len(start) < 12 || !bytes.Equal(start[:4], []byte("RIFF")) || !bytes.Equal(start[8:12], []byte("WAVE")) {
		return fmt.Errorf("no WAV: it starts with %q", start[:min(12, len(start))])
	}
	if announced := int64(binary.LittleEndian.Uint32(start[4:])) + 8; announced != size {
		return fmt.Errorf("a WAV that announces %d bytes has %d", announced, size)
	}
	for at := 12; at+8 <= len(start); {
		length := int64(binary.LittleEndian.Uint32(start[at+4:]))
		if bytes.Equal(start[at:at+4], []byte("data")) {
			there := size - int64(at) - 8
			switch {
			case length == 0:
				return errors.New("a WAV without sound")
			case there != length+length%2:
				return fmt.Errorf("a WAV that announces %d bytes of sound has %d", length, there)
			}
			return nil
		}
		at += 8 + int(length+length%2)
	}
	return errors.New("a WAV without a data chunk at its start")
}

// writeWAV writes sound of one channel, full scale at ±1.
func writeWAV(name string, rate int, sound []float32) error {
	var b bytes.Buffer
	e, err := wav.Linear16().NewEncoder(&b, audio.SampleRate(rate), audio.Frames(len(sound)))
	if err != nil {
		return err
	}
	if err := errors.Join(e.Encode(sound), e.Close()); err != nil {
		return err
	}
	return os.WriteFile(name, b.Bytes(), 0o600)
}
