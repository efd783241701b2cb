package blob

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
)

const (
	// partBytes is the size of the first thousand parts; S3 wants 5 MiB at least,
	// of all but the last.
	partBytes = 6 << 20
	// partsOfASize is after how many parts they get twice as large: S3 takes
	// 10,000, which are then more than its largest object has.
	partsOfASize = 1000
	// partsAtOnce is how many parts are on their way while one is filled.
	partsAtOnce = 2
)

// partSize is the size of a part by its number, from 1 on.
func partSize(number int) int { return partBytes << ((number - 1) / partsOfASize) }

// s3Upload fills one part while others are on their way. The first one waits for
// the head, which is told at the end.
type s3Upload struct {
	store   *s3Store
	attempt driver.Attempt
	id      string

	first  []byte // with room for the head; nil without one
	part   []byte // that is being filled
	number int    // its number
	size   int64

	// Parts go on when the writer's context has ended: another writer may be
	// next. Only Abort ends them.
	sending context.Context
	stop    context.CancelFunc
	places  chan struct{} // one element for each part on its way
	free    chan []byte   // parts that have been sent, to be filled again

	mu     sync.Mutex
	failed error
}

func newS3Upload(ctx context.Context, s *s3Store, a driver.Attempt, id string) *s3Upload {
	u := &s3Upload{store: s, attempt: a, id: id, number: 1, size: int64(a.Head), places: make(chan struct{}, partsAtOnce), free: make(chan []byte, partsAtOnce)}
	u.sending, u.stop = context.WithCancel(context.WithoutCancel(ctx))
	u.part = make([]byte, a.Head)
	return u
}

// Body implements driver.Upload.
func (u *s3Upload) Body(ctx context.Context) audio.ZeroWriter { return s3Body{u, ctx} }

type s3Body struct {
	*s3Upload
	ctx context.Context
}

func (b s3Body) Write(p []byte) (written int, err error) {
	for len(p) > 0 {
		n := min(partSize(b.number)-len(b.part), len(p))
		b.part = append(b.part, p[:n]...)
		p, written, b.size = p[n:], written+n, b.size+int64(n)
		if len(b.part) == partSize(b.number) {
			if err := b.turn(b.ctx); err != nil {
				return written, err
			}
		}
	}
	return written, nil
}

// WriteZeros implements audio.ZeroWriter.
func (b s3Body) WriteZeros(n int64) error { return writeZeros(b, n) }

// turn ends the part that was being filled.
func (u *s3Upload) turn(ctx context.Context) error {
	if u.number == 1 && u.attempt.Head > 0 {
		u.first = u.part
	} else if err := u.send(ctx, u.number, u.part); err != nil {
		return err
	}
	u.number++
	u.part = u.empty()
	return nil
}

// empty is a part to be filled: one that was sent, or a new one.
func (u *s3Upload) empty() []byte {
	select {
	case sent := <-u.free:
		if cap(sent) >= partSize(u.number) {
			return sent[:0]
		}
	default:
	}
	return make([]byte, 0, partSize(u.number))
}

// send has a part sent once there is a place. It fails if an earlier part has.
func (u *s3Upload) send(ctx context.Context, number int, part []byte) error {
	select {
	case u.places <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	if err := u.failure(); err != nil {
		<-u.places
		return err
	}
	go func() {
		defer func() { <-u.places }()
		_, err := u.store.client.UploadPart(u.sending, &s3.UploadPartInput{
			Bucket: &u.store.bucket, Key: u.store.key(u.attempt.Place), UploadId: &u.id, PartNumber: aws.Int32(int32(number)), Body: bytes.NewReader(part),
		})
		if err != nil {
			u.mu.Lock()
			defer u.mu.Unlock()
			if u.failed == nil {
				u.failed = u.store.fails(err, fmt.Sprintf("%s, part %d", u.attempt.Place.Key, number))
			}
			return // and the client may still hold the part
		}
		select {
		case u.free <- part:
		default:
		}
	}()
	return nil
}

func (u *s3Upload) failure() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.failed
}

// wait waits until no part is on its way.
func (u *s3Upload) wait(ctx context.Context) error {
	for range partsAtOnce {
		select {
		case u.places <- struct{}{}:
			defer func() { <-u.places }()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return u.failure()
}

// Seal implements driver.Upload.
func (u *s3Upload) Seal(ctx context.Context, head []byte) (driver.Receipt, error) {
	if len(head) != u.attempt.Head {
		return driver.Receipt{}, fmt.Errorf("a head of %d bytes where room was left for %d", len(head), u.attempt.Head)
	}
	if u.first == nil {
		copy(u.part, head) // all of it is in the only part
	} else {
		copy(u.first, head)
		if err := u.send(ctx, 1, u.first); err != nil {
			return driver.Receipt{}, err
		}
	}
	parts := u.number - 1
	if len(u.part) > 0 || parts == 0 {
		parts = u.number
		if err := u.send(ctx, u.number, u.part); err != nil {
			return driver.Receipt{}, err
		}
	}
	u.part, u.first = nil, nil
	if err := u.wait(ctx); err != nil {
		return driver.Receipt{}, err
	}
	u.stop()
	return u.receipt(parts), nil
}

func (u *s3Upload) receipt(parts int) driver.Receipt {
	b, err := json.Marshal(mark{u.id, parts})
	if err != nil {
		panic(err) // of a string and a number
	}
	return driver.Receipt{Attempt: u.attempt, Kind: u.store.Kind(), Size: u.size, Mark: string(b)}
}

// Abort implements driver.Upload. A part that arrives after the abort would stay
// for ever, so it waits for those on their way to be given up.
func (u *s3Upload) Abort(ctx context.Context) error {
	u.stop()
	_ = u.wait(ctx) // whose error is that they were stopped
	u.part, u.first = nil, nil
	return u.store.Abort(ctx, u.receipt(0))
}
