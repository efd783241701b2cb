package blob

import (
	"context"
	"errors"
	"io"
	"strings"

	"cloud.google.com/go/storage"
	"github.com/Azure/azure-sdk-for-go/sdk/storage/azblob/container"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	cloud "gocloud.dev/blob"

	"github.com/lectern/lectern/bucket/driver"
)

// page is a listing, told by the service from where it begins.
func (p *portable) page(ctx context.Context, l driver.Listing) (entries []driver.Entry, err error) {
	options := &cloud.ListOptions{Prefix: l.Prefix, BeforeList: func(as func(any) bool) error {
		p.skip(as, l)
		return nil
	}}
	if l.Folders {
		options.Delimiter = "/"
	}
	for all := p.bucket.List(options); len(entries) < l.Limit; {
		o, err := all.Next(ctx)
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err != nil {
			return entries, p.fails(err, l.Prefix)
		}
		// A service may know nothing of where to begin.
		if driver.IsHidden(o.Key) || o.Key <= l.After || !o.IsDir && o.Key < l.From {
			continue
		}
		if !o.IsDir {
			entries = append(entries, driver.Entry{Key: o.Key, Attributes: found{size: o.Size, changed: o.ModTime}.attributes()})
			continue
		}
		some := []driver.Entry{{}}
		if o.Key < l.From { // the service may have begun behind all of the folder
			if some, err = p.page(ctx, driver.Listing{Prefix: o.Key, From: l.From, Limit: 1}); err != nil {
				return entries, err
			}
		}
		if len(some) > 0 {
			entries = append(entries, driver.Entry{Key: o.Key})
		}
	}
	return entries, nil
}

// skip has a service begin about where the listing does, never behind it.
func (p *portable) skip(as func(any) bool, l driver.Listing) {
	var amazon *s3.ListObjectsV2Input
	var google *storage.Query
	var azure *container.ListBlobsHierarchyOptions
	from := l.From
	if rest, ok := strings.CutPrefix(from, l.Prefix); ok && l.Folders {
		// Some leave a folder out whose own key is less, whatever it holds.
		folder, _, _ := strings.Cut(rest, "/")
		from = l.Prefix + folder
	}
	from = max(l.After, from)
	switch {
	case from == "":
	case as(&amazon):
		if from != l.After { // it begins behind the key that it is given
			from = from[:len(from)-1]
		}
		amazon.StartAfter = aws.String(p.prefix + from)
	case as(&google):
		google.StartOffset = p.prefix + from
	case as(&azure):
		azure.StartFrom = aws.String(p.prefix + from)
	}
}
