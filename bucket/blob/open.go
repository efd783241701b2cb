package blob

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	cloud "gocloud.dev/blob"
	"gocloud.dev/blob/azureblob"
	"gocloud.dev/blob/s3blob"

	"github.com/lectern/lectern/bucket/driver"
)

// schemes are those of the URLs that [Open] takes.
var schemes = []string{"s3", "gs", "azblob"}

// Open opens the bucket of a URL, and objects below its path:
//
//	s3://BUCKET/PREFIX?region=…&endpoint=…&profile=…
//	gs://BUCKET/PREFIX?…
//	azblob://CONTAINER/PREFIX?…
//
// The parameters are those of gocloud.dev; an endpoint of S3's protocol has its
// buckets in paths unless use_path_style=false is given. Nothing is asked of the
// service yet: that is [driver.Store.Probe]'s.
func Open(ctx context.Context, address string) (driver.Store, error) {
	at, err := parse(address)
	if err != nil {
		return nil, err
	}
	bucket, err := at.open(ctx)
	if err != nil {
		return nil, err
	}
	switch at.url.Scheme {
	case "s3":
		return newS3(bucket, at)
	case "gs":
		return newGCS(bucket, at)
	}
	return copied{&shelf{objects: at.prefixed(bucket), kind: at.url.Scheme, prefix: len(at.prefix)}}, nil
}

// location is a bucket and a prefix in it.
type location struct {
	url    *url.URL
	prefix string // empty, or ending with a slash
}

func parse(address string) (location, error) {
	u, err := url.Parse(address)
	if err != nil {
		return location{}, fmt.Errorf("%q is not a URL: %w", address, errors.Unwrap(err))
	}
	if !slices.Contains(schemes, u.Scheme) || u.Host == "" || u.User != nil {
		return location{}, fmt.Errorf("%q does not name a bucket; it is written %s://BUCKET or %[2]s://BUCKET/PREFIX", u.Redacted(), strings.Join(schemes, ":// or "))
	}
	at := location{url: u}
	if prefix := strings.Trim(u.Path, "/"); prefix != "" {
		at.prefix = prefix + "/"
	}
	return at, nil
}

// called is the bucket's name for operators.
func (l location) called() string { return l.url.Scheme + "://" + l.url.Host + "/" + l.prefix }

// open opens the whole bucket.
func (l location) open(ctx context.Context) (*cloud.Bucket, error) {
	u := *l.url
	u.Path = ""
	var bucket *cloud.Bucket
	var err error
	switch u.Scheme {
	case "s3":
		query := u.Query()
		// Ranges have no checksums to validate, which the client would write about.
		defaults := map[string]string{"response_checksum_validation": "when_required"}
		if query.Has("endpoint") {
			defaults["use_path_style"], defaults["region"] = "true", "us-east-1"
		}
		for parameter, value := range defaults {
			if !query.Has(parameter) {
				query.Set(parameter, value)
			}
		}
		u.RawQuery = query.Encode()
		bucket, err = (&s3blob.URLOpener{}).OpenBucketURL(ctx, &u)
	case "gs":
		bucket, err = openGCS(ctx, &u)
	case "azblob":
		bucket, err = (&azureblob.URLOpener{MakeClient: azureblob.NewDefaultClient, ServiceURLOptions: *azureblob.NewDefaultServiceURLOptions()}).OpenBucketURL(ctx, &u)
	}
	if err != nil {
		return nil, fmt.Errorf("the bucket %s cannot be opened: %w", l.called(), err)
	}
	return bucket, nil
}

// prefixed are the objects of a bucket below the location's prefix.
func (l location) prefixed(bucket *cloud.Bucket) objects {
	p := &portable{bucket: bucket, called: l.called(), prefix: l.prefix}
	if l.prefix != "" {
		p.bucket = cloud.PrefixedBucket(bucket, l.prefix)
	}
	var client *s3.Client
	if l.url.Scheme == "s3" && bucket.As(&client) {
		p.classify = s3Class
		return s3Objects{p, client, l.url.Host}
	}
	return p
}

// objects opens the bucket for scratch.
func (l location) objects(ctx context.Context) (objects, error) {
	bucket, err := l.open(ctx)
	if err != nil {
		return nil, err
	}
	return l.prefixed(bucket), nil
}
