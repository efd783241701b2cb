package lectern

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/captions"
	"github.com/lectern/lectern/lro/driver"
)

// settleTime is how long a start may look for the owners of buckets.
const settleTime = time.Minute

// settle finds owners for the buckets that have none, since they were written before
// callers were asked who they are: the project whose operations, as far as they are
// remembered, have written all that is there; else those who act for every project.
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
	for _, name := range o.buckets.Mapped() {
		owner, err := o.deeds.OwnerOf(ctx, name)
		if _, tied := o.tied[name]; err != nil || tied || owner == "" || owner == auth.AllProjects {
			continue
		}
		log.Warn("a mapped bucket is of the project that first wrote to its name", "bucket", name, "project", owner,
			"said_by", "--bucket-project "+name+"="+owner+", or another project")
	}
}

// settled is settle; it returns the buckets that have no project.
func (o *bucketOwners) settled(ctx context.Context, store driver.Store) (closed []string, err error) {
	owned, err := o.deeds.Owned(ctx)
	if err != nil {
		return nil, err
	}
	ownerless := map[string]bool{}
	add := func(name string) {
		owner, known := owned[name]
		_, tied := o.tied[name]
		switch {
		case tied:
		case !known:
			ownerless[name] = true
		case owner == auth.AllProjects:
			closed = append(closed, name)
		}
	}
	if err := o.eachBucket(ctx, add); err != nil {
		return closed, err
	}
	// What is under way may write to a bucket that is not there yet.
	underWay := false
	err = eachWriter(ctx, store, &underWay, func(_ string, object bucket.Object) {
		if owned[object.Bucket] == "" {
			add(object.Bucket)
		}
	})
	if err != nil || len(ownerless) == 0 {
		return closed, err
	}
	writers := map[string]*writer{}
	err = eachWriter(ctx, store, nil, func(project string, object bucket.Object) {
		if ownerless[object.Bucket] {
			if writers[object.Bucket] == nil {
				writers[object.Bucket] = &writer{project: project, objects: map[string]bool{}}
			}
			writers[object.Bucket].wrote(project, object)
		}
	})
	if err != nil {
		return closed, err
	}
	for _, name := range slices.Sorted(maps.Keys(ownerless)) {
		owner := auth.AllProjects
		if w := writers[name]; w != nil {
			if owner, err = w.owner(ctx, o.buckets, name); err != nil {
				return closed, err
			}
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

// onAPage is how many names are read at once.
const onAPage = 1000

func (o *bucketOwners) eachBucket(ctx context.Context, do func(name string)) error {
	for after := ""; ; {
		names, err := o.buckets.Buckets(ctx, after, onAPage)
		if err != nil {
			return err
		}
		for _, name := range names {
			after = name
			do(name)
		}
		if len(names) < onAPage {
			return nil
		}
	}
}

// writer is who has written to a bucket, and what.
type writer struct {
	project string // auth.AllProjects: several
	objects map[string]bool
}

func (w *writer) wrote(project string, object bucket.Object) {
	if project != w.project {
		w.project = auth.AllProjects
	}
	w.objects[object.Name] = true
	for _, format := range captions.Formats() {
		w.objects[object.Beside("."+string(format)).Name] = true
	}
}

// owner is the writer's project if all that is in the bucket is of its hand: the rest may
// be of operations that are forgotten, or of uploads.
func (w *writer) owner(ctx context.Context, buckets *bucket.Store, name string) (string, error) {
	for after := ""; w.project != auth.AllProjects; {
		entries, next, err := buckets.List(ctx, name, bucket.Listing{After: after, Limit: onAPage})
		if err != nil {
			return "", err
		}
		for _, e := range entries {
			if !w.objects[e.Name] {
				return auth.AllProjects, nil
			}
		}
		if next == "" {
			break
		}
		after = next
	}
	return w.project, nil
}

// eachWriter goes through the objects that operations write, those that are done or the
// others or all, with their projects.
func eachWriter(ctx context.Context, store driver.Store, done *bool, do func(project string, object bucket.Object)) error {
	for q := (driver.Query{Limit: onAPage, Done: done}); ; {
		ops, err := store.List(ctx, q)
		if err != nil {
			return err
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
			do(project, object)
		}
		if len(ops) < q.Limit {
			return nil
		}
	}
}
