package longaudio

import (
	"slices"
	"sync"
	"testing"

	"github.com/lectern/lectern/lro"
)

// shares are what was told of a piece of work.
type shares struct {
	mu  sync.Mutex
	all []float64
}

func (s *shares) tell(share float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, share)
}

// TestProgressComesInSmallSteps: within a shard by sentences, within Finish by pieces,
// and by shards where those are joined.
func TestProgressComesInSmallSteps(t *testing.T) {
	pieced, joined := newPieced(t, "OGG_OPUS"), newTwoShards(t)
	for _, c := range []struct {
		what string
		most float64 // of a step
		do   func(tell func(float64)) error
	}{
		{"a shard", 0.01, func(tell func(float64)) error {
			_, err := pieced.kind.Run(t.Context(), lro.Shard{Work: pieced.work, Count: len(pieced.tasks), Payload: pieced.tasks[0].Payload, Epoch: 2, Beat: func() {}, Progress: tell})
			return err
		}},
		{"the pieces", 0.25, func(tell func(float64)) error {
			results := pieced.runAll(t, 0, 1, 2)
			pieced.restart() // nothing is known of a head start
			_, err := pieced.kind.Finish(t.Context(), lro.Finishing{Work: pieced.work, Results: results, Epoch: 9, Progress: tell})
			return err
		}},
		{"the shards, joined", 0.5, func(tell func(float64)) error {
			results := [][]byte{joined.run(t, 0, 1), joined.run(t, 1, 1)}
			joined.kind = joined.stand.kind()
			_, err := joined.kind.Finish(t.Context(), lro.Finishing{Work: joined.work, Results: results, Epoch: 9, Progress: tell})
			return err
		}},
	} {
		var told shares
		if err := c.do(told.tell); err != nil {
			t.Fatal(err)
		}
		slices.Sort(told.all) // pieces are done by several at once
		last := 0.0
		for _, share := range append(told.all, 1) {
			if share-last > c.most+1e-9 || share > 1 {
				t.Errorf("%s: a step from %.3f to %.3f", c.what, last, share)
			}
			last = share
		}
	}
}
