package peers_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"cloud.google.com/go/storage"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
)

// place is a running server, of which the objects are looked at.
type place struct{ *program }

func servePlace(t *testing.T) place { return place{serve(t, t.TempDir())} }

// holds is what an object holds, or "".
func (p place) holds(t *testing.T, key string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(p.data, "buckets", filepath.FromSlash(key)))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

// storageOf is Google's own client, as a program has it that knows nothing of Lectern.
func storageOf(t *testing.T, p place) *storage.Client {
	t.Helper()
	t.Setenv("STORAGE_EMULATOR_HOST", p.address)
	c, err := storage.NewClient(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// noise is n bytes that nobody can guess.
func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

func TestGoStorageBuckets(t *testing.T) {
	c := storageOf(t, servePlace(t))
	ctx := t.Context()
	books := c.Bucket("books")
	if _, err := books.Attrs(ctx); !errors.Is(err, storage.ErrBucketNotExist) {
		t.Errorf("before it is made: %v", err)
	}
	if err := books.Create(ctx, "project", nil); err != nil {
		t.Fatal(err)
	}
	if err := books.Create(ctx, "project", nil); err == nil {
		t.Error("made twice")
	}
	if a, err := books.Attrs(ctx); err != nil || a.Name != "books" || a.StorageClass != "STANDARD" {
		t.Errorf("%+v, %v", a, err)
	}
	for i := range 5 {
		if err := c.Bucket(fmt.Sprint("more-", i)).Create(ctx, "project", nil); err != nil {
			t.Fatal(err)
		}
	}
	var names []string
	all := c.Buckets(ctx, "project")
	all.PageInfo().MaxSize = 2
	for {
		b, err := all.Next()
		if errors.Is(err, iterator.Done) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, b.Name)
	}
	if want := []string{"books", "more-0", "more-1", "more-2", "more-3", "more-4"}; !slices.Equal(names, want) {
		t.Errorf("listed: %q", names)
	}
	if err := books.Delete(ctx); err != nil {
		t.Error(err)
	}
	var refused *googleapi.Error
	if err := books.Delete(ctx); !errors.As(err, &refused) || refused.Code != 404 {
		t.Errorf("removed twice: %v", err)
	}
}

// write writes an object as the client does by default, or in chunks.
func write(ctx context.Context, o *storage.ObjectHandle, content []byte, chunk int) (*storage.ObjectAttrs, error) {
	w := o.NewWriter(ctx)
	if chunk > 0 {
		w.ChunkSize = chunk
	}
	if _, err := w.Write(content); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return w.Attrs(), nil
}

func TestGoStorageObjects(t *testing.T) {
	p := servePlace(t)
	c := storageOf(t, p)
	ctx := t.Context()
	jsonReads, err := storage.NewClient(ctx, storage.WithJSONReads())
	if err != nil {
		t.Fatal(err)
	}
	defer jsonReads.Close()
	books := c.Bucket("books")
	const mib = 1 << 20
	for name, tt := range map[string]struct{ size, chunk int }{
		"empty.wav":            {0, 0},
		"a/small.wav":          {5000, 0},
		"Été/part 1+2 %#?.wav": {70_000, 0},
		"resumable.wav":        {3*mib + 77, 256 << 10},
		"whole chunks.wav":     {mib, 256 << 10},
		"large.mp3":            {20 * mib, 0}, // more than reckonedFirst
	} {
		content := noise(tt.size)
		o := books.Object(name)
		if _, err := o.NewReader(ctx); !errors.Is(err, storage.ErrObjectNotExist) {
			t.Errorf("%s before it is there: %v", name, err)
		}
		written, err := write(ctx, o, content, tt.chunk)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := p.holds(t, "books/"+name); got != string(content) {
			t.Errorf("%s: %d bytes came of %d", name, len(got), len(content))
		}
		a, err := o.Attrs(ctx)
		if err != nil || a.Size != int64(tt.size) || a.Generation != written.Generation || a.CRC32C != crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli)) || a.Updated.IsZero() || a.Etag == "" {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
		for kind, reading := range map[string]*storage.Client{"XML": c, "JSON": jsonReads} {
			o := reading.Bucket("books").Object(name)
			for range 2 {
				r, err := o.NewReader(ctx)
				if err != nil {
					t.Errorf("%s by %s: %v", name, kind, err)
					continue
				}
				got, err := io.ReadAll(r) // the client checks the sum
				if err != nil || !bytes.Equal(got, content) {
					t.Errorf("%s by %s: %d bytes of %d, %v", name, kind, len(got), len(content), err)
				}
				if r.Attrs.Generation != written.Generation || r.Attrs.Size != int64(tt.size) {
					t.Errorf("%s by %s: %+v", name, kind, r.Attrs)
				}
				r.Close()
			}
			if tt.size == 0 {
				continue
			}
			for _, span := range [][2]int64{{0, 10}, {100, 50}, {int64(tt.size) - 7, -1}, {-20, -1}} {
				r, err := o.NewRangeReader(ctx, span[0], span[1])
				if err != nil {
					t.Errorf("%s by %s, %v: %v", name, kind, span, err)
					continue
				}
				from := span[0]
				if from < 0 {
					from += int64(tt.size)
				}
				want := content[from:]
				if span[1] >= 0 {
					want = want[:span[1]]
				}
				if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
					t.Errorf("%s by %s, %v: %d bytes, %v", name, kind, span, len(got), err)
				}
				r.Close()
			}
		}
	}
}

