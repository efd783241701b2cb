package gcs

import (
	"cmp"
	"context"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
)

// described is what a client may say of an object that it sends, as far as anything
// depends on it.
type described struct {
	Name   string `json:"name"`
	CRC32C string `json:"crc32c"`
	MD5    string `json:"md5Hash"`
}

// upload takes an object, in one of three ways.
func (a *API) upload(c *call) error {
	kind := c.query.Get("uploadType")
	if c.query.Has("upload_id") {
		return a.resume(c)
	}
	if c.Method != http.MethodPost {
		return missing(c.Request)
	}
	k, err := c.conditions()
	if err != nil {
		return err
	}
	var said described
	content := io.Reader(c.Body)
	switch kind {
	case "media":
	case "multipart":
		if said, content, err = c.parts(); err != nil {
			return err
		}
	case "resumable":
		if err := readResource(c.Body, &said); err != nil {
			return err
		}
	default:
		return fault.Invalid("uploadType", "%.40q is none of media, multipart and resumable.", kind)
	}
	c.name = cmp.Or(c.query.Get("name"), said.Name)
	o, err := c.object()
	if err != nil {
		return err
	}
	if kind == "resumable" {
		return a.begin(c, o, k, said)
	}
	in, err := a.take(c.Context(), c, o)
	if err != nil {
		return err
	}
	said.heed(c.Header)
	if _, err = io.Copy(in, content); err != nil {
		in.drop()
		return err
	}
	at, err := in.show(c.Context(), k, said)
	if err != nil {
		return err
	}
	return writeJSON(c.w, http.StatusOK, a.objectResource(c, o, at))
}

// parts reads the first part of a body that has two, and finds the second.
func (c *call) parts() (said described, content io.Reader, err error) {
	bad := func(why string, cause error) (described, io.Reader, error) {
		if f := fault.From(cause); cause != nil && f.Code != fault.Internal {
			return said, nil, cause // of the body's coming
		}
		return said, nil, fault.New(fault.InvalidArgument, "The body is no multipart/related of a description and its content: %s.", why).Because(cause)
	}
	kind, parameters, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") || parameters["boundary"] == "" {
		return bad("its Content-Type has no boundary", nil)
	}
	parts := multipart.NewReader(c.Body, parameters["boundary"])
	first, err := parts.NextRawPart()
	if err != nil {
		return bad("the description is missing", err)
	}
	if err := readResource(first, &said); err != nil {
		return said, nil, err
	}
	second, err := parts.NextRawPart()
	if err != nil {
		return bad("the content is missing", err)
	}
	return said, second, nil
}

// heed takes the sums of a header, which may come with the last of several requests.
func (d *described) heed(h http.Header) {
	for _, value := range h.Values("X-Goog-Hash") {
		for one := range strings.SplitSeq(value, ",") {
			switch name, hash, _ := strings.Cut(strings.TrimSpace(one), "="); name {
			case "crc32c":
				d.CRC32C = hash
			case "md5":
				d.MD5 = hash
			}
		}
	}
}

// check refuses bytes that are not those that were sent.
func (d described) check(got sum) error {
	for _, one := range []struct{ name, said, is string }{{"CRC32C", d.CRC32C, got.crc32c()}, {"MD5", d.MD5, got.md5()}} {
		if one.said == "" || one.said == one.is {
			continue
		}
		if _, err := base64.StdEncoding.DecodeString(one.said); err != nil {
			return fault.New(fault.InvalidArgument, "The %s %.40q is not written in base64.", one.name, one.said)
		}
		return fault.New(fault.InvalidArgument, "Provided %s hash %q doesn't match calculated hash %q.", one.name, one.said, one.is)
	}
	return nil
}

// intake is an object that is being taken.
type intake struct {
	api     *API
	object  bucket.Object
	claim   func(context.Context) error // the bucket, for who began
	to      *bucket.Insertion
	body    io.Writer
	summer  *summer
	size    int64
	looked  int64 // the size when it was looked for room last
	refused error // by the store: nothing more will be taken
}

// take begins the object that c wants to write. ctx is for all of its bytes.
func (a *API) take(ctx context.Context, c *call, o bucket.Object) (*intake, error) {
	if err := a.room(); err != nil {
		return nil, err
	}
	to, err := a.buckets.Insert(ctx, o)
	if err != nil {
		return nil, err
	}
	return &intake{api: a, object: o, claim: a.claimant(c), to: to, body: to.Body(ctx), summer: newSummer(true)}, nil
}

// betweenLooks is how much is taken until it is looked for room again, in bytes.
const betweenLooks = 16 << 20

// Write implements io.Writer.
func (i *intake) Write(p []byte) (int, error) {
	if i.refused == nil && i.size-i.looked >= betweenLooks {
		i.looked, i.refused = i.size, i.api.room()
	}
	if i.refused != nil {
		return 0, i.refused
	}
	n, err := i.body.Write(p)
	i.size += int64(n)
	i.refused = err
	_, _ = i.summer.Write(p[:n]) // it does not fail
	return n, err
}

// show has the object show, if it is what was sent.
func (i *intake) show(ctx context.Context, k conditions, said described) (bucket.Attributes, error) {
	got := i.summer.sum()
	if err := said.check(got); err != nil {
		i.drop()
		return bucket.Attributes{}, err
	}
	at, err := i.to.Show(ctx, func(now *bucket.Attributes) error {
		if err := k.beforeChange(now); err != nil {
			return err
		}
		return i.claim(ctx)
	})
	if err == nil {
		i.api.sums.keep(i.object, at, got)
	}
	return at, err
}

// drop leaves nothing of it. What cannot be dropped goes with the next start.
func (i *intake) drop() { _ = i.to.Discard(context.Background()) }
