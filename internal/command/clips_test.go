package command

import (
	"log/slog"
	"testing"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/config"
)

func TestClipsAreFetchedFromPublicHostsOnly(t *testing.T) {
	clips, err := openClips(slog.New(slog.DiscardHandler), config.Default(func(string) string { return "" }))
	if err != nil {
		t.Fatal(err)
	}
	defer clips.Close()
	for src, want := range map[string]fault.Code{
		"https://127.0.0.1:1/door.wav": fault.PermissionDenied,
		"clips:door.wav":               fault.NotFound,
	} {
		if _, err := clips.Open(t.Context(), src); !fault.Is(err, want) {
			t.Errorf("%s: %v, want %v", src, err, want)
		}
	}
}
