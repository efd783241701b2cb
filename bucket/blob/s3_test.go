package blob_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/s3"
	cloud "gocloud.dev/blob"
	"gocloud.dev/blob/s3blob"

	"github.com/lectern/lectern/bucket/blob"
	"github.com/lectern/lectern/bucket/buckettest"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/internal/objectservers"
)

func TestS3(t *testing.T) {
	server := objectservers.StartS3(t)
	buckettest.Run(t, func(t *testing.T) buckettest.Harness { return s3Harness(t, server, "a/prefix") })
}

func TestS3Scratch(t *testing.T) {
	server := objectservers.StartS3(t)
	buckettest.RunScratch(t, func(t *testing.T) func(*testing.T) driver.Scratch {
		_, url := freshBucket(t, server, "")
		return func(t *testing.T) driver.Scratch {
			s, err := blob.OpenScratch(t.Context(), url, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s
		}
	})
}

var buckets atomic.Int64

// freshBucket makes a bucket of a case's own and returns its URL.
func freshBucket(t *testing.T, server *objectservers.S3, prefix string) (name, url string) {
	t.Helper()
	name = fmt.Sprint("case", buckets.Add(1))
	server.MakeBucket(t, name)
	return name, server.URL(name, prefix)
}

func s3Harness(t *testing.T, server *objectservers.S3, prefix string) buckettest.Harness {
	name, url := freshBucket(t, server, prefix)
	all, client := clientOf(t, server, name)
	at := prefix
	if at != "" {
		at += "/"
	}
	return buckettest.Harness{
		Open:  func(t *testing.T) driver.Store { return openStore(t, url) },
		Shown: func(t *testing.T) map[string][]byte { shown, _ := everything(t, all, at); return shown },
		Left: func(t *testing.T) []string {
			_, left := everything(t, all, at)
			uploads, err := client.ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: &name})
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range uploads.Uploads {
				left = append(left, "an upload to "+*u.Key)
			}
			return left
		},
	}
}

func openStore(t *testing.T, url string) driver.Store {
	t.Helper()
	s, err := blob.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// clientOf is a client that knows nothing of what is tested.
func clientOf(t *testing.T, server *objectservers.S3, name string) (*cloud.Bucket, *s3.Client) {
	t.Helper()
	b, err := (&s3blob.URLOpener{}).OpenBucketURL(t.Context(), parsed(t, server.URL(name, "")+"&use_path_style=true"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	var client *s3.Client
	if !b.As(&client) {
		t.Fatal("there is no client of S3")
	}
	return b, client
}
