package installed

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/engine/worker"
	"github.com/lectern/lectern/internal/models"
)

// neuralWorker is the binary of the workers for neural voices.
const neuralWorker = "lectern-neural"

// neuralGrace is how long such a worker has to stop after a cancel. A network is
// asked between its operations, and a worker costs a third of a second to start:
// it is worth waiting for. Kokoro's longest operation takes 75 ms.
var neuralGrace = map[string]time.Duration{models.Hibari: 50 * time.Millisecond, models.Piper: 50 * time.Millisecond, models.Kokoro: 150 * time.Millisecond}

// neuralPatience is how much longer than other engines such a worker may take: alone
// Kokoro makes a second of sound in a second, and machines are busy.
var neuralPatience = map[string]float64{models.Piper: 2, models.Kokoro: 8}

// neuralMemory limits the writable memory of such a worker, in bytes.
var neuralMemory = map[string]int64{models.Hibari: 512 << 20, models.Piper: 512 << 20, models.Kokoro: 1 << 30}

// neuralSources are the models of the voices that are installed. What cannot be
// used is logged.
func neuralSources(p Places, workers string) []engine.Source {
	dir := p.Voices
	if whole, err := filepath.Abs(dir); err == nil { // workers start in another directory
		dir = whole
	}
	found, problems := models.Of(dir)
	path := filepath.Join(workers, neuralWorker)
	if _, err := os.Stat(path); err != nil && len(found) > 0 {
		problems = fmt.Errorf("%w; build it with `make build` and keep it beside lectern (or give --worker-dir)", err)
		found = nil
	}
	if problems != nil {
		p.Log.Error("some voices cannot be used", "voices", dir, "cause", problems)
	}
	var sources []engine.Source
	for i, m := range found {
		sources = append(sources, engine.Source{
			Name: m.Name, Version: m.Version, Info: &m.Info, Memory: m.Memory, Warm: p.Warm && i == 0, Patience: neuralPatience[m.Info.Name],
			Install: "Its log has the reason; `lectern voices install` gets a voice anew.",
			Start: worker.Starter(worker.Command{Path: path, Args: []string{dir, m.Name}},
				worker.Options{Log: p.Log, Reads: []string{dir}, Grace: neuralGrace[m.Info.Name], Memory: neuralMemory[m.Info.Name], Nice: workerNice}),
		})
	}
	return sources
}
