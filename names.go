package lectern

import (
	"context"
	"errors"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/lro/driver"
)

// names are those of the operations of a store, for the buckets: neither knows the
// other.
type names struct{ store driver.Store }

// Hold implements bucket.Names.
func (n names) Hold(ctx context.Context, name bucket.Name) (release func(), err error) {
	release, err = n.store.Hold(ctx, []driver.Name{driver.Name(name)})
	if errors.As(err, new(driver.TakenError)) {
		err = bucket.ErrTaken
	}
	return release, err
}
