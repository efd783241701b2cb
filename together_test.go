package lectern

import (
	"context"
	"errors"
	"log/slog"
	"testing"
)

// TestPartsEndTogether: whichever ends first, all have ended when it returns, and
// its reason is told.
func TestPartsEndTogether(t *testing.T) {
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		serve, work error // nil: it runs until it is stopped
		want        error
	}{
		"a signal":           {},
		"the listener fails": {serve: broken, want: broken},
		"the store fails":    {work: broken, want: broken},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan string, 3)
			err := together(ctx, slog.New(slog.DiscardHandler),
				func(ctx context.Context) error {
					defer func() { ended <- "serving" }()
					if tt.serve == nil {
						<-ctx.Done()
					}
					return tt.serve
				},
				func(ctx context.Context) error {
					defer func() { ended <- "work" }()
					if tt.work == nil {
						<-ctx.Done()
					}
					return tt.work
				},
				func(ctx context.Context) error {
					defer func() { ended <- "watching" }()
					if tt.want == nil {
						cancel()
					}
					<-ctx.Done()
					return nil
				})
			if !errors.Is(err, tt.want) {
				t.Errorf("got %v, want %v", err, tt.want)
			}
			if len(ended) != 3 {
				t.Errorf("%d of 3 parts have ended", len(ended))
			}
		})
	}
}
