package voicefile_test

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lectern/lectern/engine/neural/graph/graphtest"
	"github.com/lectern/lectern/engine/neural/kokoro/kokorotest"
	"github.com/lectern/lectern/engine/neural/kokoro/voicefile"
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
	for _, tokens := range []string{"tokens", "input_ids"} {
		dir := t.TempDir()
		if err := voicefile.Prepare(write(t, "k.onnx", kokorotest.Network(tokens).Bytes()), dir); err != nil {
			t.Fatal(err)
		}
		names, err := voicefile.ReadNames(dir)
		if want := (voicefile.Names{Tokens: tokens, Style: "style", Speed: "speed", Audio: "audio", Durations: "clipped"}); err != nil || *names != want {
			t.Errorf("%+v, %v", names, err)
		}
	}
	if _, err := voicefile.ReadNames(t.TempDir()); err == nil || !strings.Contains(err.Error(), "is not prepared") {
		t.Errorf("an empty directory: %v", err)
	}
}

func TestCheck(t *testing.T) {
	changed := func(change func(*graphtest.Model)) []byte {
		m := kokorotest.Network("tokens")
		change(m)
		return m.Bytes()
	}
	for want, data := range map[string][]byte{
		"k.onnx is not an ONNX model: ":                                             []byte("PK\x03\x04"),
		"k.onnx has no input named 'tokens' or 'input_ids': it is not Kokoro":       kokorotest.Network("ids").Bytes(),
		"k.onnx has 4 inputs and 1 outputs: it is not Kokoro":                       changed(func(m *graphtest.Model) { m.Input("more", 1, 1) }),
		"k.onnx keeps its weights in other files: take the Kokoro that is one file": changed(func(m *graphtest.Model) { m.Elsewhere("w", "w.bin") }),
		"k.onnx rounds at several places": changed(func(m *graphtest.Model) {
			m.Node("Clip", []string{"rounded"}, []string{"again"})
		}),
	} {
		if err := voicefile.Check(write(t, "k.onnx", data)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not: %s", err, want)
		}
	}
}

func TestReadStyle(t *testing.T) {
	style := make([]byte, 4*voicefile.Rows*voicefile.Width)
	binary.LittleEndian.PutUint32(style[4*256:], math.Float32bits(0.5))
	read, err := voicefile.ReadStyle(write(t, "s.bin", style))
	if err != nil || len(read) != 510*256 || read[256] != 0.5 {
		t.Errorf("%d numbers, %v", len(read), err)
	}
	if _, err := voicefile.ReadStyle(write(t, "s.bin", style[4:])); err == nil || !strings.Contains(err.Error(), "522236 bytes, not 522240") {
		t.Errorf("short: %v", err)
	}
	binary.LittleEndian.PutUint32(style, math.Float32bits(float32(math.NaN())))
	if _, err := voicefile.ReadStyle(write(t, "s.bin", style)); err == nil {
		t.Error("no number is no error")
	}
}

func TestReadVocab(t *testing.T) {
	vocab, err := voicefile.ReadVocab(write(t, "v.json", []byte(`{"a": 43, "ʤ": 82}`)))
	if err != nil || len(vocab) != 2 || vocab['ʤ'] != 82 {
		t.Errorf("%v, %v", vocab, err)
	}
	for _, bad := range []string{`[]`, `{}`, `{"ab": 1}`, `{"": 1}`, `{"a": -1}`} {
		if _, err := voicefile.ReadVocab(write(t, "v.json", []byte(bad))); err == nil {
			t.Errorf("%s is no error", bad)
		}
	}
}
