package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// check is one expectation of servers of google.longrunning.
type check struct {
	name string
	// expects says it in one sentence, and source where it is written.
	expects, source string
	// run returns nil if the expectation holds. It begins with operations of its
	// own.
	run func(ctx context.Context, t *target) error
}

// Where expectations come from.
const (
	fromProto  = "google/longrunning/operations.proto"
	fromLRO    = "AIP-151, long-running operations"
	fromPages  = "AIP-158, pagination"
	fromFilter = "AIP-160, filtering"
	fromErrors = "AIP-193, errors"
	fromDelete = "AIP-135, delete"
	fromFields = "AIP-203, required fields"
)

// checks are all of them, in the order in which they are made.
func checks() (all []check) {
	for _, some := range [][]check{getChecks, waitChecks, cancelChecks, deleteChecks, listChecks, raceChecks, expiryChecks} {
		all = append(all, some...)
	}
	return all
}

// outcome is what a check came to.
type outcome int

const (
	holds outcome = iota
	fails
	unsaid // the server does not have what is checked, as it may, or nothing was given to check it with
)

func (o outcome) String() string { return [...]string{"holds", "FAILS", "-"}[o] }

// finding is a check and what it came to.
type finding struct {
	check
	outcome outcome
	why     string
	took    time.Duration
	gone    bool // the server
}

// errUnsaid is why nothing can be said.
type errUnsaid string

func (e errUnsaid) Error() string { return string(e) }

// checkTime bounds one check, above the times that servers are given.
const checkTime = 3 * time.Minute

// examine makes one check and cancels what it has left running.
func (t *target) examine(ctx context.Context, c check) finding {
	ctx, cancel := context.WithTimeout(ctx, checkTime+3*t.keeps)
	defer cancel()
	begun := time.Now()
	err := c.run(ctx, t)
	t.abandon(ctx)
	f := finding{check: c, took: time.Since(begun)}
	var none errUnsaid
	switch {
	case err == nil:
	case errors.As(err, &none):
		f.outcome, f.why = unsaid, err.Error()
	default:
		f.outcome, f.why, f.gone = fails, err.Error(), t.gone(ctx)
	}
	return f
}

// supported turns UNIMPLEMENTED, which the API allows for every method, into
// "nothing can be said".
func supported(method string, err error) error {
	if status.Code(err) == codes.Unimplemented {
		return errUnsaid(method + " is not implemented, as the API allows")
	}
	return err
}

// wants is the complaint about a code that is none of those expected.
func wants(what string, err error, expected ...codes.Code) error {
	got := status.Code(err)
	if slices.Contains(expected, got) {
		return nil
	}
	return fmt.Errorf("%s answers %s, not %s", what, got, expected[0])
}
