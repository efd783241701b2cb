package lectern

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestALostDatabaseIsTold: where there is none though there was one, in one line, and
// nowhere else.
func TestALostDatabaseIsTold(t *testing.T) {
	truncate := func(t *testing.T, data string) {
		must(t, os.Truncate(filepath.Join(data, "operations.db"), 0))
	}
	remove := func(t *testing.T, data string) { must(t, os.Remove(filepath.Join(data, "operations.db"))) }
	object := func(t *testing.T, data string) { writeFile(t, data, "buckets/demo/a.wav") }
	for name, tt := range map[string]struct {
		lives int // how often a server has had the directory before
		left  []func(*testing.T, string)
		told  bool
	}{
		"a fresh directory":                  {0, nil, false},
		"objects that came from elsewhere":   {0, list(object), false},
		"a database beside objects":          {1, list(object), false},
		"an empty database beside objects":   {1, list(object, truncate), true},
		"a missing database beside objects":  {1, list(object, remove), true},
		"a missing database, nothing else":   {1, list(remove), true},
		"lost after several starts":          {3, list(object, remove), true},
		"scratch without a database or mark": {0, list(func(t *testing.T, data string) { writeFile(t, data, "scratch/some-operation/0-1") }), true},
		"folders that nothing is in":         {0, list(func(t *testing.T, data string) { must(t, os.MkdirAll(filepath.Join(data, "scratch"), 0o755)) }), false},
		"a first start that ended in between": {0, list(func(t *testing.T, data string) {
			must(t, os.WriteFile(filepath.Join(data, "operations.db"), nil, 0o600))
		}), false},
	} {
		t.Run(name, func(t *testing.T) {
			data := t.TempDir()
			for range tt.lives {
				if said := openAndClose(t, data); said != "" {
					t.Fatalf("said without a reason: %s", said)
				}
			}
			for _, leave := range tt.left {
				leave(t, data)
			}
			said := openAndClose(t, data)
			told := strings.Count(said, "\n") == 1 && strings.Contains(said, "restore a backup of operations.db") && strings.Contains(said, "level=WARN")
			if told != tt.told || !tt.told && said != "" {
				t.Errorf("said %q", said)
			}
			if said := openAndClose(t, data); said != "" {
				t.Errorf("said again: %s", said)
			}
		})
	}
}

func list(f ...func(*testing.T, string)) []func(*testing.T, string) { return f }

func writeFile(t *testing.T, data, name string) {
	path := filepath.Join(data, name)
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte("sound"), 0o600))
}

// openAndClose opens the store of a data directory as a server does, and returns what
// the log says.
func openAndClose(t *testing.T, data string) string {
	t.Helper()
	var said strings.Builder
	log := slog.New(slog.NewTextHandler(&said, nil))
	store, err := openStore(t.Context(), Config{Data: data, Log: log}, false, newReserve(data, log))
	must(t, err)
	must(t, store.Close())
	return said.String()
}
