package main

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

var listChecks = []check{
	{"list/all", "A list has the operations that were started.", fromProto + ", ListOperations", listAll},
	{"list/page-size", "A page has no more than page_size operations.", fromPages, listPageSize},
	{"list/walk", "All pages together have each operation once.", fromPages, listWalk},
	{"list/while-starting", "They do so too when operations are started meanwhile.", fromPages, listWhileStarting},
	{"list/most", "A page_size above the server's own limit is no error.", fromPages, listMost},
	{"list/negative", "A negative page_size is INVALID_ARGUMENT.", fromPages, listNegative},
	{"list/token", "A page token that the server did not give is INVALID_ARGUMENT.", fromPages, listToken},
	{"list/other-list", "So is a page token of a list with another filter.", fromPages, listOtherList},
	{"list/filter-syntax", "A filter that is none is INVALID_ARGUMENT.", fromFilter, listFilterSyntax},
	{"list/filter-done", "The filter done=true leaves only what is done, done=false the others.", fromFilter, listFilterDone},
}

// some starts a few operations.
func some(ctx context.Context, t *target, n int) (names []string, err error) {
	for range n {
		op, err := t.short(ctx)
		if err != nil {
			return nil, err
		}
		names = append(names, op.GetName())
	}
	return names, nil
}

// eachOnce complains of what is not in a list once.
func eachOnce(list, names []string) error {
	times := map[string]int{}
	for _, name := range list {
		times[name]++
	}
	for _, name := range names {
		if times[name] != 1 {
			return fmt.Errorf("%s is in the list %d times", name, times[name])
		}
	}
	return nil
}

func listAll(ctx context.Context, t *target) error {
	names, err := some(ctx, t, 3)
	if err != nil {
		return err
	}
	list, err := t.list(ctx, 0, "")
	if err != nil {
		return err
	}
	return eachOnce(list, names)
}

func listPageSize(ctx context.Context, t *target) error {
	if _, err := some(ctx, t, 3); err != nil {
		return err
	}
	page, err := t.page(ctx, 2, "", "")
	if err != nil {
		return err
	}
	if n := len(page.GetOperations()); n > 2 {
		return fmt.Errorf("a page of 2 has %d", n)
	}
	return nil
}

func listWalk(ctx context.Context, t *target) error {
	names, err := some(ctx, t, 5)
	if err != nil {
		return err
	}
	list, err := t.list(ctx, 2, "")
	if err != nil {
		return err
	}
	return eachOnce(list, names)
}

func listWhileStarting(ctx context.Context, t *target) error {
	names, err := some(ctx, t, 5)
	if err != nil {
		return err
	}
	pages := 0
	list, err := t.walk(ctx, 2, "", func() error {
		if pages++; pages > 10 {
			return nil
		}
		_, err := t.short(ctx)
		return err
	})
	if err != nil {
		return err
	}
	return eachOnce(list, names)
}

// hugePage is above the limit of any server, and does no harm to one that has none.
const hugePage = 10_000

func listMost(ctx context.Context, t *target) error {
	_, err := t.page(ctx, hugePage, "", "")
	return err
}

func listNegative(ctx context.Context, t *target) error {
	_, err := t.page(ctx, -1, "", "")
	return wants("ListOperations", err, codes.InvalidArgument)
}

func listToken(ctx context.Context, t *target) error {
	_, err := t.page(ctx, 2, "no-such-token", "")
	return wants("ListOperations", err, codes.InvalidArgument)
}

func listOtherList(ctx context.Context, t *target) error {
	if _, err := some(ctx, t, 3); err != nil {
		return err
	}
	page, err := t.page(ctx, 1, "", "")
	if err != nil {
		return err
	}
	if page.GetNextPageToken() == "" {
		return fmt.Errorf("a page of 1 of at least 3 operations has no next page")
	}
	_, err = t.page(ctx, 1, page.GetNextPageToken(), "done=true")
	return wants("ListOperations", err, codes.InvalidArgument)
}

func listFilterSyntax(ctx context.Context, t *target) error {
	_, err := t.page(ctx, 2, "", "((")
	return wants("ListOperations", err, codes.InvalidArgument)
}

func listFilterDone(ctx context.Context, t *target) error {
	over, err := t.succeeded(ctx)
	if err != nil {
		return err
	}
	under, err := t.running(ctx)
	if err != nil {
		return err
	}
	for _, f := range []struct {
		filter    string
		has, lack *operation
	}{{"done=true", over, under}, {"done=false", under, over}} {
		list, err := t.list(ctx, 100, f.filter)
		if status.Code(err) == codes.InvalidArgument {
			return errUnsaid("the server has no such filter, as the API allows")
		}
		if err != nil {
			return err
		}
		if err := eachOnce(list, []string{f.has.GetName()}); err != nil {
			return fmt.Errorf("%s: %w", f.filter, err)
		}
		if eachOnce(list, []string{f.lack.GetName()}) == nil {
			return fmt.Errorf("%s: %s is in the list", f.filter, f.lack.GetName())
		}
	}
	return nil
}
