package blob_test

import (
	"io"
	"net/url"
	"strings"
	"testing"

	cloud "gocloud.dev/blob"

	"github.com/lectern/lectern/bucket/driver"
)

// everything is what a bucket holds below a prefix, apart from what is hidden,
// and the names of that. It fails if there is anything beside the prefix.
func everything(t *testing.T, b *cloud.Bucket, prefix string) (shown map[string][]byte, left []string) {
	t.Helper()
	shown = map[string][]byte{}
	for all := b.List(nil); ; {
		o, err := all.Next(t.Context())
		if err == io.EOF {
			return shown, left
		}
		if err != nil {
			t.Fatal(err)
		}
		key, ok := strings.CutPrefix(o.Key, prefix)
		switch {
		case !ok:
			t.Errorf("%s stands beside the prefix", o.Key)
		case driver.IsHidden(key):
			left = append(left, key)
		default:
			if shown[key], err = b.ReadAll(t.Context(), o.Key); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
