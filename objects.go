package lectern

import (
	"time"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/gcs"
	"github.com/lectern/lectern/longaudio"
	"github.com/lectern/lectern/lro"
	"github.com/lectern/lectern/outputs"
	"github.com/lectern/lectern/server"
)

// newObjects makes the API of objects, which the caller closes.
func newObjects(buckets *bucket.Store, owners *bucketOwners) *gcs.API {
	return gcs.New(gcs.Config{Buckets: buckets, Open: owners.Open, Claim: owners.Claim, About: server.About, Room: func() error {
		free, total, err := buckets.Scratch().Room()
		if err == nil && free < min(longaudio.DefaultFreeBytes, total/20) { // else a system that does not tell
			return fault.New(fault.Unavailable, "The server's disk is nearly full, and it takes no objects until there is room.").Retry(time.Minute)
		}
		return nil
	}})
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