func TestGoStorageConditions(t *testing.T) {
	p := servePlace(t)
	o := storageOf(t, p).Bucket("books").Object("a.txt")
	ctx := t.Context()
	first, err := write(ctx, o.If(storage.Conditions{DoesNotExist: true}), []byte("first"), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := write(ctx, o.If(storage.Conditions{DoesNotExist: true}), []byte("again"), 0); err == nil {
		t.Error("written though it was there")
	}
	if _, err := write(ctx, o.If(storage.Conditions{GenerationMatch: first.Generation + 1}), []byte("again"), 256<<10); err == nil {
		t.Error("written in place of another than was meant")
	}
	if got := p.holds(t, "books/a.txt"); got != "first" {
		t.Errorf("it holds %q", got)
	}
	second, err := write(ctx, o.If(storage.Conditions{GenerationMatch: first.Generation}), []byte("second"), 0)
	if err != nil || second.Generation == first.Generation {
		t.Fatalf("%+v, %v", second, err)
	}
	if _, err := o.Generation(first.Generation).NewReader(ctx); !errors.Is(err, storage.ErrObjectNotExist) {
		t.Errorf("an earlier generation: %v", err)
	}
	if err := o.If(storage.Conditions{GenerationMatch: first.Generation}).Delete(ctx); err == nil {
		t.Error("another than was meant was removed")
	}
	if err := o.Generation(second.Generation).Delete(ctx); err != nil {
		t.Error(err)
	}
	if err := o.Delete(ctx); !errors.Is(err, storage.ErrObjectNotExist) {
		t.Errorf("removed twice: %v", err)
	}
	broken := o.NewWriter(ctx)
	broken.CRC32C, broken.SendCRC32C = 1, true
	_, _ = broken.Write([]byte("not that"))
	if err := broken.Close(); err == nil {
		t.Error("bytes were taken that are not those that were sent")
	}
	if got := p.holds(t, "books/a.txt"); got != "" {
		t.Errorf("and show: %q", got)
	}
}

func TestGoStorageLists(t *testing.T) {
	p := servePlace(t)
	c := storageOf(t, p)
	names := []string{"a-b", "a.wav", "a/b", "a/c/d", "b/c", "z"}
	for _, name := range names {
		if _, err := write(t.Context(), c.Bucket("books").Object(name), []byte(name), 0); err != nil {
			t.Fatal(err)
		}
	}
	for _, tt := range []struct {
		query storage.Query
		want  []string
	}{
		{storage.Query{}, names},
		{storage.Query{Prefix: "a"}, names[:4]},
		{storage.Query{Prefix: "a/"}, []string{"a/b", "a/c/d"}},
		{storage.Query{Delimiter: "/"}, []string{"a-b", "a.wav", "a/", "b/", "z"}},
		{storage.Query{Prefix: "a/", Delimiter: "/"}, []string{"a/b", "a/c/"}},
		{storage.Query{StartOffset: "a/b", EndOffset: "z"}, []string{"a/b", "a/c/d", "b/c"}},
		{storage.Query{Prefix: "nothing"}, nil},
	} {
		var got []string
		all := c.Bucket("books").Objects(t.Context(), &tt.query)
		all.PageInfo().MaxSize = 2
		for {
			a, err := all.Next()
			if errors.Is(err, iterator.Done) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, a.Name+a.Prefix)
		}
		slices.Sort(got) // the client tells a page's objects first
		if !slices.Equal(got, tt.want) {
			t.Errorf("%+v lists %q, want %q", tt.query, got, tt.want)
		}
	}
	if _, err := c.Bucket("nosuch").Objects(t.Context(), nil).Next(); err == nil {
		t.Error("a bucket that is not there was listed")
	}
}
