package voicefile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/neural/graph/graphtest"
	"github.com/lectern/lectern/engine/neural/piper/pipertest"
	"github.com/lectern/lectern/engine/neural/piper/voicefile"
)

func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestPrepare(t *testing.T) {
	for _, speakers := range []int{1, 3} {
		dir := t.TempDir()
		if err := voicefile.Prepare(write(t, "v.onnx", pipertest.Voice(speakers).Bytes()), dir); err != nil {
			t.Fatal(err)
		}
		p, err := voicefile.ReadParts(dir)
		if err != nil {
			t.Fatal(err)
		}
		want := voicefile.TextPart{Noise: "random_w", Durations: "w_ceil", Means: "mean_t", Spreads: "spread_t"}
		if p.Text != want || p.Frame != pipertest.Frame || p.Sound[0].From != "latent" || p.Sound[len(p.Sound)-1].To != "output" {
			t.Errorf("parts: %+v", p)
		}
		reach, rate, speaks, at := 0, 1, false, "latent"
		for _, part := range p.Sound {
			reach += (part.Reach + rate - 1) / rate
			rate *= part.Rate
			speaks = speaks || part.Speaker
			if part.From != at {
				t.Errorf("a part takes %q after %q", part.From, at)
			}
			at = part.To
			if _, err := os.Stat(filepath.Join(dir, part.File)); err != nil {
				t.Error(err)
			}
		}
		// Of the convolutions: 2 + 3 + 1 + 2/4 + 3/4.
		if reach < 8 || reach > 10 || rate != pipertest.Frame || speaks != (speakers > 1) {
			t.Errorf("%d speakers: reach %d, rate %d, speaker %v", speakers, reach, rate, speaks)
		}
	}
	if _, err := voicefile.ReadParts(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not prepared") {
		t.Errorf("an empty directory: %v", err)
	}
}

func TestCheck(t *testing.T) {
	without := func(spoil func(*graphtest.Model)) []byte {
		m := pipertest.Voice(1)
		spoil(m)
		return m.Bytes()
	}
	other := &graphtest.Model{}
	other.Input("input", graphtest.Int, 2)
	other.Input("input_lengths", graphtest.Int, 1)
	other.Node("Relu", []string{"input"}, []string{"output"})
	other.Output("output", graphtest.Float, 1)
	for want, data := range map[string][]byte{
		"v.onnx is not an ONNX model: ":                               []byte("<html>"),
		"v.onnx has no input named 'scales': it is not a Piper voice": other.Bytes(),
		"v.onnx has an input named 'style', which no Piper voice has": without(func(m *graphtest.Model) { m.Input("style", 1, 2) }),
		"v.onnx uses the operators of opset 99, newer than 24":        without(func(m *graphtest.Model) { m.Opset = 99 }),
		"v.onnx uses the operators of opset 5, older than 7":          without(func(m *graphtest.Model) { m.Opset = 5 }),
		"it rounds up at 2 places":                                    without(func(m *graphtest.Model) { m.Node("Ceil", []string{"x"}, []string{"y"}) }),
		"v.onnx keeps its weights in other files":                     without(func(m *graphtest.Model) { m.Elsewhere("w", "/etc/passwd") }),
		"has more noises than one": without(func(m *graphtest.Model) {
			m.Node("RandomNormalLike", []string{"mean_p"}, []string{"more"})
		}),
	} {
		err := voicefile.Check(write(t, "v.onnx", data))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not: %s", err, want)
		}
	}
	if err := voicefile.Check(filepath.Join(t.TempDir(), "none.onnx")); err == nil {
		t.Error("no file is no error")
	}
	if err := voicefile.Check(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not an ONNX model") {
		t.Errorf("a directory: %v", err)
	}
}

func TestConfig(t *testing.T) {
	c, err := voicefile.ReadConfig(write(t, "v.onnx.json", []byte(pipertest.Config(3))))
	if err != nil {
		t.Fatal(err)
	}
	if c.SampleRate != 16000 || c.Espeak != "de" || c.Language != "de_DE" || c.PhonemeType != "espeak" || c.NoiseScale != 0.5 || c.LengthScale != 1 || c.NoiseW != 0.4 ||
		c.Speakers != 3 || c.SpeakerIDs["cy"] != 2 || len(c.IDs) != 4 || c.IDs['c'][1] != 6 || len(c.Clusters) != 1 || c.Pad[0] != 0 {
		t.Errorf("%+v", c)
	}
	for want, change := range map[string][2]string{
		"audio.sample_rate is 0, not 8000 to 96000":             {`"sample_rate": 16000`, `"other": 1`},
		"espeak.voice is missing":                               {`"voice": "de"`, `"voice": ""`},
		`phoneme_type is "pinyin"`:                              {`"phoneme_type": "espeak"`, `"phoneme_type": "pinyin"`},
		`phoneme_id_map["c"] is 60, and num_symbols 20`:         {`[5, 6]`, `[5, 60]`},
		`phoneme_id_map["a"] has 0 numbers, not 1 to 8`:         {`"a": [9]`, `"a": []`},
		`phoneme_id_map has not all of "^", "_" and "$"`:        {`"$": [2],`, ``},
		"phoneme_id_map has no phonemes":                        {`"a": [9], "b": [4], "c": [5, 6], "aɪ": [7], "ɪ": [8]`, `"aɪ": [7]`},
		`phoneme_id_map is missing`:                             {`"phoneme_id_map"`, `"phonemes"`},
		`speaker_id_map["cy"] is 7, and num_speakers 3`:         {`"cy": 2`, `"cy": 7`},
		"inference.length_scale is 0, not 0.1 to 10":            {`"length_scale": 1`, `"length_scale": 0`},
		"inference.noise_scale is -1, not 0 to 10":              {`"noise_scale": 0.5`, `"noise_scale": -1`},
		"is no description of a Piper voice that can be spoken": {`{`, `[`},
		"more than 4 MB":                                        {`{`, strings.Repeat(" ", 5<<20) + "{"},
	} {
		text := strings.Replace(pipertest.Config(3), change[0], change[1], 1)
		if _, err := voicefile.ReadConfig(write(t, "v.onnx.json", []byte(text))); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not: %s", err, want)
		}
	}
	if _, err := voicefile.ReadConfig("/nowhere/v.onnx.json"); err == nil {
		t.Error("no file is no error")
	}
}
