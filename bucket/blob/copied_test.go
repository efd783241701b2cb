package blob

import (
	"errors"
	"io"
	"strings"
	"testing"

	cloud "gocloud.dev/blob"
	"gocloud.dev/blob/memblob"

	"github.com/lectern/lectern/bucket/buckettest"
	"github.com/lectern/lectern/bucket/driver"
)

// TestCopied runs the suite on the bucket of gocloud.dev that needs no server and
// lists in the order of keys, as services do: what a store without two phases of its
// own makes of it.
func TestCopied(t *testing.T) {
	for name, open := range map[string]func(t *testing.T) *cloud.Bucket{
		"memory": func(*testing.T) *cloud.Bucket { return memblob.OpenBucket(nil) },
	} {
		t.Run(name, func(t *testing.T) {
			buckettest.Run(t, func(t *testing.T) buckettest.Harness {
				b := open(t)
				t.Cleanup(func() { b.Close() })
				return buckettest.Harness{
					Open: func(*testing.T) driver.Store {
						return copied{&shelf{objects: &portable{bucket: b, called: name}, kind: name}}
					},
					Shown: func(t *testing.T) map[string][]byte {
						shown := map[string][]byte{}
						eachObject(t, b, func(key string) {
							if !driver.IsHidden(key) {
								content, err := b.ReadAll(t.Context(), key)
								if err != nil {
									t.Fatal(err)
								}
								shown[key] = content
							}
						})
						return shown
					},
					Left: func(t *testing.T) (left []string) {
						eachObject(t, b, func(key string) {
							if driver.IsHidden(key) {
								left = append(left, key)
							}
						})
						return left
					},
				}
			})
		})
	}
}

func eachObject(t *testing.T, b *cloud.Bucket, do func(key string)) {
	t.Helper()
	for all := b.List(nil); ; {
		o, err := all.Next(t.Context())
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		do(o.Key)
	}
}

// Scratch keeps no more files than it may, and reads the others from the store.
func TestScratchLetsFilesGo(t *testing.T) {
	b := memblob.OpenBucket(nil)
	s, err := newScratch(t.Context(), &portable{bucket: b, called: "memory"}, t.TempDir(), 100)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, name := range []string{"a", "b", "c"} {
		p, err := s.Create(t.Context(), "op", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(p, strings.Repeat(name, 45)); err != nil {
			t.Fatal(err)
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for name, local := range map[string]bool{"a": false, "b": true, "c": true} {
		if _, err := s.cache.files.Open(t.Context(), "op", name); (err == nil) != local || s.cache.has("op", name) != local {
			t.Errorf("%s is a file: %v", name, err)
		}
		r, err := s.Open(t.Context(), "op", name)
		if err != nil {
			t.Fatal(err)
		}
		p := make([]byte, 50)
		if n, err := r.ReadAt(p, 0); string(p[:n]) != strings.Repeat(name, 45) || err != io.EOF {
			t.Errorf("%s: %q, %v", name, p[:n], err)
		}
		r.Close()
	}
	if err := s.Discard(t.Context(), "op"); err != nil {
		t.Error(err)
	}
	if left, err := s.cache.files.Kept(t.Context()); err != nil || len(left) > 0 || s.cache.bytes != 0 {
		t.Errorf("left: %v, %v, %d bytes", left, err, s.cache.bytes)
	}
}
