package blob_test

import (
	"fmt"
	"testing"

	"cloud.google.com/go/storage"
	"gocloud.dev/blob/gcsblob"

	"github.com/lectern/lectern/bucket/blob"
	"github.com/lectern/lectern/bucket/buckettest"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/internal/objectservers"
)

func TestGCS(t *testing.T) {
	server := objectservers.StartGCS(t)
	buckettest.Run(t, func(t *testing.T) buckettest.Harness { return gcsHarness(t, server, "a/prefix") })
}

func TestGCSScratch(t *testing.T) {
	server := objectservers.StartGCS(t)
	buckettest.RunScratch(t, func(t *testing.T) func(*testing.T) driver.Scratch {
		h := gcsBucket(t, server)
		return func(t *testing.T) driver.Scratch {
			s, err := blob.OpenScratch(t.Context(), server.URL(h, ""), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { s.Close() })
			return s
		}
	})
}

// gcsBucket makes a bucket of a case's own.
func gcsBucket(t *testing.T, server *objectservers.GCS) string {
	t.Helper()
	client, err := storage.NewClient(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	name := fmt.Sprint("case", buckets.Add(1))
	if err := client.Bucket(name).Create(t.Context(), "project", nil); err != nil {
		t.Fatal(err)
	}
	return name
}

func gcsHarness(t *testing.T, server *objectservers.GCS, prefix string) buckettest.Harness {
	name := gcsBucket(t, server)
	all, err := (&gcsblob.URLOpener{}).OpenBucketURL(t.Context(), parsed(t, server.URL(name, "")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { all.Close() })
	return buckettest.Harness{
		Open:  func(t *testing.T) driver.Store { return openStore(t, server.URL(name, prefix)) },
		Shown: func(t *testing.T) map[string][]byte { shown, _ := everything(t, all, prefix+"/"); return shown },
		Left:  func(t *testing.T) []string { _, left := everything(t, all, prefix+"/"); return left },
	}
}

// A bucket that does not exist is told in words at the start.
func TestGCSRefusals(t *testing.T) {
	server := objectservers.StartGCS(t)
	s := openStore(t, server.URL("nobodys", ""))
	if err := s.Probe(t.Context()); err == nil {
		t.Error("a bucket that does not exist is well")
	} else {
		t.Log(err)
	}
}
