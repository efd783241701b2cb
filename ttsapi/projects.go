package ttsapi

import (
	"context"
	"strings"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// Sees is what of all operations the caller of ctx may know of: those of its
// projects. It is for lro.Config.
func Sees(ctx context.Context) lro.Sight {
	p := auth.From(ctx)
	if p.In(auth.AllProjects) {
		return lro.Sight{All: true}
	}
	var under []string
	for _, project := range p.Projects {
		under = append(under, "projects/"+project)
	}
	return lro.Sight{Under: under}
}

// projectOf is the project of a parent that matches parentPattern.
func projectOf(parent string) string {
	project, _, _ := strings.Cut(strings.TrimPrefix(parent, "projects/"), "/")
	return project
}

// allowParent reports whether the caller may start operations of parent.
func allowParent(ctx context.Context, parent string) error {
	if !auth.From(ctx).In(projectOf(parent)) {
		return auth.Denied("texttospeech.operations.create", "//texttospeech.googleapis.com/"+parent)
	}
	return nil
}

// allowObject reports whether the caller may write an object for parent's project, by
// Config.MayWrite or Claim. To who may not there is no such bucket, whether there is one
// or not.
func allowObject(ctx context.Context, may func(ctx context.Context, p auth.Principal, project, bucket string) (bool, error), parent string, object bucket.Object) error {
	if may == nil {
		return nil
	}
	open, err := may(ctx, auth.From(ctx), projectOf(parent), object.Bucket)
	if err == nil && !open {
		err = fault.From(bucket.NoSuchBucket(object.Bucket)).In("output_gcs_uri")
	}
	return err
}

// keyOf is an idempotency key as it is kept: apart for each project, where projects
// are apart. Nothing that a header holds has a control character.
func keyOf(ctx context.Context, key, parent string) string {
	if key == "" || auth.From(ctx).IsAnonymous() {
		return key
	}
	return projectOf(parent) + "\x1f" + key
}
