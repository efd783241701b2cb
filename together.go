package lectern

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"golang.org/x/sync/errgroup"
)

// together runs a server's parts until ctx ends or one of them fails, and returns
// when all have ended: what they use is closed next. Work ends first, since
// handing shards back takes milliseconds and frees the engines for the calls.
func together(ctx context.Context, log *slog.Logger, serve, work func(context.Context) error, others ...func(context.Context) error) error {
	all, stopping := errgroup.WithContext(ctx)
	apart := context.WithoutCancel(ctx)
	working, stopWork := context.WithCancel(apart)
	serving, stopServing := context.WithCancel(apart)
	all.Go(func() error {
		<-stopping.Done()
		log.Info("stopping")
		stopWork()
		stopServing()
		return nil
	})
	all.Go(func() error {
		if err := work(working); err != nil {
			return fmt.Errorf("operations cannot be worked on: %w", err)
		}
		return nil
	})
	all.Go(func() error {
		err := serve(serving)
		switch {
		case stopping.Err() == nil:
			return fmt.Errorf("serving ended: %w", cmp.Or(err, errors.New("nobody stopped it")))
		case err != nil:
			log.Warn("calls were cut off", "cause", err)
		}
		return nil
	})
	for _, other := range others {
		all.Go(func() error { return other(stopping) })
	}
	return all.Wait()
}
