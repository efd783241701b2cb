package gcs

import (
	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// action is what somebody wants to do in a bucket.
type action string

// The actions.
const (
	read  action = "read"
	write action = "write" // or remove
)

// allowed is nil if p may do what it wants in a bucket; the bucket is "" for their
// list, which tells only of those that p may read.
func (a *API) allowed(p auth.Principal, name string, what action) error {
	switch {
	case p.Role == auth.None:
		return fault.New(fault.Unauthenticated, "Objects are for those whom the server knows; send credentials.")
	case p.Role < auth.Operator:
		return fault.New(fault.PermissionDenied, "%s may not %s objects: it takes the role of an operator.", p.Name, what)
	case name != "" && !a.open(p, name):
		return bucket.NoSuchBucket(name) // to p, whether or not it is there
	}
	return nil
}
