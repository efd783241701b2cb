package blob

import (
	"context"
	"io"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// mostPut is the largest object that S3 takes in one request, in bytes.
const mostPut = 5 << 30

// s3Objects are portable objects that are sent in one request each: the uploader
// behind gocloud.dev reads every part of what it is given into memory first, and into
// slices that grow.
type s3Objects struct {
	*portable
	client *s3.Client
	bucket string
}

func (o s3Objects) send(ctx context.Context, key string, r *io.SectionReader) error {
	if r.Size() > mostPut {
		return o.portable.send(ctx, key, r)
	}
	_, err := o.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &o.bucket, Key: aws.String(o.prefix + key), Body: r, ContentLength: aws.Int64(r.Size()), ContentType: aws.String("application/octet-stream"),
	})
	return o.fails(err, key)
}
