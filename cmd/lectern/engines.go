package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/lectern/lectern/encode"
	"github.com/lectern/lectern/encode/flac"
	"github.com/lectern/lectern/encode/m4a"
	"github.com/lectern/lectern/encode/mp3"
	"github.com/lectern/lectern/encode/oggopus"
	"github.com/lectern/lectern/encode/pcm"
	"github.com/lectern/lectern/encode/wav"
	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/voices"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/internal/config"
)

// installedEngines are the engines that Lectern knows, the preferred first, by
// the name of their worker's binary.
var installedEngines = []struct{ name, binary, install string }{
	{"flite", "lectern-flite", "Build it with `make build` and keep lectern-flite beside lectern (or give --worker-dir)."},
	{"espeak", "lectern-espeak", "Run `apt-get install espeak-ng-data`, build with `make build`, and keep lectern-espeak beside lectern (or give --worker-dir)."},
}

// grace is how long a worker has to stop after a cancel. It is short because a
// worker is cheaper to start (4 to 12 ms) than to wait for: flite is deaf until
// its first sound, which takes up to half a second.
const grace = 15 * time.Millisecond

// newFormats are the encodings that Lectern writes, in the order in which they
// are named. Those that a build tag has left out are known to be missing.
func newFormats() *encode.Catalogue {
	return encode.NewCatalogue(wav.Linear16(), mp3.MP3(), mp3.MP3Kbps64(), oggopus.Format(), m4a.Format(),
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

// engineSettings say which engines to open.
type engineSettings struct {
	config.Config
	// warm starts the workers of the first neural voice at once.
	warm bool
}

// openEngines starts the engines. It fails only when there is none at all.
func openEngines(ctx context.Context, log *slog.Logger, s engineSettings) (*engine.Engine, error) {
	dir, err := workersIn(s.WorkerDir)
	if err != nil {
		return nil, err
	}
	engines, err := engine.Open(ctx, engine.Config{
		Sources: engineSources(log, dir, s), Slots: s.Slots, Memory: s.ModelMemory, Names: namesOf(s.Config), Log: log,
	})
	if err != nil {
		return nil, err
	}
	if len(engines.Infos()) == 0 {
		engines.Close()
		return nil, fmt.Errorf("no engine could be started from %s; %s", dir, installedEngines[0].install)
	}
	return engines, nil
}

// engineSources are all engines there are: neural voices before the others.
func engineSources(log *slog.Logger, dir string, s engineSettings) []engine.Source {
	sources := neuralSources(log, s.Voices, dir, s.warm)
	for _, known := range installedEngines {
		sources = append(sources, engine.Source{
			Name:    known.name,
			Install: known.install,
			Start:   worker.Starter(worker.Command{Path: filepath.Join(dir, known.binary)}, worker.Options{Log: log, Grace: grace, Nice: 15, Reads: []string{}}),
		})
	}
	return sources
}

// libexec is where an installation has the workers, seen from the program's folder.
const libexec = "../libexec/lectern"

// workersIn is where the workers are; empty means beside this program, or where
// `make install` puts them.
func workersIn(dir string) (string, error) {
	if dir != "" {
		return dir, nil
	}
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	if self, err = filepath.EvalSymlinks(self); err != nil {
		return "", err
	}
	beside := filepath.Dir(self)
	if _, err := os.Stat(filepath.Join(beside, installedEngines[0].binary)); err == nil {
		return beside, nil
	}
	if elsewhere := filepath.Join(beside, libexec); isDirectory(elsewhere) {
		return elsewhere, nil
	}
	return beside, nil
}

func isDirectory(path string) bool {
	st, err := os.Stat(path)
	return err == nil && st.IsDir()
}

// followVoices lets engines have the voices that are installed while they run,
// and lose those that are removed, until ctx ends.
func followVoices(ctx context.Context, log *slog.Logger, engines *engine.Engine, s engineSettings) {
	dir, err := workersIn(s.WorkerDir)
	if err != nil {
		log.Error("the directory of voices is not watched", "cause", err)
		return
	}
	watchVoices(ctx, s.Voices, func() {
		if err := engines.Replace(ctx, engineSources(log, dir, s)); err != nil {
			log.Error("the voices that are installed now cannot be used", "voices", s.Voices, "cause", err)
			return
		}
		log.Info("the installed voices have changed", "voices", len(engines.Catalogue().List("")))
	})
}
