package blob

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
	cloud "gocloud.dev/blob"

	"github.com/lectern/lectern/bucket/driver"
)

// s3Store is a store that speaks S3's protocol. An attempt is a multipart upload
// to the object's own key, which shows nothing until it is completed: the commit
// moves no bytes. What tells of the upload stands under the attempt's hidden key
// ([note]).
//
// An upload that was aborted cannot be completed any more, so the answer that an
// object was not committed is final.
type s3Store struct {
	*shelf
	client *s3.Client
	bucket string
	prefix string
}

var _ driver.Store = (*s3Store)(nil)

func newS3(bucket *cloud.Bucket, at location) (*s3Store, error) {
	var client *s3.Client
	if !bucket.As(&client) {
		return nil, errors.New("gocloud.dev gives no client of S3 any more")
	}
	return &s3Store{
		shelf:  &shelf{objects: at.prefixed(bucket), kind: "s3", prefix: len(at.prefix)},
		client: client, bucket: at.url.Host, prefix: at.prefix,
	}, nil
}

// s3Class is what S3's error codes mean.
func s3Class(err error) driver.Class {
	var e smithy.APIError
	if !errors.As(err, &e) {
		return driver.Other
	}
	switch e.ErrorCode() {
	case "NoSuchKey", "NoSuchUpload", "NotFound":
		return driver.Gone
	case "NoSuchBucket":
		return driver.NoBucket
	case "AccessDenied", "Forbidden", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "AllAccessDisabled", "AccountProblem",
		"XAdminUserNotFound": // versitygw's
		return driver.Denied
	case "QuotaExceeded", "InsufficientStorage", "StorageFull", "XMinioStorageFull", "XAmzBucketQuotaExceeded":
		return driver.Full
	}
	return driver.Other
}

// fails gives an error of the client its class.
func (s *s3Store) fails(err error, key string) error {
	if err == nil {
		return nil
	}
	return &driver.Error{Class: s3Class(err), Where: s.objects.name() + ", " + key, Err: err}
}

// s3Ahead is how many uploads wait for their heads at once. Each holds its first
// part in memory, and as long as it is written to two more.
const s3Ahead = 3

// Ahead implements driver.Store.
func (s *s3Store) Ahead() int { return s3Ahead }

// note tells of an upload to whoever discards its operation.
type note struct {
	Key    string `json:"key"`
	Upload string `json:"upload"`
}

// Begin implements driver.Store.
func (s *s3Store) Begin(ctx context.Context, a driver.Attempt) (driver.Upload, error) {
	created, err := s.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
		Bucket: &s.bucket, Key: s.key(a.Place), Metadata: metaOf(a), ContentType: aws.String(contentType(a.Place.Key)),
	})
	if err != nil {
		return nil, s.fails(err, a.Place.Key)
	}
	u := newS3Upload(ctx, s, a, *created.UploadId)
	b, err := json.Marshal(note{a.Place.Key, u.id})
	if err == nil {
		err = s.objects.put(ctx, hidden(a), b, nil)
	}
	if err != nil {
		return nil, errors.Join(err, u.Abort(context.WithoutCancel(ctx)))
	}
	return u, nil
}

// key is the whole key of an object.
func (s *s3Store) key(p driver.Place) *string { return aws.String(s.prefix + p.Key) }

// mark is what a receipt tells of an upload: its id and how many parts it has.
type mark struct {
	Upload string `json:"upload"`
	Parts  int    `json:"parts"`
}

func readMark(r driver.Receipt) (m mark, err error) {
	if err := json.Unmarshal([]byte(r.Mark), &m); err != nil {
		return m, fmt.Errorf("reading the receipt of %s: %w", r.Place.Object, err)
	}
	return m, nil
}

// Commit implements driver.Store.
func (s *s3Store) Commit(ctx context.Context, r driver.Receipt) error {
	m, err := readMark(r)
	if err != nil {
		return err
	}
	parts, err := s.parts(ctx, r, m)
	if err == nil {
		_, err = s.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
			Bucket: &s.bucket, Key: s.key(r.Place), UploadId: &m.Upload, MultipartUpload: &types.CompletedMultipartUpload{Parts: parts},
		})
		err = s.fails(err, r.Place.Key)
	}
	if driver.ClassOf(err) == driver.Gone {
		if shown, unread := s.shows(ctx, r); unread != nil {
			return unread
		} else if !shown {
			return gone(r, err)
		}
		err = nil // an earlier call has done it
	}
	if err != nil {
		return err
	}
	return s.remove(ctx, hidden(r.Attempt))
}

