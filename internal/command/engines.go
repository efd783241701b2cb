package command

import (
	"context"
	"log/slog"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/flac"
	"github.com/lectern/lectern/encode/m4a"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/installed"
)

// newFormats are the encodings that Lectern writes, in the order in which they
// are named. Those that a build tag has left out are known to be missing.
func newFormats() *encode.Catalogue {
	return encode.NewCatalogue(wav.Linear16(), mp3.MP3(), mp3.MP3Kbps64(), oggopus.Format(), m4a.Format(),
		wav.MuLaw(), wav.ALaw(), pcm.Format())
}

// newHeardFormats are the same for who hears the sound while it is made: MP3 has not the
// numbers that its end tells.
func newHeardFormats() *encode.Catalogue {
	return encode.NewCatalogue(wav.Linear16(), mp3.Spoken(), mp3.MP3Kbps64(), oggopus.Format(), m4a.Format(),
		wav.MuLaw(), wav.ALaw(), pcm.Format())
}

// newSpokenFormats are the encodings of OpenAI's API, which are heard while they are
// made. MP3 is another one than Google's, without the numbers that its end tells.
func newSpokenFormats() *encode.Catalogue {
	return encode.NewCatalogue(wav.Linear16(), mp3.Spoken(), oggopus.Format(), m4a.ADTS(), flac.Format(), pcm.Format())
}

// namesOf are the names that a configuration gives to voices.
func namesOf(c config.Config) voices.Names {
	names := voices.Names{Google: voices.GoogleServed, Map: c.VoiceNames}
	if c.ListGoogleVoices {
		names.Google = voices.GoogleListed
	}
	return names
}

// openEngines starts the engines. It fails only when there is none at all.
func openEngines(ctx context.Context, log *slog.Logger, c config.Config) (*engine.Engine, error) {
	return installed.Open(ctx, installed.Places{Workers: c.WorkerDir, Voices: c.Voices, Log: log},
		engine.Config{Slots: c.Slots, Memory: c.ModelMemory, Names: namesOf(c), Log: log})
}
