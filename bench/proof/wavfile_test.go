package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
)

// wavOf is a WAV file that announces sound bytes and holds there.
func wavOf(sound, there int) []byte {
	b := append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(36+sound))...)
	b = append(b, "WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x80\x3e\x00\x00\x00\x7d\x00\x00\x02\x00\x10\x00data"...)
	b = binary.LittleEndian.AppendUint32(b, uint32(sound))
	return append(b, make([]byte, there)...)
}

func TestCheckWAV(t *testing.T) {
	wrongData := wavOf(2000, 2000)
	binary.LittleEndian.PutUint32(wrongData[40:], 1998)
	for name, test := range map[string]struct {
		content []byte
		ok      bool
	}{
		"whole":       {wavOf(2000, 2000), true},
		"cut":         {wavOf(2000, 1990), false},
		"too long":    {wavOf(2000, 2010), false},
		"silent":      {wavOf(0, 0), false},
		"wrong data":  {wrongData, false},
		"header only": {wavOf(2000, 0), false},
		"half header": {wavOf(2000, 0)[:20], false},
		"text":        {[]byte("this is no sound at all"), false},
		"empty":       {nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "a.wav")
			if err := os.WriteFile(file, test.content, 0o600); err != nil {
				t.Fatal(err)
			}
			size, _, err := checkWAV(file)
			if (err == nil) != test.ok {
				t.Errorf("checkWAV says %v", err)
			}
			if err == nil && size != int64(len(test.content)) {
				t.Errorf("size %d, want %d", size, len(test.content))
			}
		})
	}
}
