package voicefile

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

// Config is what a voice's .onnx.json says.
type Config struct {
	SampleRate int
	// Language is the voice's own tag, as "en_US"; "" if it does not say.
	Language string
	// PhonemeType is "espeak" for the IPA of espeak-ng's voice Espeak, "text" for
	// the letters of the text themselves.
	PhonemeType, Espeak string
	// IDs are the numbers of every phoneme. Start, Pad and End are those that
	// stand before, between and after phonemes.
	IDs             map[rune][]int64
	Start, Pad, End []int64
	// Clusters are phonemes that are one where they follow each other, as "aɪ".
	Clusters map[string][]int64
	// NoiseScale and NoiseW say how much chance is in the sound and in the
	// durations, LengthScale how slow the voice is.
	NoiseScale, LengthScale, NoiseW float64
	// Speakers is how many there are; SpeakerIDs are those with names.
	Speakers   int
	SpeakerIDs map[string]int
	// Speaker is whom the voice speaks as if nobody is asked for.
	Speaker int
}

// configFile is the file as it stands, as Piper reads it; what a pointer points
// to may be left out.
type configFile struct {
	Audio struct {
		SampleRate int `json:"sample_rate"`
	} `json:"audio"`
	Espeak struct {
		Voice string `json:"voice"`
	} `json:"espeak"`
	Language struct {
		Code string `json:"code"`
	} `json:"language"`
	Inference struct {
		NoiseScale  *float64 `json:"noise_scale"`
		LengthScale *float64 `json:"length_scale"`
		NoiseW      *float64 `json:"noise_w"`
	} `json:"inference"`
	PhonemeType    string             `json:"phoneme_type"`
	IDs            map[string][]int64 `json:"phoneme_id_map"`
	Clusters       [][]string         `json:"vowel_clusters"`
	Symbols        int64              `json:"num_symbols"`
	Speakers       int                `json:"num_speakers"`
	SpeakerIDs     map[string]int     `json:"speaker_id_map"`
	DefaultSpeaker int                `json:"default_speaker_id"`
}

// maxConfig is the size of a description; the longest known has 900 speakers and
// 30 kB.
const maxConfig = 4 << 20

// ReadConfig reads a voice's .onnx.json.
func ReadConfig(path string) (*Config, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("the voice's description: %w; it stands beside the network, as NAME.onnx.json", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxConfig+1))
	if err != nil {
		return nil, fmt.Errorf("the voice's description: %w", err)
	}
	if len(text) > maxConfig {
		return nil, fmt.Errorf("%s is no description of a Piper voice: it has more than %d MB", path, maxConfig>>20)
	}
	c, err := parseConfig(text)
	if err != nil {
		return nil, fmt.Errorf("%s is no description of a Piper voice that can be spoken: %w", path, err)
	}
	return c, nil
}

func parseConfig(text []byte) (*Config, error) {
	var f configFile
	if err := json.Unmarshal(text, &f); err != nil {
		return nil, err
	}
	value := func(p *float64, otherwise float64) float64 {
		if p == nil {
			return otherwise
		}
		return *p
	}
	c := &Config{
		SampleRate: f.Audio.SampleRate, Language: f.Language.Code, Espeak: f.Espeak.Voice, PhonemeType: f.PhonemeType,
		NoiseScale: value(f.Inference.NoiseScale, 0.667), LengthScale: value(f.Inference.LengthScale, 1), NoiseW: value(f.Inference.NoiseW, 0.8),
		Speakers: max(f.Speakers, 1), SpeakerIDs: f.SpeakerIDs, Speaker: f.DefaultSpeaker,
		IDs: map[rune][]int64{}, Clusters: map[string][]int64{},
	}
	if c.PhonemeType == "" {
		c.PhonemeType = "espeak"
	}
	if c.SampleRate < 8000 || c.SampleRate > 96000 {
		return nil, fmt.Errorf("audio.sample_rate is %d, not 8000 to 96000", c.SampleRate)
	}
	switch c.PhonemeType {
	case "espeak":
		if c.Espeak == "" {
			return nil, errors.New("espeak.voice is missing")
		}
	case "text":
	default:
		return nil, fmt.Errorf("phoneme_type is %q; of Piper's, Lectern has espeak and text", c.PhonemeType)
	}
	for name, v := range map[string]float64{"noise_scale": c.NoiseScale, "noise_w": c.NoiseW} {
		if v < 0 || v > 10 {
			return nil, fmt.Errorf("inference.%s is %g, not 0 to 10", name, v)
		}
	}
	if c.LengthScale < 0.1 || c.LengthScale > 10 {
		return nil, fmt.Errorf("inference.length_scale is %g, not 0.1 to 10", c.LengthScale)
	}
	return c, errors.Join(c.setPhonemes(&f), c.checkSpeakers())
}

func (c *Config) setPhonemes(f *configFile) error {
	if len(f.IDs) == 0 {
		return errors.New("phoneme_id_map is missing")
	}
	for _, phoneme := range slices.Sorted(maps.Keys(f.IDs)) {
		ids := f.IDs[phoneme]
		if len(ids) == 0 || len(ids) > 8 {
			return fmt.Errorf("phoneme_id_map[%q] has %d numbers, not 1 to 8", phoneme, len(ids))
		}
		for _, id := range ids {
			if id < 0 || f.Symbols > 0 && id >= f.Symbols {
				return fmt.Errorf("phoneme_id_map[%q] is %d, and num_symbols %d", phoneme, id, f.Symbols)
			}
		}
		switch phoneme {
		case "^":
			c.Start = ids
		case "_":
			c.Pad = ids
		case "$":
			c.End = ids
		default:
			if r, n := utf8.DecodeRuneInString(phoneme); n == len(phoneme) && r != utf8.RuneError {
				c.IDs[r] = ids
			}
		}
	}
	if len(c.IDs) == 0 {
		return errors.New(`phoneme_id_map has no phonemes, only "^", "_" and "$" or groups`)
	}
	for _, cluster := range f.Clusters {
		joined := strings.Join(cluster, "")
		if ids, ok := f.IDs[joined]; ok && utf8.RuneCountInString(joined) > 1 {
			c.Clusters[joined] = ids
		}
	}
	if c.Start == nil || c.Pad == nil || c.End == nil {
		return errors.New(`phoneme_id_map has not all of "^", "_" and "$", which stand before, between and after phonemes`)
	}
	return nil
}

// maxSpeakers is far above any voice: it is there so that a number that makes no
// sense is said to make none.
const maxSpeakers = 1 << 20

func (c *Config) checkSpeakers() error {
	if c.Speakers > maxSpeakers {
		return fmt.Errorf("num_speakers is %d", c.Speakers)
	}
	if c.Speaker < 0 || c.Speaker >= c.Speakers {
		return fmt.Errorf("default_speaker_id is %d, and num_speakers %d", c.Speaker, c.Speakers)
	}
	for _, name := range slices.Sorted(maps.Keys(c.SpeakerIDs)) {
		if id := c.SpeakerIDs[name]; id < 0 || id >= c.Speakers {
			return fmt.Errorf("speaker_id_map[%q] is %d, and num_speakers %d", name, id, c.Speakers)
		}
	}
	return nil
}
