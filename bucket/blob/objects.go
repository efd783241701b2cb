package blob

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"strings"
	"time"

	cloud "gocloud.dev/blob"
	"gocloud.dev/gcerrors"

	"github.com/lectern/lectern/bucket/driver"
)

// objects are the calls that every object store has, on keys below a prefix.
// Their errors have a class.
type objects interface {
	// name is the bucket's, for operators.
	name() string
	head(ctx context.Context, key string) (found, error)
	put(ctx context.Context, key string, content []byte, meta map[string]string) error
	// create writes an object that is there, whole, once Close has returned. The
	// end of ctx before that leaves none.
	create(ctx context.Context, key, contentType string, meta map[string]string) (io.WriteCloser, error)
	// send makes an object of what r holds, which is whole or not there. It does
	// not keep it in memory.
	send(ctx context.Context, key string, r *io.SectionReader) error
	// read reads from a byte to the end of the object of a generation; 0 is any.
	read(ctx context.Context, key string, from, generation int64) (io.ReadCloser, error)
	// copy makes one object of another at once, with its metadata.
	copy(ctx context.Context, to, from string) error
	remove(ctx context.Context, key string) error
	// list are the keys that begin with a prefix; folders are the names that
	// follow it up to a slash.
	list(ctx context.Context, prefix string) ([]string, error)
	folders(ctx context.Context, prefix string) ([]string, error)
	// page is what driver.Shown tells.
	page(ctx context.Context, l driver.Listing) ([]driver.Entry, error)
	close() error
}

// found is what is known of an object.
type found struct {
	size    int64
	changed time.Time
	meta    map[string]string
}

// newName is a name that nothing else has.
func newName() string { return strings.ToLower(rand.Text()) }

// portable are the objects of a bucket of gocloud.dev.
type portable struct {
	bucket *cloud.Bucket
	called string
	prefix string // before the keys, in the service
	// classify finds a service's own errors; nil: gocloud.dev's are enough.
	classify func(error) driver.Class
}

func (p *portable) name() string { return p.called }

// fails gives an error its class.
func (p *portable) fails(err error, key string) error {
	if err == nil {
		return nil
	}
	class := driver.Other
	if p.classify != nil {
		class = p.classify(err)
	}
	if class == driver.Other {
		switch gcerrors.Code(err) {
		case gcerrors.NotFound:
			class = driver.Gone
		case gcerrors.PermissionDenied:
			class = driver.Denied
		case gcerrors.ResourceExhausted:
			class = driver.Full
		}
	}
	return &driver.Error{Class: class, Where: p.called + ", " + key, Err: err}
}

func (p *portable) head(ctx context.Context, key string) (found, error) {
	a, err := p.bucket.Attributes(ctx, key)
	if err != nil {
		return found{}, p.fails(err, key)
	}
	return found{size: a.Size, changed: a.ModTime, meta: a.Metadata}, nil
}

func (p *portable) put(ctx context.Context, key string, content []byte, meta map[string]string) error {
	err := p.bucket.WriteAll(ctx, key, content, &cloud.WriterOptions{Metadata: meta, ContentType: contentType(key)})
	return p.fails(err, key)
}

func (p *portable) create(ctx context.Context, key, contentType string, meta map[string]string) (io.WriteCloser, error) {
	w, err := p.bucket.NewWriter(ctx, key, &cloud.WriterOptions{Metadata: meta, ContentType: contentType, MaxConcurrency: 2})
	if err != nil {
		return nil, p.fails(err, key)
	}
	return &portableWriter{w, p, key}, nil
}

func (p *portable) send(ctx context.Context, key string, r *io.SectionReader) error {
	err := p.bucket.Upload(ctx, key, r, &cloud.WriterOptions{ContentType: "application/octet-stream", MaxConcurrency: 1})
	return p.fails(err, key)
}

type portableWriter struct {
	*cloud.Writer
	of  *portable
	key string
}

func (w *portableWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	return n, w.of.fails(err, w.key)
}

func (w *portableWriter) Close() error { return w.of.fails(w.Writer.Close(), w.key) }

func (p *portable) read(ctx context.Context, key string, from, generation int64) (io.ReadCloser, error) {
	r, err := p.bucket.NewRangeReader(ctx, key, from, -1, nil)
	if err != nil {
		return nil, p.fails(err, key)
	}
	return unchanged(r, found{size: r.Size(), changed: r.ModTime()}, generation)
}

func (p *portable) copy(ctx context.Context, to, from string) error {
	return p.fails(p.bucket.Copy(ctx, to, from, nil), from)
}

func (p *portable) remove(ctx context.Context, key string) error {
	return p.fails(p.bucket.Delete(ctx, key), key)
}

func (p *portable) list(ctx context.Context, prefix string) ([]string, error) {
	return p.walk(ctx, &cloud.ListOptions{Prefix: prefix}, func(o *cloud.ListObject) string { return o.Key })
}

func (p *portable) folders(ctx context.Context, prefix string) ([]string, error) {
	return p.walk(ctx, &cloud.ListOptions{Prefix: prefix, Delimiter: "/"}, func(o *cloud.ListObject) string {
		if !o.IsDir {
			return ""
		}
		return strings.TrimSuffix(strings.TrimPrefix(o.Key, prefix), "/")
	})
}

// walk lists what is not empty by name.
func (p *portable) walk(ctx context.Context, options *cloud.ListOptions, name func(*cloud.ListObject) string) (names []string, err error) {
	for all := p.bucket.List(options); ; {
		o, err := all.Next(ctx)
		if errors.Is(err, io.EOF) {
			return names, nil
		}
		if err != nil {
			return names, p.fails(err, options.Prefix)
		}
		if n := name(o); n != "" {
			names = append(names, n)
		}
	}
}

func (p *portable) close() error { return p.bucket.Close() }
