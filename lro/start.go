package lro

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

// Start accepts an operation: when it returns, the operation is stored and
// will be worked on, whatever crashes. If o.Owner is empty, the owner is whom
// Config.Owner names.
//
// Errors: ALREADY_EXISTS if the owner used the idempotency key for another
// request; UNAVAILABLE if the store cannot write; INTERNAL if o is not a
// proper operation, which is the caller's bug and not its client's.
func (m *Manager) Start(ctx context.Context, o NewOperation) (*longrunningpb.Operation, error) {
	if err := m.check(o); err != nil {
		return nil, fault.New(fault.Internal, "Internal error encountered. The server's log has the cause.").Because(err)
	}
	c := driver.Creation{
		ID:      newID(),
		Kind:    o.Kind,
		Parent:  o.Parent,
		Owner:   o.Owner,
		Request: o.Request,
		Key:     o.IdempotencyKey,
		Hash:    o.IdempotencyHash,
		At:      m.now(),
		Window:  m.window(),
	}
	if c.Owner == "" {
		c.Owner = m.owner(ctx)
	}
	for _, t := range o.Tasks {
		c.Tasks = append(c.Tasks, driver.Task(t))
	}
	op, created, err := m.store.Create(ctx, c)
	if err != nil {
		return nil, storeFault(err)
	}
	if !created && (!bytes.Equal(op.IdempotencyHash, o.IdempotencyHash) || op.Parent != o.Parent || op.Kind != o.Kind) {
		return nil, fault.New(fault.AlreadyExists, "The idempotency key was used before for another request (operation %q). Use a new key for a new request.", operationName(op.Parent, op.ID))
	}
	return m.message(op)
}

func (m *Manager) check(o NewOperation) error {
	if m.kinds[o.Kind] == nil {
		return fmt.Errorf("there is no kind %q", o.Kind)
	}
	if err := checkName(o.Parent); err != nil {
		return fmt.Errorf("parent %q: %w", o.Parent, err)
	}
	if len(o.Tasks) == 0 {
		return fmt.Errorf("an operation needs a task")
	}
	for i, t := range o.Tasks {
		if t.Weight < 1 {
			return fmt.Errorf("task %d has the weight %d", i, t.Weight)
		}
	}
	return nil
}

// newID returns 26 characters of [a-z2-7], with 128 random bits at least.
func newID() string { return strings.ToLower(rand.Text()) }
