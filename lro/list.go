package lro

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro/driver"
)

const (
	defaultPageSize = 50
	maxPageSize     = 1000
)

// ListOperations returns the owner's operations that are in sight, newest first. The name is a
// parent, such as "projects/p/locations/l", or "operations" for all of the
// owner's. The page size is 50 if it is 0, and 1000 at most; the filter is
// done=true, done=false or empty.
//
// Errors: INVALID_ARGUMENT for a malformed name, a negative page size, another
// filter, or a page token that belongs to another list; UNIMPLEMENTED for
// return_partial_success.
func (m *Manager) ListOperations(ctx context.Context, r *longrunningpb.ListOperationsRequest) (*longrunningpb.ListOperationsResponse, error) {
	ops, next, err := m.list(ctx, r)
	if err != nil {
		return nil, err
	}
	answer := &longrunningpb.ListOperationsResponse{NextPageToken: next}
	for _, op := range ops {
		answer.Operations = append(answer.Operations, m.message(op))
	}
	return answer, nil
}

// Labelled is an operation with its label (NewOperation.Label).
type Labelled struct{ Name, Label string }

// Labels is ListOperations for the labels: the same operations in the same order, on
// the same pages, with the same errors.
func (m *Manager) Labels(ctx context.Context, r *longrunningpb.ListOperationsRequest) (labels []Labelled, next string, err error) {
	ops, next, err := m.list(ctx, r)
	for _, op := range ops {
		labels = append(labels, Labelled{operationName(op.Parent, op.ID), op.Label})
	}
	return labels, next, err
}

// Label is GetOperation for the label, with the same errors.
func (m *Manager) Label(ctx context.Context, name string) (Labelled, error) {
	op, err := m.find(ctx, name)
	if err != nil {
		return Labelled{}, err
	}
	return Labelled{operationName(op.Parent, op.ID), op.Label}, nil
}

// list is a page of operations, and the token of the next.
func (m *Manager) list(ctx context.Context, r *longrunningpb.ListOperationsRequest) ([]driver.Operation, string, error) {
	if r.GetReturnPartialSuccess() {
		return nil, "", fault.New(fault.Unimplemented, "return_partial_success is not supported: this server always answers for all operations.").In("return_partial_success")
	}
	q := driver.Query{Owner: m.owner(ctx), Limit: int(r.GetPageSize())}
	var err error
	if q.Parent, err = parseCollection(r.GetName()); err != nil {
		return nil, "", err
	}
	if q.Done, err = parseFilter(r.GetFilter()); err != nil {
		return nil, "", err
	}
	switch {
	case q.Limit < 0:
		return nil, "", fault.Invalid("page_size", "The page size %d is negative. Use 0 for the default of %d.", q.Limit, defaultPageSize)
	case q.Limit == 0:
		q.Limit = defaultPageSize
	case q.Limit > maxPageSize:
		q.Limit = maxPageSize
	}
	sight := m.sees(ctx)
	scope := append([]string{q.Owner, q.Parent, filterScope(q.Done)}, sight.scope()...)
	if r.GetPageToken() != "" {
		p, err := m.pages.open(r.GetPageToken(), scope...)
		if err != nil {
			return nil, "", err
		}
		q.AfterTime, q.AfterID = p.created, p.id
	}
	return m.page(ctx, q, sight, scope)
}

// page reads one operation more than asked for, to know whether this is the
// last page.
func (m *Manager) page(ctx context.Context, q driver.Query, sight Sight, scope []string) (ops []driver.Operation, next string, err error) {
	size := q.Limit
	q.Limit++
	if ops, err = m.inSight(ctx, q, sight); err != nil {
		return nil, "", storeFault(err)
	}
	if len(ops) > size {
		ops = ops[:size]
		last := ops[size-1]
		next = m.pages.mint(place{created: last.Created, id: last.ID}, scope...)
	}
	return ops, next, nil
}

// inSight is q of the store, as far as it is in sight. The store is asked for what is in
// sight only, so that a list costs nothing for what others have.
func (m *Manager) inSight(ctx context.Context, q driver.Query, sight Sight) ([]driver.Operation, error) {
	switch {
	case sight.All || q.Parent != "" && sight.has(q.Parent):
		return m.store.List(ctx, q)
	case q.Parent != "":
		return nil, nil
	}
	parents, err := m.store.Parents(ctx, q.Owner, sight.under())
	if err != nil {
		return nil, err
	}
	var ops []driver.Operation
	for _, q.Parent = range parents {
		of, err := m.store.List(ctx, q)
		if err != nil {
			return nil, err
		}
		ops = append(ops, of...)
		slices.SortFunc(ops, newestFirst)
		ops = ops[:min(len(ops), q.Limit)]
	}
	return ops, nil
}

// newestFirst is the order of lists.
func newestFirst(a, b driver.Operation) int {
	return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID))
}

func filterScope(done *bool) string {
	if done == nil {
		return ""
	}
	return fmt.Sprintf("done=%t", *done)
}
