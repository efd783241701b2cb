package lro

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

// Start accepts an operation: when it returns, the operation is stored and
// will be worked on, whatever crashes. If o.Owner is empty, the owner is whom
// Config.Owner names.
//
// Errors: ALREADY_EXISTS if the owner used the idempotency key for another
// request; what the kind's Names and Taken say; RESOURCE_EXHAUSTED if Config.Most
// operations are under way; what o says of a group that is full; UNAVAILABLE if the store cannot write; INTERNAL if
// o is not a proper operation, which is the caller's bug and not its client's.
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
		Needs:   needs(o.Kind, o.Needs),
		Label:   o.Label,
		Window:  m.window(),
		Most:    m.most,

		FinishWeight: o.FinishWeight,
	}
	if c.Owner == "" {
		c.Owner = m.owner(ctx)
	}
	for _, t := range o.Tasks {
		c.Tasks = append(c.Tasks, driver.NewTask(t))
	}
	for _, g := range o.Groups {
		c.Groups = append(c.Groups, driver.Group{Name: g.Name, Most: g.Most})
	}
	var err error
	if c.Names, err = namesOf(m.kinds[c.Kind], Work{ID: c.ID, Parent: c.Parent, Owner: c.Owner, Request: c.Request}); err != nil {
		return nil, err
	}
	op, created, err := m.create(ctx, c)
	var group driver.FullError
	var taken driver.TakenError
	switch {
	case errors.As(err, &taken):
		return nil, m.taken(c, taken.Path)
	case errors.As(err, &group):
		return nil, o.full(group.Group)
	case errors.Is(err, driver.ErrFull):
		return nil, fault.New(fault.ResourceExhausted, "%d long operations are queued or running, and this server takes no more. Try again when some have ended.", m.most).Retry(10 * time.Second)
	case err != nil:
		return nil, storeFault(err)
	}
	if !created && !m.sees(ctx).has(op.Parent) {
		return nil, fault.New(fault.AlreadyExists, "The idempotency key was used before for another request. Use a new key for a new request.")
	}
	if !created && (!bytes.Equal(op.IdempotencyHash, o.IdempotencyHash) || op.Parent != o.Parent || op.Kind != o.Kind) {
		return nil, fault.New(fault.AlreadyExists, "The idempotency key was used before for another request (operation %q). Use a new key for a new request.", operationName(op.Parent, op.ID))
	}
	return m.message(op), nil
}

// create is the store's Create, and looks after an error whether the operation
// was written all the same.
func (m *Manager) create(ctx context.Context, c driver.Creation) (op driver.Operation, created bool, err error) {
	op, created, err = m.store.Create(ctx, c)
	if err == nil || errors.Is(err, driver.ErrFull) || errors.As(err, new(driver.TakenError)) {
		return op, created, err
	}
	if found, unread := m.store.Get(context.WithoutCancel(ctx), c.ID); unread == nil {
		return found, true, nil
	}
	return op, false, err
}

// taken is the error of a name that cannot be had.
func (m *Manager) taken(c driver.Creation, path string) error {
	at := slices.IndexFunc(c.Names, func(n Name) bool { return n.Path == path })
	namer, ok := m.kinds[c.Kind].(Namer)
	if at < 0 || !ok {
		return fault.New(fault.Internal, "Internal error encountered. The server's log has the cause.").Because(driver.TakenError{Path: path})
	}
	return namer.Taken(c.Names[at])
}

// full is the error of a group that is full.
func (o NewOperation) full(group string) error {
	for _, g := range o.Groups {
		if g.Name == group && g.Full != nil {
			return g.Full
		}
	}
	return fault.New(fault.ResourceExhausted, "As many long operations are queued or running as are allowed. Try again when some have ended.").Retry(10 * time.Second)
}

func (m *Manager) check(o NewOperation) error {
	if m.kinds[o.Kind] == nil {
		return fmt.Errorf("there is no kind %q", o.Kind)
	}
	if err := ParseParent(o.Parent); err != nil {
		return fmt.Errorf("parent %q: %w", o.Parent, err)
	}
	if len(o.Tasks) == 0 {
		return fmt.Errorf("an operation needs a task")
	}
	if len(o.Label) > MaxLabel || !utf8.ValidString(o.Label) || strings.ContainsRune(o.Label, 0) {
		return fmt.Errorf("the label has %d bytes of %d, or is no text", len(o.Label), MaxLabel)
	}
	if o.FinishWeight < 0 {
		return fmt.Errorf("the last step has the weight %d", o.FinishWeight)
	}
	for i, t := range o.Tasks {
		if t.Weight < 1 {
			return fmt.Errorf("task %d has the weight %d", i, t.Weight)
		}
	}
	return nil
}

// idLength is the length of what newID returns.
const idLength = 26

// newID returns 26 characters of [a-z2-7], with 128 random bits at least.
func newID() string { return strings.ToLower(rand.Text()) }
