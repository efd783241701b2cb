package longaudio

import (
	"context"
	"errors"
	"log/slog"

	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/bucket/driver"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// outcome is a staged object that can be shown.
type outcome struct {
	upload   *bucket.Upload
	response proto.Message
	log      *slog.Logger
	made     func() // told when it shows
}

func (c outcome) Receipt() []byte { return c.upload.Receipt() }

func (c outcome) Commit(ctx context.Context) (proto.Message, error) {
	err := unlessUnshown(c.log, c.upload.Commit(ctx))
	if err == nil {
		c.made()
	}
	return c.response, storeFault(err)
}

func (c outcome) Discard(ctx context.Context) error { return c.upload.Discard(ctx) }

// unlessUnshown passes err through, but for captions that could not be shown:
// the object is, so the operation has succeeded, and only the operator can help.
func unlessUnshown(log *slog.Logger, err error) error {
	if unshown := new(bucket.UnshownError); errors.As(err, &unshown) {
		log.Error("captions cannot be shown beside their object", "cause", err)
		return nil
	}
	return err
}

// storeFault gives errors of the disk and of object stores a sentence that an
// operation's owner can use, and fails the operation at once: to try again would
// only fill the store again, or meet what stands in the way again. While a store
// cannot be reached the operation waits. Other errors pass through.
func storeFault(err error) error {
	if fault.Is(err, fault.FailedPrecondition) {
		return lro.Permanent(err)
	}
	remote := errors.As(err, new(*driver.Error))
	code, sentence := fault.FailedPrecondition, ""
	switch class := bucket.ClassOf(err); {
	case class == bucket.Full && remote:
		code, sentence = fault.ResourceExhausted, "The store of the output takes no more. Make room there and start the operation again."
	case class == bucket.Full:
		code, sentence = fault.ResourceExhausted, "The server's disk is full. Make room and start the operation again."
	case class == bucket.Denied && remote:
		sentence = "The server may not write to the store of the output: its credentials are wrong there, or lack the right. Its log says which store refused."
	case class == bucket.Denied:
		sentence = "The server may not write to its output directory."
	case class == bucket.NoBucket:
		sentence = "The bucket that the output is mapped to does not exist. The server's log says which; make it, or map the output to another."
	case class == bucket.Away:
		return lro.Later(fault.New(fault.Unavailable, "The store of the output could not be reached. Start the operation again.").Because(err))
	default:
		return err
	}
	return lro.Permanent(fault.New(code, "%s", sentence).Because(err))
}
