package longaudio

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lectern/lectern/lro"
)

// watched is a context that counts the looks at it, and ends at one of them.
type watched struct {
	context.Context
	cancel context.CancelCauseFunc
	endAt  int64
	looks  atomic.Int64
	ended  time.Time
}

var errEnough = errors.New("enough")

func watch(t *testing.T, endAt int64) *watched {
	w := &watched{endAt: endAt}
	w.Context, w.cancel = context.WithCancelCause(t.Context())
	return w
}

func (w *watched) look() {
	if w.looks.Add(1) == w.endAt {
		w.ended = time.Now()
		w.cancel(errEnough)
	}
}

func (w *watched) Err() error { w.look(); return w.Context.Err() }

// Value is how context.Cause looks.
func (w *watched) Value(key any) any { w.look(); return w.Context.Value(key) }

// A cancel reaches what joins shards, encodes pieces of them, checks and joins
// those: a look for each 64 KiB at least, and few after the last.
func TestCancelReachesJoinsAndPieces(t *testing.T) {
	joined, pieced := newTwoShards(t), newPieced(t, "OGG_OPUS")
	one := readShard(t, joined.run(t, 0, 1))
	var sound spokenSound
	results := pieced.runAll(t, 0, 1, 2)
	for _, r := range results {
		sound.add(readShard(t, r))
	}
	var spec Spec
	if err := json.Unmarshal(pieced.work.Request, &spec); err != nil {
		t.Fatal(err)
	}
	job, _, err := pieced.kind.piecework(pieced.work.ID, spec)
	if err != nil {
		t.Fatal(err)
	}
	name, err := pieced.kind.encodePiece(t.Context(), job, sound, 1, sound.frames())
	if err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(pieced.scratch(name))
	if err != nil {
		t.Fatal(err)
	}
	from, to := job.pieces.Span(job.rate, 1)
	for _, c := range []struct {
		what  string
		bytes int64
		run   func(ctx context.Context) error
	}{
		{"a shard, joined", one.Bytes, func(ctx context.Context) error {
			return joined.kind.copyScratch(ctx, joined.work.ID, one, io.Discard)
		}},
		{"a long shard, joined", sound.shards[0].Bytes, func(ctx context.Context) error {
			return pieced.kind.copyScratch(ctx, pieced.work.ID, sound.shards[0], io.Discard)
		}},
		{"a piece, read", st.Size(), func(ctx context.Context) error {
			piece, err := pieced.kind.openPiece(ctx, pieced.work.ID, name)
			if err != nil {
				return err
			}
			defer piece.Close()
			_, err = io.Copy(io.Discard, piece)
			return err
		}},
		{"all pieces, found and joined", st.Size(), func(ctx context.Context) error {
			commit, err := pieced.kind.Finish(ctx, lro.Finishing{Work: pieced.work, Results: results, Progress: func(float64) {}})
			if err == nil {
				err = commit.Discard(ctx)
			}
			return err
		}},
		// The last, for a cancel removes the piece.
		{"a piece, encoded", (to - from) * bytesPerFrame, func(ctx context.Context) error {
			_, err := pieced.kind.encodePiece(ctx, job, sound, 1, sound.frames())
			return err
		}},
	} {
		t.Run(c.what, func(t *testing.T) {
			whole := watch(t, -1)
			if err := c.run(whole); err != nil {
				t.Fatal(err)
			}
			if looks := whole.looks.Load(); looks < c.bytes/(64<<10) {
				t.Errorf("%d looks for %d bytes", looks, c.bytes)
			}
			for _, part := range []float64{0, 0.5, 0.9} {
				const mostLooks = 16
				w := watch(t, 1+int64(part*float64(whole.looks.Load()-1)))
				err := c.run(w)
				if !errors.Is(err, errEnough) {
					t.Errorf("cancelled after %.0f %%: %v", 100*part, err)
				}
				if more := w.looks.Load() - w.endAt; more > mostLooks {
					t.Errorf("cancelled after %.0f %%: %d looks more", 100*part, more)
				}
				t.Logf("cancelled after %.0f %%: idle within %v", 100*part, time.Since(w.ended))
			}
		})
	}
}

func readShard(t *testing.T, raw []byte) (r shardResult) {
	t.Helper()
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	return r
}
