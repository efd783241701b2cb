package catalogue

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/lectern/lectern/internal/voicestore"
)

//go:embed gains.tsv
var gainsTSV string

// gains are those of the table, by the public names of voices.
var gains = sync.OnceValue(func() map[string]float64 {
	table := map[string]float64{}
	for line := range strings.Lines(gainsTSV) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		name, number, _ := strings.Cut(line, "\t")
		gain, err := strconv.ParseFloat(number, 64)
		if err != nil {
			panic(fmt.Errorf("gains.tsv: %q: %w", line, err))
		}
		table[name] = gain
	}
	return table
})

// Gain is what brings a voice to -20 LUFS, in dB, by its public name; 0 if it was
// not measured. An item that was installed earlier may hold another one.
func Gain(voice string) float64 { return gains()[voice] }

// level gives voices their gains.
func level(voices []voicestore.Voice) {
	for i := range voices {
		voices[i].GainDB = Gain(voices[i].Name)
	}
}
