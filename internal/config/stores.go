package config

import (
	"fmt"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/lectern/lectern/bucket"
)

// storeSchemes are those of the URLs that stores have.
var storeSchemes = []string{"file", "s3", "gs", "azblob"}

// checkStores looks at the URLs of stores and the names of mapped buckets.
func (c Config) checkStores() error {
	for _, s := range []struct{ flag, address string }{{"buckets", c.Buckets}, {"scratch", c.Scratch}} {
		if s.address == "" {
			continue
		}
		if err := checkStore(s.address); err != nil {
			return fmt.Errorf("--%s: %w", s.flag, err)
		}
	}
	for name, address := range c.Maps {
		if _, err := bucket.ParseURI("gs://" + name + "/object"); err != nil {
			return fmt.Errorf("--map %s=…: %q cannot be a bucket's name", name, name)
		}
		if err := checkStore(address); err != nil {
			return fmt.Errorf("--map %s=…: %w", name, err)
		}
	}
	return nil
}

func checkStore(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || !slices.Contains(storeSchemes, u.Scheme):
		return fmt.Errorf("a store is a URL that begins with %s://", strings.Join(storeSchemes, "://, "))
	case u.Scheme != "file" && u.Host == "":
		return fmt.Errorf("%s names no bucket; it is written %s://BUCKET or %s://BUCKET/PREFIX", u.Redacted(), u.Scheme, u.Scheme)
	case u.Scheme == "file" && (u.Host != "" || !filepath.IsAbs(u.Path) || u.RawQuery != ""):
		return fmt.Errorf("%s is no directory; it is written file:///DIRECTORY", u.Redacted())
	}
	return nil
}

// StoreDirectory is the directory of a store's URL, if it is one of files.
func StoreDirectory(address string) (dir string, ok bool) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "file" {
		return "", false
	}
	return filepath.FromSlash(u.Path), true
}

// NeedsObjectStores reports whether anything is kept elsewhere than in files.
func (c Config) NeedsObjectStores() bool {
	addresses := append(slices.Collect(maps.Values(c.Maps)), c.Buckets, c.Scratch)
	return slices.ContainsFunc(addresses, func(address string) bool {
		_, files := StoreDirectory(address)
		return address != "" && !files
	})
}
