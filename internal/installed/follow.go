package installed

import (
	"context"
	"time"

	"github.com/lectern/lectern/engine"
	"github.com/lectern/lectern/internal/voicestore"
)

// Follower lets engines have the voices that are installed while they run, and lose
// those that are removed.
type Follower struct {
	places  Places
	engines *engine.Engine
}

// NewFollower makes a follower for engines, which [Open] has opened.
func NewFollower(p Places, engines *engine.Engine) *Follower { return &Follower{p.withLog(), engines} }

// Run looks what is installed until ctx ends; then it returns nil. What cannot be used
// is logged, and looked at again when it has changed.
func (f *Follower) Run(ctx context.Context) error {
	if _, err := Workers(f.places.Workers); err != nil {
		f.places.Log.Error("the directory of voices is not watched", "cause", err)
		return nil
	}
	watchVoices(ctx, f.places.Voices, func() { f.replace(ctx) })
	return nil
}

// replace has the engines be those that are installed now.
func (f *Follower) replace(ctx context.Context) {
	sources, err := Sources(f.places)
	if err == nil {
		err = f.engines.Replace(ctx, sources)
	}
	if err != nil {
		f.places.Log.Error("the voices that are installed now cannot be used", "voices", f.places.Voices, "cause", err)
		return
	}
	f.places.Log.Info("the installed voices have changed", "voices", len(f.engines.Catalogue().List("")))
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
