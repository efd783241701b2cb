package main

import (
	"context"
	"fmt"
	"slices"

	"google.golang.org/grpc/codes"
)

var deleteChecks = []check{
	{"delete/done", "A deleted operation is NOT_FOUND, and in no list.", fromProto + ", DeleteOperation", deleteDone},
	{"delete/twice", "Deleting it again is NOT_FOUND.", fromDelete, deleteTwice},
	{"delete/unknown", "Deleting a name that no operation has is NOT_FOUND.", fromDelete, deleteUnknown},
}

func deleted(ctx context.Context, t *target) (*operation, error) {
	op, err := t.succeeded(ctx)
	if err != nil {
		return nil, err
	}
	return op, t.delete(ctx, op.GetName())
}

func deleteDone(ctx context.Context, t *target) error {
	op, err := deleted(ctx, t)
	if err != nil {
		return err
	}
	_, err = t.get(ctx, op.GetName())
	if err := wants("GetOperation of a deleted one", err, codes.NotFound); err != nil {
		return err
	}
	names, err := t.list(ctx, 100, "")
	if err != nil {
		return err
	}
	if slices.Contains(names, op.GetName()) {
		return fmt.Errorf("ListOperations still has %s", op.GetName())
	}
	return nil
}

func deleteTwice(ctx context.Context, t *target) error {
	op, err := deleted(ctx, t)
	if err != nil {
		return err
	}
	return wants("DeleteOperation of a deleted one", t.delete(ctx, op.GetName()), codes.NotFound)
}

func deleteUnknown(ctx context.Context, t *target) error {
	op, err := t.short(ctx)
	if err != nil {
		return err
	}
	return wants("DeleteOperation", t.delete(ctx, unknown(op.GetName())), codes.NotFound)
}
