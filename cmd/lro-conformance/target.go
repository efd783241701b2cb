package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
)

type operation = longrunningpb.Operation

// target is the server that is examined. Its methods may be called by many
// goroutines at once.
type target struct {
	conn     *grpc.ClientConn
	api      longrunningpb.OperationsClient
	starter  *starter
	patience time.Duration
	keeps    time.Duration // how long the server keeps what has ended; 0 if that is not known

	mu   sync.Mutex
	left []string // operations that may be under way
}

func dial(ctx context.Context, address string, useTLS bool, r requests, patience time.Duration) (*target, error) {
	creds := insecure.NewCredentials()
	if useTLS {
		creds = credentials.NewTLS(&tls.Config{})
	}
	conn, err := grpc.NewClient(address, grpc.WithTransportCredentials(creds))
	if err != nil {
		return nil, fmt.Errorf("the address %q: %w", address, err)
	}
	t, err := newTarget(ctx, conn, r, patience)
	if err != nil {
		_ = conn.Close()
	}
	return t, err
}

func newTarget(ctx context.Context, conn *grpc.ClientConn, r requests, patience time.Duration) (*target, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	starter, err := newStarter(ctx, conn, r)
	return &target{conn: conn, api: longrunningpb.NewOperationsClient(conn), starter: starter, patience: patience}, err
}

func (t *target) close() { _ = t.conn.Close() }

// start starts an operation and remembers it for abandon.
func (t *target) start(ctx context.Context, request string) (*operation, error) {
	if request == "" {
		return nil, errUnsaid("no request was given that starts such an operation")
	}
	op, err := t.starter.start(ctx, request)
	if err != nil {
		return nil, fmt.Errorf("starting an operation: %w", err)
	}
	t.mu.Lock()
	t.left = append(t.left, op.GetName())
	t.mu.Unlock()
	return op, nil
}

func (t *target) long(ctx context.Context) (*operation, error) {
	return t.start(ctx, t.starter.requests.Long)
}

func (t *target) short(ctx context.Context) (*operation, error) {
	return t.start(ctx, t.starter.requests.Short)
}

// abandon cancels what may be under way, so that checks do not disturb one
// another.
func (t *target) abandon(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.patience)
	defer cancel()
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, name := range t.left {
		_, _ = t.api.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: name})
	}
	t.left = nil
}

// gone reports whether nobody answers at the server's address.
func (t *target) gone(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), t.patience)
	defer cancel()
	_, err := t.api.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: "operations/0"})
	return status.Code(err) == codes.Unavailable
}

func (t *target) get(ctx context.Context, name string) (*operation, error) {
	op, err := t.api.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
	return op, supported("GetOperation", err)
}

func (t *target) cancel(ctx context.Context, name string) error {
	_, err := t.api.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: name})
	return supported("CancelOperation", err)
}

func (t *target) delete(ctx context.Context, name string) error {
	_, err := t.api.DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: name})
	return supported("DeleteOperation", err)
}

func (t *target) wait(ctx context.Context, name string, timeout time.Duration) (*operation, error) {
	op, err := t.api.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name, Timeout: durationpb.New(timeout)})
	return op, supported("WaitOperation", err)
}

// running starts a long operation and sees it under way.
func (t *target) running(ctx context.Context) (*operation, error) {
	begun, err := t.long(ctx)
	if err != nil {
		return nil, err
	}
	op, err := t.get(ctx, begun.GetName())
	if err != nil {
		return nil, fmt.Errorf("getting a new operation: %w", err)
	}
	if op.GetDone() {
		return nil, errUnsaid("the operation that should be long was over at once")
	}
	return op, nil
}

// succeeded starts a short operation and sees it to its end.
func (t *target) succeeded(ctx context.Context) (*operation, error) {
	begun, err := t.short(ctx)
	if err != nil {
		return nil, err
	}
	return t.ended(ctx, begun.GetName())
}

// look is how often an operation is looked at that should end.
const look = 20 * time.Millisecond

// ended gets an operation until it is done.
func (t *target) ended(ctx context.Context, name string) (*operation, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, t.patience, fmt.Errorf("the operation has not ended in %s", t.patience))
	defer cancel()
	for {
		op, err := t.get(ctx, name)
		switch {
		case context.Cause(ctx) != nil:
			return nil, context.Cause(ctx)
		case err != nil:
			return nil, fmt.Errorf("getting an operation that was started: %w", err)
		case op.GetDone():
			return op, nil
		}
		select {
		case <-time.After(look):
		case <-ctx.Done():
		}
	}
}

// list walks through all pages.
func (t *target) list(ctx context.Context, pageSize int32, filter string) (names []string, err error) {
	return t.walk(ctx, pageSize, filter, func() error { return nil })
}

// walk is list, with something done after each page.
func (t *target) walk(ctx context.Context, pageSize int32, filter string, after func() error) (names []string, err error) {
	for token, seen := "", map[string]bool{}; ; {
		page, err := t.page(ctx, pageSize, token, filter)
		if err != nil {
			return nil, err
		}
		for _, op := range page.GetOperations() {
			names = append(names, op.GetName())
		}
		if token = page.GetNextPageToken(); token == "" {
			return names, nil
		}
		if seen[token] {
			return nil, errors.New("a page names a page token that led here already, so the list has no end")
		}
		seen[token] = true
		if err := after(); err != nil {
			return nil, err
		}
	}
}

func (t *target) page(ctx context.Context, size int32, token, filter string) (*longrunningpb.ListOperationsResponse, error) {
	page, err := t.api.ListOperations(ctx, &longrunningpb.ListOperationsRequest{
		Name: t.starter.requests.Parent, PageSize: size, PageToken: token, Filter: filter,
	})
	return page, supported("ListOperations", err)
}

// unknown is a name of the form of name that no operation has.
func unknown(name string) string {
	last := strings.LastIndexByte(name, '/')
	return name[:last+1] + "9999999999999999"
}

// outcomeOf says how an operation ended.
func outcomeOf(op *operation) string {
	switch {
	case !op.GetDone():
		return "not done"
	case op.GetError() != nil:
		return "error " + codes.Code(op.GetError().GetCode()).String()
	case op.GetResponse() != nil:
		return "response"
	}
	return "done without error or response"
}

func isNotFound(err error) bool { return status.Code(err) == codes.NotFound }
