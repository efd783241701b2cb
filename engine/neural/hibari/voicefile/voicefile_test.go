package voicefile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/neural/graph"
	"github.com/lectern/lectern/engine/neural/graph/graphtest"
	"github.com/lectern/lectern/engine/neural/hibari/voicefile"
)

// voice is a network in the form of a hibari voice, with an operator between its
// waist and its rows, and wide, a value that the sound part takes from the text.
func voice(between string, wide bool) []byte {
	var m graphtest.Model
	m.Input("ids", graphtest.Int, 2)
	m.Input("speed", graphtest.Float, 1)
	for _, out := range []string{"lh", "theta", "ln", "lr", "phi", "f0"} {
		m.Output(out, graphtest.Float, 3)
	}
	m.Floats("weight", []int{2, 2, 1}, 1)
	m.Node("Cast", []string{"ids"}, []string{"text"}, graphtest.Attr{Name: "to", Value: 1})
	m.Node("Div", []string{"text", "speed"}, []string{"long"})
	m.Node("Round", []string{"long"}, []string{"whole"})
	m.Node("Clip", []string{"whole"}, []string{"times"})
	m.Node("Mul", []string{"times", "text"}, []string{"f0"})
	m.Node("Concat", []string{"text", "f0"}, []string{"waist"}, graphtest.Attr{Name: "axis", Value: 1})
	m.Node("Conv", []string{"waist", "weight"}, []string{"inner"})
	after := []string{"inner"}
	if wide {
		after = append(after, "text")
	}
	m.Node(between, after, []string{"rows"})
	m.Node("Transpose", []string{"rows"}, []string{"turned"}, graphtest.Attr{Name: "perm", Value: []int{0, 2, 1}})
	m.Node("Split", []string{"turned"}, []string{"lh", "theta", "ln", "lr", "phi"}, graphtest.Attr{Name: "axis", Value: 1})
	return m.Bytes()
}

func prepare(t *testing.T, network []byte) (dir string, err error) {
	dir = t.TempDir()
	file := filepath.Join(dir, "voice.onnx")
	if err := os.WriteFile(file, network, 0o666); err != nil {
		t.Fatal(err)
	}
	return dir, voicefile.Prepare(file, dir)
}

func TestPrepare(t *testing.T) {
	for between, local := range map[string]bool{"Erf": true, "Softmax": false} {
		dir, err := prepare(t, voice(between, false))
		if err != nil {
			t.Fatal(err)
		}
		want := voicefile.Parts{Durations: "times", Features: "waist", Rows: "rows", Local: local}
		if got, err := voicefile.ReadParts(dir); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", between, got, err, want)
		}
		for file, ends := range map[string][2][]string{
			voicefile.NetworkFile: {{"ids", "speed"}, {"times", "f0", "waist"}},
			voicefile.SoundFile:   {{"waist"}, {"rows"}},
		} {
			data, err := os.ReadFile(filepath.Join(dir, file))
			if err != nil {
				t.Fatal(err)
			}
			m, err := graph.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(m.Inputs(), ends[0]) || !slices.Equal(m.Outputs(), ends[1]) {
				t.Errorf("%s makes %q from %q", file, m.Outputs(), m.Inputs())
			}
		}
	}
}

func TestOthersAreRefused(t *testing.T) {
	whole := string(voice("Erf", false))
	for name, network := range map[string]string{
		"no ONNX model": "%PDF",
		"no waist":      string(voice("Add", true)),
		"no input":      strings.ReplaceAll(whole, "speed", "spend"),
		"no output":     strings.ReplaceAll(whole, "theta", "delta"),
		"no durations":  strings.ReplaceAll(whole, "Round", "Floor"),
		"no turn":       strings.ReplaceAll(whole, "Transpose", "Transport"),
	} {
		dir, err := prepare(t, []byte(network))
		if err == nil || !strings.Contains(err.Error(), "voice.onnx") {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := voicefile.ReadParts(dir); err == nil || !strings.Contains(err.Error(), "install") {
			t.Errorf("%s: then %v", name, err)
		}
	}
}
