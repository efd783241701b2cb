package installed

import (
	"context"
	"time"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/internal/voicestore"
)

// Follow lets engines, which [Open] has opened, have the voices that are installed
// while they run, and lose those that are removed, until ctx ends.
func Follow(ctx context.Context, p Places, engines *engine.Engine) {
	if _, err := Workers(p.Workers); err != nil {
		p.Log.Error("the directory of voices is not watched", "cause", err)
		return
	}
	watchVoices(ctx, p.Voices, func() {
		sources, err := Sources(p)
		if err == nil {
			err = engines.Replace(ctx, sources)
		}
		if err != nil {
			p.Log.Error("the voices that are installed now cannot be used", "voices", p.Voices, "cause", err)
			return
		}
		p.Log.Info("the installed voices have changed", "voices", len(engines.Catalogue().List("")))
	})
}

// watchVoices calls changed when what is installed in dir has changed, until ctx
// ends.
func watchVoices(ctx context.Context, dir string, changed func()) {
	last, _ := voicestore.Fingerprint(dir)
	ticker := time.NewTicker(voicesInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now, err := voicestore.Fingerprint(dir)
		if err == nil && now != last {
			last = now
			changed()
		}
	}
}

// voicesInterval is how long a server takes to see a new voice, at most. To look
// costs a stat for each.
const voicesInterval = time.Second
