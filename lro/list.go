package lro

import (
	"context"
	"fmt"

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
	if r.GetReturnPartialSuccess() {
		return nil, fault.New(fault.Unimplemented, "return_partial_success is not supported: this server always answers for all operations.").In("return_partial_success")
	}
	q := driver.Query{Owner: m.owner(ctx), Limit: int(r.GetPageSize())}
	var err error
	if q.Parent, err = parseCollection(r.GetName()); err != nil {
		return nil, err
	}
	if q.Done, err = parseFilter(r.GetFilter()); err != nil {
		return nil, err
	}
	switch {
	case q.Limit < 0:
		return nil, fault.Invalid("page_size", "The page size %d is negative. Use 0 for the default of %d.", q.Limit, defaultPageSize)
	case q.Limit == 0:
		q.Limit = defaultPageSize
	case q.Limit > maxPageSize:
		q.Limit = maxPageSize
	}
	sight := m.sees(ctx)
	q.Under = sight.under()
	scope := append([]string{q.Owner, q.Parent, filterScope(q.Done)}, sight.scope()...)
	if r.GetPageToken() != "" {
		p, err := m.pages.open(r.GetPageToken(), scope...)
		if err != nil {
			return nil, err
		}
		q.AfterTime, q.AfterID = p.created, p.id
	}
	return m.page(ctx, q, scope)
}

// page reads one operation more than asked for, to know whether this is the
// last page.
func (m *Manager) page(ctx context.Context, q driver.Query, scope []string) (*longrunningpb.ListOperationsResponse, error) {
	size := q.Limit
	q.Limit++
	ops, err := m.store.List(ctx, q)
	if err != nil {
		return nil, storeFault(err)
	}
	answer := &longrunningpb.ListOperationsResponse{}
	if len(ops) > size {
		ops = ops[:size]
		last := ops[size-1]
		answer.NextPageToken = m.pages.mint(place{created: last.Created, id: last.ID}, scope...)
	}
	for _, op := range ops {
		answer.Operations = append(answer.Operations, m.message(op))
	}
	return answer, nil
}

func filterScope(done *bool) string {
	if done == nil {
		return ""
	}
	return fmt.Sprintf("done=%t", *done)
}
