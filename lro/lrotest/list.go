package lrotest

import (
	"context"
	"regexp"
	"slices"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

func (s *server) list(t *testing.T, r *longrunningpb.ListOperationsRequest) []*longrunningpb.Operation {
	t.Helper()
	answer, err := s.ListOperations(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetOperations()
}

// names goes through all pages of a list.
func (s *server) names(t *testing.T, r *longrunningpb.ListOperationsRequest) (names []string, pages int) {
	t.Helper()
	for {
		answer, err := s.ListOperations(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		pages++
		for _, op := range answer.GetOperations() {
			names = append(names, op.GetName())
		}
		if answer.GetNextPageToken() == "" {
			return names, pages
		}
		if !regexp.MustCompile(`^[-_A-Za-z0-9]+$`).MatchString(answer.GetNextPageToken()) {
			t.Fatalf("the token %q is not safe in a URL", answer.GetNextPageToken())
		}
		r.PageToken = answer.GetNextPageToken()
	}
}

func testListPages(t *testing.T, h Harness) {
	s := opened(t, h.Place(t), NewToy(), newClock())
	var want []string
	for range 7 {
		want = append(want, s.start("say a"))
	}
	slices.Reverse(want) // newest first
	elsewhere := s.startWith(lro.NewOperation{Parent: "projects/p/locations/elsewhere"}, "say a")

	for size, pages := range map[int32]int{0: 1, 1: 7, 3: 3, 7: 1, 100000: 1} {
		for _, name := range []string{parentName, parentName + "/operations"} {
			got, n := s.names(t, &longrunningpb.ListOperationsRequest{Name: name, PageSize: size})
			if !slices.Equal(got, want) || n != pages {
				t.Errorf("pages of %d: %d pages, %v", size, n, got)
			}
		}
	}
	got, _ := s.names(t, &longrunningpb.ListOperationsRequest{Name: "operations", PageSize: 2})
	if !slices.Equal(got, append([]string{elsewhere}, want...)) {
		t.Errorf("all of the owner's: %v", got)
	}
	if got, _ := s.names(t, &longrunningpb.ListOperationsRequest{Name: "projects/nobody/locations/l"}); len(got) != 0 {
		t.Errorf("an empty collection has %v", got)
	}

	// What begins meanwhile does not disturb the pages that follow.
	r := &longrunningpb.ListOperationsRequest{Name: parentName, PageSize: 4}
	answer, err := s.ListOperations(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	s.start("say a")
	r.PageToken = answer.GetNextPageToken()
	if got, _ := s.names(t, r); !slices.Equal(got, want[4:]) {
		t.Errorf("the second page has %v", got)
	}
	for range 60 {
		s.start("say a")
	}
	if n := len(s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName})); n != 50 {
		t.Errorf("a page without a size has %d", n)
	}
}

func testListFilters(t *testing.T, h Harness) {
	s := fresh(t, h)
	done := s.start("say a")
	s.wait(done)
	running := s.start("hold a")
	for filter, want := range map[string][]string{
		"":               {running, done},
		"   ":            {running, done},
		"done=true":      {done},
		"done = true":    {done},
		" done=  true ":  {done},
		"done:true":      {done},
		"done":           {done},
		"done=false":     {running},
		"done!=true":     {running},
		"NOT done":       {running},
		"NOT done=false": {done},
		"-done=true":     {running},
	} {
		for _, name := range []string{parentName, "operations"} {
			got, _ := s.names(t, &longrunningpb.ListOperationsRequest{Name: name, Filter: filter, PageSize: 1})
			if !slices.Equal(got, want) {
				t.Errorf("%q has %v, want %v", filter, got, want)
			}
		}
	}
}

func testListTokens(t *testing.T, h Harness) {
	place := h.Place(t)
	toy, clock := NewToy(), newClock()
	s := begin(t, place, toy, clock)
	for range 3 {
		s.start("say a")
	}
	first, err := s.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: parentName, PageSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	token := first.GetNextPageToken()
	broken := []byte(token)
	broken[3] ^= 1
	for _, bad := range []*longrunningpb.ListOperationsRequest{
		{Name: parentName, PageToken: "?"},
		{Name: parentName, PageToken: "AAAA"},
		{Name: parentName, PageToken: token + "A"},
		{Name: parentName, PageToken: string(broken)},
		{Name: "operations", PageToken: token},
		{Name: "projects/another/locations/l", PageToken: token},
		{Name: parentName, Filter: "done=true", PageToken: token},
	} {
		_, err := s.ListOperations(t.Context(), bad)
		expectFault(t, err, fault.InvalidArgument)
	}
	_, err = s.ListOperations(as("another"), &longrunningpb.ListOperationsRequest{Name: parentName, PageToken: token})
	expectFault(t, err, fault.InvalidArgument)

	// A token is good for another size, and for the next server.
	s.stop()
	s = begin(t, place, toy, clock)
	rest := s.list(t, &longrunningpb.ListOperationsRequest{Name: parentName, PageSize: 10, PageToken: token})
	if len(rest) != 2 {
		t.Errorf("the second page has %v", rest)
	}
}

func testListRefuses(t *testing.T, h Harness) {
	s := fresh(t, h)
	for _, bad := range []*longrunningpb.ListOperationsRequest{
		{Name: ""}, {Name: "a\nb"}, {Name: "/"},
		{Name: parentName, PageSize: -1},
		{Name: parentName, Filter: "done=maybe"}, {Name: parentName, Filter: "name=x"}, {Name: parentName, Filter: "done=true AND done=true"},
		{Name: parentName, Filter: "done>true"}, {Name: parentName, Filter: "NOT"}, {Name: parentName, Filter: "done="},
	} {
		_, err := s.ListOperations(t.Context(), bad)
		expectFault(t, err, fault.InvalidArgument)
	}
	_, err := s.ListOperations(t.Context(), &longrunningpb.ListOperationsRequest{Name: parentName, ReturnPartialSuccess: true})
	expectFault(t, err, fault.Unimplemented)
}