// parts are those that the service has of an upload. They must be all that the
// receipt tells of.
func (s *s3Store) parts(ctx context.Context, r driver.Receipt, m mark) (parts []types.CompletedPart, err error) {
	var size int64
	pages := s3.NewListPartsPaginator(s.client, &s3.ListPartsInput{Bucket: &s.bucket, Key: s.key(r.Place), UploadId: &m.Upload})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, s.fails(err, r.Place.Key)
		}
		for _, p := range page.Parts {
			size += aws.ToInt64(p.Size)
			parts = append(parts, types.CompletedPart{
				PartNumber: p.PartNumber, ETag: p.ETag,
				ChecksumCRC32: p.ChecksumCRC32, ChecksumCRC32C: p.ChecksumCRC32C, ChecksumCRC64NVME: p.ChecksumCRC64NVME,
				ChecksumSHA1: p.ChecksumSHA1, ChecksumSHA256: p.ChecksumSHA256,
			})
		}
	}
	if len(parts) != m.Parts || size != r.Size {
		return nil, gone(r, fmt.Errorf("%s has lost some of an upload: it has %d parts of %d, %d bytes of %d", s.objects.name(), len(parts), m.Parts, size, r.Size))
	}
	slices.SortFunc(parts, func(a, b types.CompletedPart) int { return int(*a.PartNumber - *b.PartNumber) })
	return parts, nil
}

// Committed implements driver.Store.
func (s *s3Store) Committed(ctx context.Context, r driver.Receipt) (bool, error) {
	shown, err := s.shows(ctx, r)
	if err != nil || shown {
		return shown, err
	}
	if err := s.Abort(ctx, r); err != nil {
		return false, err
	}
	// A completion may have come before the abort, or be under way: some servers,
	// such as gateways to file systems, then do both.
	for end := time.Now().Add(settleTime); ; {
		shown, err := s.shows(ctx, r)
		if err != nil || shown || !time.Now().Before(end) {
			return shown && err == nil, err
		}
		select {
		case <-time.After(settleTime / 20):
		case <-ctx.Done():
			return false, context.Cause(ctx)
		}
	}
}

// settleTime is how long a completion that an abort has overtaken may take to show.
const settleTime = 500 * time.Millisecond

// Abort implements driver.Store.
func (s *s3Store) Abort(ctx context.Context, r driver.Receipt) error {
	m, err := readMark(r)
	if err != nil {
		return err
	}
	return s.abort(ctx, note{r.Place.Key, m.Upload}, hidden(r.Attempt))
}

// abort ends an upload and then removes what tells of it.
func (s *s3Store) abort(ctx context.Context, n note, hidden string) error {
	// A part that is on its way may outlive an abort (S3's documentation says so):
	// it is repeated until there is nothing to abort.
	for range mostAborts {
		_, err := s.client.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{
			Bucket: &s.bucket, Key: s.key(driver.Place{Key: n.Key}), UploadId: &n.Upload,
		})
		if err = s.fails(err, n.Key); driver.ClassOf(err) == driver.Gone {
			break
		}
		if err != nil {
			return err
		}
	}
	return s.remove(ctx, hidden)
}

const mostAborts = 5

// Discard implements driver.Store.
func (s *s3Store) Discard(ctx context.Context, operation string) error {
	return s.each(ctx, operation, func(key string) error {
		n, err := s.note(ctx, key)
		if driver.ClassOf(err) == driver.Gone {
			return nil
		}
		if err != nil {
			return err
		}
		return s.abort(ctx, n, key)
	})
}

func (s *s3Store) note(ctx context.Context, key string) (n note, err error) {
	r, err := s.objects.read(ctx, key, 0, 0)
	if err != nil {
		return n, err
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		return n, err
	}
	if err := json.Unmarshal(b, &n); err != nil {
		return n, fmt.Errorf("reading %s: %w", key, err)
	}
	return n, nil
}
