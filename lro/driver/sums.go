package driver

import "context"

// Sum is how much of something was used on a day. What Account and What mean is
// the user's affair.
type Sum struct {
	Day     string // as 2006-01-02
	Account string
	What    string
	N       int64
}

// Counter keeps sums beside the operations of a store, for all nodes together. Its
// methods may be called by many goroutines at once.
type Counter interface {
	// Count adds to sums, all or nothing, and durably. An error means that nothing
	// is known of the effect: who repeats the call may count twice.
	Count(ctx context.Context, more []Sum) error
	// Counted are the sums of the days from first to last, by day, account and what.
	Counted(ctx context.Context, first, last string) ([]Sum, error)
	// Uncount removes the sums of all days before one.
	Uncount(ctx context.Context, before string) error
}
