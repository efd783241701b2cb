package lectern

import (
	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/gcs"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/outputs"
	"github.com/lectern/lectern/server"
)

// newObjects makes the API of objects, which the caller closes.
func newObjects(buckets *bucket.Store, owners *bucketOwners, left room) *gcs.API {
	return gcs.New(gcs.Config{Buckets: buckets, Open: owners.Open, MayWrite: owners.MayWrite, Claim: owners.Claim, About: server.About, Room: func() error { return left.refuse("objects") }})
}

// objectAPIs are those over what long operations write: the objects, and what is told
// of them.
func objectAPIs(objects *gcs.API, buckets *bucket.Store, operations *lro.Manager) []server.API {
	page := outputs.Page{Operations: operations, Path: func(uri string) (string, bool) {
		o, err := bucket.ParseURI(uri)
		if err != nil {
			return "", false
		}
		return buckets.Path(o)
	}}
	return []server.API{
		{Patterns: gcs.Patterns(), Takes: gcs.Takes, Named: gcs.Named, Streams: true, Scopes: gcs.Scopes, Serve: objects.Serve, Refuse: gcs.Refuse},
		{Patterns: []string{outputs.Pattern}, Serve: page.Serve, Refuse: gcs.Refuse},
	}
}
