package voicefile

import (
	"testing"

	"github.com/lectern/lectern/engine/neural/graph"
	"github.com/lectern/lectern/engine/neural/piper/pipertest"
)

func FuzzParts(f *testing.F) {
	f.Add(pipertest.Voice(1).Bytes())
	f.Add(pipertest.Voice(3).Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := graph.Parse(data)
		if err != nil {
			return
		}
		parts, err := partsOf(m)
		if err != nil {
			return
		}
		for _, part := range parts.Sound {
			if part.Rate < 1 || part.Reach < 0 {
				t.Fatalf("%+v", part)
			}
		}
	})
}

func FuzzConfig(f *testing.F) {
	f.Add([]byte(pipertest.Config(3)))
	f.Fuzz(func(t *testing.T, data []byte) { parseConfig(data) })
}
