package bucket

import (
	"context"
	"errors"
	"path"

	"github.com/lectern/lectern/fault"
)

// Name is a name that an operation has while it is under way, so that two of them do
// not find out at their ends that only one can have it; or that is held for a moment,
// by who changes an object from outside of any operation. Of two that have the same
// path both can be had if they are for the same use; and no path can be a folder of
// another.
type Name struct {
	Path string // of folders, the bucket first
	Use  string // what is to stand there
}

// Object is what clients call the name.
func (n Name) Object() string { return "gs://" + n.Path }

// Names keep the names of operations under way, wherever those are worked on.
type Names interface {
	// Hold keeps a name until release. The error is ErrTaken if an operation, or
	// somebody else, has what stands in its way.
	Hold(ctx context.Context, n Name) (release func(), err error)
}

// ErrTaken is what Names say of a name that cannot be had.
var ErrTaken = errors.New("an operation under way has what stands in the way")

// Respect has changes from outside of any operation keep out of the way of operations.
// It is called before any; without it there are no operations.
func (s *Store) Respect(n Names) { s.names = n }

// pathOf is a name as a path of folders, the bucket first.
func pathOf(o Object) string { return path.Join(o.Bucket, o.Name) }

// NamesOf are the names that an operation needs which will write o and captions of
// these extensions. The same object may be written by several, the last wins.
func NamesOf(o Object, extensions []string) []Name {
	all := []Name{{Path: pathOf(o), Use: "object " + o.String()}}
	for _, extension := range extensions {
		all = append(all, Name{Path: pathOf(o.Beside(extension)), Use: "captions of " + o.String()})
	}
	return all
}

// Taken is what an operation is told that cannot have a name.
func Taken(n Name) error {
	return fault.New(fault.FailedPrecondition, "An operation or an upload under way writes what stands in the way of %q; wait for its end, or choose another object name.", n.Object())
}

// hold keeps a name while what stands there is changed by no operation. The error is
// ErrTaken, or a fault.
func (s *Store) hold(ctx context.Context, n Name) (release func(), err error) {
	if s.names == nil {
		return func() {}, nil
	}
	release, err = s.names.Hold(ctx, n)
	if err != nil && !errors.Is(err, ErrTaken) {
		err = fault.New(fault.Unavailable, "It cannot be told at the moment what operations under way write. Try again later.").Because(err)
	}
	return release, err
}

// change is hold for an object. The error is a fault: ABORTED if it is taken.
func (s *Store) change(ctx context.Context, o Object) (release func(), err error) {
	release, err = s.hold(ctx, Name{Path: pathOf(o), Use: "change of " + o.String()})
	if errors.Is(err, ErrTaken) {
		err = fault.New(fault.Aborted, "An operation under way writes what stands in the way of %q; wait for its end, or cancel it.", o)
	}
	return release, err
}
