package lrotest

import (
	"slices"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// testLabels: an operation has its label from its start to the end of its retention, on
// the pages of its list; only its owner sees it.
func testLabels(t *testing.T, h Harness) {
	s := fresh(t, h)
	texts := []string{"gs://books/Été 1.wav", "", strings.Repeat("x", lro.MaxLabel), "gs://books/4.wav"}
	var want []lro.Labelled
	for _, text := range texts {
		want = append(want, lro.Labelled{Name: s.startWith(lro.NewOperation{Label: text}, "say a"), Label: text})
	}
	check := func(when string) {
		t.Helper()
		var got []lro.Labelled
		for r := (&longrunningpb.ListOperationsRequest{Name: parentName, PageSize: 3}); ; {
			page, next, err := s.Labels(t.Context(), r)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, page...)
			if r.PageToken = next; next == "" {
				break
			}
		}
		slices.Reverse(got) // newest first
		if !slices.Equal(got, want) {
			t.Errorf("%s the list has %.400v", when, got)
		}
		for _, w := range want {
			if one, err := s.Label(t.Context(), w.Name); err != nil || one != w {
				t.Errorf("%s: %.100v, %v; want %.100v", when, one, err, w)
			}
		}
	}
	check("at the start")
	for _, w := range want {
		s.wait(w.Name)
	}
	check("at the end")
	if _, err := s.Label(as("another"), want[0].Name); !fault.Is(err, fault.NotFound) {
		t.Errorf("another owner is told %v", err)
	}
	if page, _, err := s.Labels(as("another"), &longrunningpb.ListOperationsRequest{Name: parentName}); err != nil || len(page) > 0 {
		t.Errorf("another owner's list is %v, %v", page, err)
	}
	for _, bad := range []string{strings.Repeat("x", lro.MaxLabel+1), "a\x00b", "\xff"} {
		if _, err := s.Start(t.Context(), toyOperation(lro.NewOperation{Label: bad}, "say a")); !fault.Is(err, fault.Internal) {
			t.Errorf("the label %.10q: %v", bad, err)
		}
	}
}
