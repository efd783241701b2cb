package gcs

import (
	"context"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// action is what somebody wants to do in a bucket.
type action string

// The actions.
const (
	read   action = "read"
	remove action = "remove"
	write  action = "write"
	create action = "make" // the bucket
)

// allowed is nil if the caller may do what they want in the call's bucket; that is "" for
// the list of all, which tells only of those that they may read.
func (a *API) allowed(c *call, what action) error {
	p := auth.From(c.Context())
	switch {
	case p.Role == auth.None:
		return fault.New(fault.Unauthenticated, "Objects are for those whom the server knows; send credentials.")
	case p.Role < auth.Operator:
		return fault.New(fault.PermissionDenied, "%s may not %s objects: it takes the role of an operator.", p.Name, what)
	case c.bucket == "":
		return nil
	}
	var open bool
	var err error
	switch what {
	case create:
		return a.claimant(c)(c.Context())
	case write:
		open, err = a.mayWrite(c.Context(), p, c.query.Get("project"), c.bucket)
	default:
		open, err = a.open(c.Context(), p, c.bucket)
	}
	if err == nil && !open {
		err = bucket.NoSuchBucket(c.bucket) // to p, whether or not it is there
	}
	return err
}

// claimant makes the call's bucket the caller's, if it was nobody's, and refuses what is
// another's. It may be asked after the call, by the request that has the object show.
func (a *API) claimant(c *call) func(context.Context) error {
	p, project, name := auth.From(c.Context()), c.query.Get("project"), c.bucket
	return func(ctx context.Context) error {
		open, err := a.claim(ctx, p, project, name)
		if err == nil && !open {
			err = bucket.NoSuchBucket(name)
		}
		return err
	}
}
