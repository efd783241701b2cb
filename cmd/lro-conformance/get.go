package main

import (
	"context"
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/grpc/codes"
)

var getChecks = []check{
	{"get/name", "An operation that was started is found under its own name.", fromProto + ", GetOperation", getName},
	{"get/names-differ", "Two operations have two names, also when their requests are the same.", fromProto + ", Operation.name", getNamesDiffer},
	{"get/name-form", "A name ends in operations/ and an id.", fromProto + ", Operation.name", getNameForm},
	{"get/running", "An operation under way is not done and has neither error nor response.", fromProto + ", Operation.done and result", getRunning},
	{"get/metadata", "Metadata has the type that the method declares.", fromProto + ", OperationInfo.metadata_type", getMetadata},
	{"get/succeeded", "An operation that succeeded is done, with a response of the type that the method declares, and no error.", fromProto + ", Operation.response", getSucceeded},
	{"get/failed", "One that failed is done, with an error that is not OK, and no response.", fromProto + ", Operation.error", getFailed},
	{"get/stays", "What is done stays as it is.", fromLRO, getStays},
	{"get/unknown", "A name that no operation has is NOT_FOUND.", fromErrors, getUnknown},
	{"get/empty", "A request without a name is INVALID_ARGUMENT.", fromFields, getEmpty},
}

func getName(ctx context.Context, t *target) error {
	begun, err := t.long(ctx)
	if err != nil {
		return err
	}
	op, err := t.get(ctx, begun.GetName())
	if err != nil {
		return err
	}
	if op.GetName() != begun.GetName() {
		return fmt.Errorf("asked for %s, it answers with %s", begun.GetName(), op.GetName())
	}
	return nil
}

func getNamesDiffer(ctx context.Context, t *target) error {
	request := strings.ReplaceAll(t.starter.requests.Short, "{n}", "again")
	first, err := t.start(ctx, request)
	if err != nil {
		return err
	}
	// One after the other: they may write to one place.
	if _, err := t.ended(ctx, first.GetName()); err != nil {
		return err
	}
	second, err := t.start(ctx, request)
	if err != nil {
		return err
	}
	if first.GetName() == second.GetName() {
		return fmt.Errorf("both are called %s", second.GetName())
	}
	return nil
}

var nameForm = regexp.MustCompile(`(^|/)operations/[^/]+$`)

func getNameForm(ctx context.Context, t *target) error {
	op, err := t.short(ctx)
	if err != nil {
		return err
	}
	if !nameForm.MatchString(op.GetName()) {
		return fmt.Errorf("it is called %q", op.GetName())
	}
	return nil
}

func getRunning(ctx context.Context, t *target) error {
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	if op.GetResult() != nil {
		return fmt.Errorf("it is not done and has a result (%s)", outcomeOf(&operation{Done: true, Result: op.GetResult()}))
	}
	return nil
}

func getMetadata(ctx context.Context, t *target) error {
	_, declared := t.starter.declared()
	if declared == "" {
		return errUnsaid("the method declares no type of metadata")
	}
	op, err := t.running(ctx)
	if err != nil {
		return err
	}
	if got := op.GetMetadata().MessageName(); !sameType(string(got), declared) {
		return fmt.Errorf("metadata is a %q, not a %s", got, declared)
	}
	return nil
}

// sameType compares a full name with a declared one, which may leave out its own
// package.
func sameType(full, declared string) bool {
	return full == declared || strings.HasSuffix(full, "."+declared)
}

func getSucceeded(ctx context.Context, t *target) error {
	op, err := t.succeeded(ctx)
	if err != nil {
		return err
	}
	if op.GetResponse() == nil {
		return fmt.Errorf("it ended in %s", outcomeOf(op))
	}
	declared, _ := t.starter.declared()
	if got := op.GetResponse().MessageName(); declared != "" && !sameType(string(got), declared) {
		return fmt.Errorf("the response is a %q, not a %s", got, declared)
	}
	return nil
}

func getFailed(ctx context.Context, t *target) error {
	begun, err := t.start(ctx, t.starter.requests.Failing)
	if err != nil {
		return err
	}
	op, err := t.ended(ctx, begun.GetName())
	if err != nil {
		return err
	}
	if op.GetError() == nil || op.GetError().GetCode() == int32(codes.OK) {
		return fmt.Errorf("it ended in %s", outcomeOf(op))
	}
	return nil
}

func getStays(ctx context.Context, t *target) error {
	op, err := t.succeeded(ctx)
	if err != nil {
		return err
	}
	for range 20 {
		again, err := t.get(ctx, op.GetName())
		if err != nil {
			return err
		}
		if outcomeOf(again) != outcomeOf(op) {
			return fmt.Errorf("it was %s and became %s", outcomeOf(op), outcomeOf(again))
		}
	}
	return nil
}

func getUnknown(ctx context.Context, t *target) error {
	op, err := t.short(ctx)
	if err != nil {
		return err
	}
	_, err = t.get(ctx, unknown(op.GetName()))
	return wants("GetOperation", err, codes.NotFound)
}

func getEmpty(ctx context.Context, t *target) error {
	_, err := t.get(ctx, "")
	return wants("GetOperation", err, codes.InvalidArgument)
}
