package main

import (
	"log/slog"

	"github.com/lectern/lectern/clip"
	"github.com/lectern/lectern/internal/config"
)

// openClips opens the sounds that <audio> may play.
func openClips(log *slog.Logger, c config.Config) (*clip.Library, error) {
	return clip.New(clip.Config{Directory: c.Clips, Hosts: c.ClipHosts, Log: log})
}

// clipSources are the schemes of addresses that documents may name: those of
// the library, whose own directory is one only if there is any.
func clipSources(c config.Config) func(scheme string) bool {
	return func(scheme string) bool {
		return scheme == "https" || scheme == "data" || scheme == "clips" && c.Clips != ""
	}
}
