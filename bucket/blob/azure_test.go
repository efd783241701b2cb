package blob_test

import (
	"fmt"
	"testing"

	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	cloud "gocloud.dev/blob"
	"gocloud.dev/blob/azureblob"

	"github.com/lectern/lectern/bucket/buckettest"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/internal/objectservers"
)

func TestAzure(t *testing.T) {
	server := objectservers.StartAzure(t)
	buckettest.Run(t, func(t *testing.T) buckettest.Harness {
		name := fmt.Sprint("case", buckets.Add(1))
		all := containerOf(t, server, name)
		return buckettest.Harness{
			Open:  func(t *testing.T) driver.Store { return openStore(t, server.URL(name, "a/prefix")) },
			Shown: func(t *testing.T) map[string][]byte { shown, _ := everything(t, all, "a/prefix/"); return shown },
			Left:  func(t *testing.T) []string { _, left := everything(t, all, "a/prefix/"); return left },
		}
	})
}

// containerOf makes a container.
func containerOf(t *testing.T, server *objectservers.Azure, name string) *cloud.Bucket {
	t.Helper()
	opener := azureblob.URLOpener{MakeClient: azureblob.NewDefaultClient, ServiceURLOptions: *azureblob.NewDefaultServiceURLOptions()}
	b, err := opener.OpenBucketURL(t.Context(), parsed(t, server.URL(name, "")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	var client *container.Client
	if !b.As(&client) {
		t.Fatal("there is no client of Azure")
	}
	if _, err := client.Create(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	return b
}
