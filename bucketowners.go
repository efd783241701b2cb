package lectern

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

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

// Claim is Open for who is about to write to a bucket or to make it, for a project, and
// makes the bucket that one's if there is no such bucket. Where no project is named, or
// one that p does not act for, it is the only one of p's. Who acts for several is told
// when the bucket is of another than the one that is named.
func (o *bucketOwners) Claim(ctx context.Context, p auth.Principal, project, name string) (bool, error) {
	if !o.asked {
		return true, nil
	}
	if open, tied := o.tie(p, name); tied {
		return open, nil
	}
	owner, err := o.deeds.OwnerOf(ctx, name)
	if err == nil && owner == "" {
		owner, err = o.first(ctx, p, project, name)
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

// first is whose a bucket is that had no owner a moment ago.
func (o *bucketOwners) first(ctx context.Context, p auth.Principal, project, name string) (string, error) {
	if _, err := bucket.ParseURI("gs://" + name + "/object"); err != nil {
		return auth.AllProjects, nil // and refused for its name, to who may do all
	}
	switch there, err := o.buckets.HasBucket(ctx, name); {
	case err != nil:
		return "", err
	case there:
		owner, err := o.deeds.OwnerOf(ctx, name) // who made it meanwhile
		return cmp.Or(owner, auth.AllProjects), err
	}
	if project == "" || !p.In(project) {
		switch {
		case len(p.Projects) > 1:
			return "", fault.New(fault.InvalidArgument, "%s acts for several projects, and there is no bucket %q yet: make it for one of them first.", p.Name, name)
		case len(p.Projects) == 0 || p.Projects[0] == "":
			return "", fault.New(fault.PermissionDenied, "%s acts for no project, and a bucket belongs to one.", p.Name)
		}
		project = p.Projects[0]
	}
	return o.deeds.Claim(ctx, name, project)
}

// settleTime is how long a start may look for the owners of buckets.
const settleTime = time.Minute

// settle finds owners for the buckets that have none, since they were written before
// callers were asked who they are: the project whose operations alone have written there,
// as far as they are remembered; else those who act for every project.
func (o *bucketOwners) settle(ctx context.Context, store driver.Store, log *slog.Logger) {
	if !o.asked {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	closed, err := o.settled(ctx, store)
	slices.Sort(closed)
	if err != nil || len(closed) > 0 {
		log.Warn("buckets of no project are closed to all but admins", "buckets", closed[:min(len(closed), 10)],
			"count", len(closed), "open_by", "--bucket-project BUCKET=PROJECT, or BUCKET=* for all", "cause", err)
	}
}

// settled is settle; it returns the buckets that have no project.
func (o *bucketOwners) settled(ctx context.Context, store driver.Store) (closed []string, err error) {
	owned, err := o.deeds.Owned(ctx)
	if err != nil {
		return nil, err
	}
	var ownerless []string
	const page = 1000
	for after := ""; ; {
		names, err := o.buckets.Buckets(ctx, after, page)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			after = name
			if _, tied := o.tied[name]; tied {
				continue
			}
			switch owner, known := owned[name]; {
			case !known:
				ownerless = append(ownerless, name)
			case owner == auth.AllProjects:
				closed = append(closed, name)
			}
		}
		if len(names) < page {
			break
		}
	}
	// What is under way may write to a bucket that is not there yet.
	underWay := false
	coming, err := writersOf(ctx, store, &underWay)
	if err != nil {
		return closed, err
	}
	for name := range coming {
		_, known := owned[name]
		_, tied := o.tied[name]
		if !known && !tied && !slices.Contains(ownerless, name) {
			ownerless = append(ownerless, name)
		}
	}
	if len(ownerless) == 0 {
		return closed, nil
	}
	writers, err := writersOf(ctx, store, nil)
	if err != nil {
		return closed, err
	}
	for _, name := range ownerless {
		owner := auth.AllProjects
		if projects := writers[name]; len(projects) == 1 {
			owner = projects[0]
		}
		if owner, err = o.deeds.Claim(ctx, name, owner); err != nil {
			return closed, err
		}
		if owner == auth.AllProjects {
			closed = append(closed, name)
		}
	}
	return closed, nil
}

// writersOf are the projects whose operations, those that are done or the others or all,
// write to buckets, by these.
func writersOf(ctx context.Context, store driver.Store, done *bool) (map[string][]string, error) {
	writers := map[string][]string{}
	for q := (driver.Query{Limit: 1000, Done: done}); ; {
		ops, err := store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, op := range ops {
			q.AfterTime, q.AfterID = op.Created, op.ID
			if op.State == driver.Failed || op.State == driver.Cancelled {
				continue // they have left nothing
			}
			object, err := bucket.ParseURI(op.Label)
			if err != nil {
				continue
			}
			project, _, _ := strings.Cut(strings.TrimPrefix(op.Parent, "projects/"), "/")
			if !slices.Contains(writers[object.Bucket], project) {
				writers[object.Bucket] = append(writers[object.Bucket], project)
			}
		}
		if len(ops) < q.Limit {
			return writers, nil
		}
	}
}
