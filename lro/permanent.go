package lro

import (
	"errors"
	"slices"
)

type permanentError struct{ err error }

func (e permanentError) Error() string { return e.err.Error() }
func (e permanentError) Unwrap() error { return e.err }

// Permanent marks an error of Run, Finish or Commit as one that no further
// attempt would mend: the operation fails at once, with err's public sentence
// (fault.From). Permanent(nil) is nil.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanentError{err}
}

func isPermanent(err error) bool {
	var p permanentError
	return errors.As(err, &p)
}

type laterError struct{ err error }

func (e laterError) Error() string { return e.err.Error() }
func (e laterError) Unwrap() error { return e.err }

// Later marks an error of Run or Finish as one that has nothing to do with the
// operation and will pass, such as a resource that is known to be unavailable:
// the work waits, and no attempt is counted, for about an hour. Later(nil) is nil.
func Later(err error) error {
	if err == nil {
		return nil
	}
	return laterError{err}
}

func isLater(err error) bool {
	var l laterError
	return errors.As(err, &l)
}

type redoError struct {
	err    error
	shards []int
}

func (e redoError) Error() string { return e.err.Error() }
func (e redoError) Unwrap() error { return e.err }

// Redo is an error of Finish that says that the results of these shards, by
// index, are lost or damaged: they are run again, and then Finish. After three
// times the operation fails with err's public sentence. err must not be nil, and
// shards not empty.
func Redo(err error, shards ...int) error {
	shards = slices.Clone(shards)
	slices.Sort(shards)
	return redoError{err, slices.Compact(shards)}
}

// AsRedo returns the shards that an error made with [Redo] asks for again.
func AsRedo(err error) (shards []int, ok bool) {
	var r redoError
	ok = errors.As(err, &r)
	return r.shards, ok
}
