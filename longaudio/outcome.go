package longaudio

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"syscall"

	"google.golang.org/protobuf/proto"

	"github.com/lectern/lectern/bucket"
	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// outcome is a staged object that can be shown.
type outcome struct {
	upload   *bucket.Upload
	response proto.Message
	log      *slog.Logger
}

func (c outcome) Receipt() []byte { return c.upload.Receipt() }

func (c outcome) Commit(ctx context.Context) (proto.Message, error) {
	return c.response, diskFault(unlessUnshown(c.log, c.upload.Commit(ctx)))
}

func (c outcome) Discard(context.Context) error { return c.upload.Discard() }

// unlessUnshown passes err through, but for captions that could not be shown:
// the object is, so the operation has succeeded, and only the operator can help.
func unlessUnshown(log *slog.Logger, err error) error {
	if unshown := new(bucket.UnshownError); errors.As(err, &unshown) {
		log.Error("captions cannot be shown beside their object", "cause", err)
		return nil
	}
	return err
}

// diskFault gives errors of the disk a sentence that an operation's owner can
// use, and fails the operation at once: to try again would only fill the disk
// again, or meet what stands in the way again. Other errors pass through.
func diskFault(err error) error {
	switch {
	case fault.Is(err, fault.FailedPrecondition):
		return lro.Permanent(err)
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return lro.Permanent(fault.New(fault.ResourceExhausted, "The server's disk is full. Make room and start the operation again.").Because(err))
	case errors.Is(err, syscall.EROFS), errors.Is(err, os.ErrPermission):
		return lro.Permanent(fault.New(fault.FailedPrecondition, "The server may not write to its output directory.").Because(err))
	}
	return err
}
