package command

import (
	"log/slog"

	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/internal/config"
)

// clipsOf says which sounds <audio> may play.
func clipsOf(c config.Config) clip.Config {
	return clip.Config{Directory: c.Clips, Hosts: c.ClipHosts}
}

// openClips opens them.
func openClips(log *slog.Logger, c config.Config) (*clip.Library, error) {
	clips := clipsOf(c)
	clips.Log = log
	return clip.New(clips)
}
