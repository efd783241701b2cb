package lectern

import (
	"cmp"
	"context"
	"fmt"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

// everybody, in place of a project, is who may use a bucket of Config.BucketProjects.
const everybody = "*"

// bucketOwners know whose a bucket is: where callers are asked who they are, that of the
// project which made it, or first wrote to it, or to which it is tied. To all others it
// is as one that does not exist. A bucket that was there before, made by somebody else
// than this server's callers, is for those only who act for every project.
type bucketOwners struct {
	asked   bool // whether callers are asked who they are
	tied    auth.Buckets
	deeds   driver.Deeds
	buckets *bucket.Store
}

func newBucketOwners(c Config, store driver.Store, buckets *bucket.Store) (*bucketOwners, error) {
	o := &bucketOwners{asked: c.Server.Authenticate != nil, tied: c.BucketProjects, buckets: buckets}
	var ok bool
	if o.deeds, ok = store.(driver.Deeds); !ok && o.asked {
		return nil, fmt.Errorf("the store of the operations (%T) cannot keep whose the buckets are", store)
	}
	return o, nil
}

// tie is whether a bucket is tied to a project, and whether that lets p in.
func (o *bucketOwners) tie(p auth.Principal, name string) (open, tied bool) {
	project, tied := o.tied[name]
	return project == everybody || o.tied.Open(p, name), tied
}

// Open reports whether p may know of a bucket. Whose it is is looked up for everyone, so
// that what is foreign costs what is absent costs.
func (o *bucketOwners) Open(ctx context.Context, p auth.Principal, name string) (bool, error) {
	if !o.asked {
		return true, nil
	}
	if open, tied := o.tie(p, name); tied {
		return open, nil
	}
	owner, err := o.deeds.OwnerOf(ctx, name)
	return err == nil && (p.In(auth.AllProjects) || owner != "" && p.In(owner)), err
}

// MayWrite is Open for who wants to write to a bucket or to make it, for a project: they
// may where there is no such bucket yet, too. Where no project is named, or one that p
// does not act for, it is the only one of p's. Who acts for several is told when the
// bucket is of another than the one that is named.
func (o *bucketOwners) MayWrite(ctx context.Context, p auth.Principal, project, name string) (bool, error) {
	return o.write(ctx, p, project, name, false)
}

// Claim is MayWrite for who writes now, or makes the bucket, after all else that could
// refuse them has been looked at: what was nobody's is the project's from now on.
func (o *bucketOwners) Claim(ctx context.Context, p auth.Principal, project, name string) (bool, error) {
	return o.write(ctx, p, project, name, true)
}

// write is MayWrite, or Claim, which takes what is nobody's.
func (o *bucketOwners) write(ctx context.Context, p auth.Principal, project, name string, take bool) (bool, error) {
	if !o.asked {
		return true, nil
	}
	if open, tied := o.tie(p, name); tied {
		return open, nil
	}
	owner, err := o.deeds.OwnerOf(ctx, name)
	if err == nil && owner == "" {
		var free bool
		if owner, free, err = o.first(ctx, p, project, name); free && take {
			owner, err = o.deeds.Claim(ctx, name, owner)
		}
	}
	switch {
	case err != nil:
		return false, err
	case !p.In(auth.AllProjects) && !p.In(owner):
		return false, nil
	case project != "" && project != auth.AllProjects && p.In(project) && owner != project && owner != auth.AllProjects:
		return false, fault.New(fault.FailedPrecondition, "The bucket %q is of project %s, not of %s; name another bucket.", name, owner, project)
	}
	return true, nil
}

// first is whose a bucket is that had no owner a moment ago, or whose it would be if
// there is none: it is free.
func (o *bucketOwners) first(ctx context.Context, p auth.Principal, project, name string) (owner string, free bool, err error) {
	if _, err := bucket.ParseURI("gs://" + name + "/object"); err != nil {
		return auth.AllProjects, false, nil // and refused for its name, to who may do all
	}
	switch there, err := o.buckets.HasBucket(ctx, name); {
	case err != nil:
		return "", false, err
	case there:
		owner, err := o.deeds.OwnerOf(ctx, name) // who made it meanwhile
		return cmp.Or(owner, auth.AllProjects), false, err
	}
	if project == "" || !p.In(project) {
		switch {
		case len(p.Projects) > 1:
			return "", false, fault.New(fault.InvalidArgument, "%s acts for several projects, and there is no bucket %q yet: make it for one of them first.", p.Name, name)
		case len(p.Projects) == 0 || p.Projects[0] == "":
			return "", false, fault.New(fault.PermissionDenied, "%s acts for no project, and a bucket belongs to one.", p.Name)
		}
		project = p.Projects[0]
	}
	return project, true, nil
}
