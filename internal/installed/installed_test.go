package installed

import (
	"os"
	"path/filepath"
	"testing"
)

// TestWorkersOfAnotherProgram: one that embeds the server has no workers beside it,
// and finds those of the lectern on the path, however that is installed.
func TestWorkersOfAnotherProgram(t *testing.T) {
	for name, layout := range map[string]struct{ program, worker, want string }{
		"beside it":            {"lectern", "lectern-flite", "."},
		"as make install does": {"bin/lectern", "libexec/lectern/lectern-flite", "libexec/lectern"},
	} {
		t.Run(name, func(t *testing.T) {
			top, err := filepath.EvalSymlinks(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{layout.program, layout.worker} {
				file = filepath.Join(top, file)
				if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(file, nil, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", filepath.Join(top, filepath.Dir(layout.program)))
			if got, err := Workers(""); err != nil || got != filepath.Join(top, layout.want) {
				t.Errorf("got %s, %v", got, err)
			}
			if got, err := Workers("elsewhere"); err != nil || got != "elsewhere" {
				t.Errorf("given elsewhere, got %s, %v", got, err)
			}
		})
	}
}

// TestABrokenVoiceLeavesTheOthers: also where nobody hears of it.
func TestABrokenVoiceLeavesTheOthers(t *testing.T) {
	voices := t.TempDir()
	if err := os.Mkdir(filepath.Join(voices, "broken"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(voices, "broken", "item.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	sources, err := Sources(Places{Workers: t.TempDir(), Voices: voices})
	if err != nil || len(sources) != len(Engines()) {
		t.Errorf("got %d sources, %v; want those of the %d engines without voices of their own", len(sources), err, len(Engines()))
	}
}
