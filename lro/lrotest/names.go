package lrotest

import (
	"context"
	"strings"
	"testing"

	"cloud.google.com/go/longrunning/autogen/longrunningpb"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/lro"
)

// methods calls every method that takes an operation's name.
func (s *server) methods(ctx context.Context, name string) map[string]error {
	errs := make(map[string]error)
	_, errs["Get"] = s.GetOperation(ctx, &longrunningpb.GetOperationRequest{Name: name})
	_, errs["Cancel"] = s.CancelOperation(ctx, &longrunningpb.CancelOperationRequest{Name: name})
	_, errs["Wait"] = s.WaitOperation(ctx, &longrunningpb.WaitOperationRequest{Name: name})
	_, errs["Delete"] = s.DeleteOperation(ctx, &longrunningpb.DeleteOperationRequest{Name: name})
	return errs
}

func idOf(name string) string { return name[strings.LastIndex(name, "/")+1:] }

func testGet(t *testing.T, h Harness) {
	s := fresh(t, h)
	name := s.start("say a")
	expectResponse(t, s, name, "a")
	op := s.get(name)
	if !op.GetDone() || op.GetName() != name || op.GetResponse() == nil || op.GetMetadata() == nil {
		t.Errorf("got %v", op)
	}
}

func testNames(t *testing.T, h Harness) {
	s := fresh(t, h)
	for _, form := range []string{"%s", "operations/%s", "id"} {
		name := s.start("say a")
		alias := strings.Replace(form, "%s", name, 1)
		if form == "id" {
			alias = "operations/" + idOf(name)
		}
		for method, err := range s.methods(context.Background(), alias) {
			if err != nil {
				t.Errorf("%s %q: %v", method, alias, err)
			}
		}
		another := s.start("say a")
		if op := s.get("operations/" + idOf(another)); op.GetName() != another {
			t.Errorf("%q was returned for %q", op.GetName(), another)
		}
	}
	name := s.start("hold a")
	id := idOf(name)
	for _, unknown := range []string{
		"projects/p/locations/another/operations/" + id,
		"operations/projects/another/locations/l/operations/" + id,
		parentName + "/operations/zzzzzzzzzzzzzzzzzzzzzzzzzz",
		"operations/zzzzzzzzzzzzzzzzzzzzzzzzzz",
		"operations/" + strings.ToUpper(id),
		"operations/" + id + "%",
	} {
		for method, err := range s.methods(context.Background(), unknown) {
			expectFault(t, err, fault.NotFound)
			if !strings.Contains(err.Error(), unknown) {
				t.Errorf("%s: the error does not name the operation: %v", method, err)
			}
		}
	}
	for _, malformed := range []string{
		"", "operations", "operations/", "operations/operations", "/", "a", parentName, parentName + "/operations/",
		parentName + "/operations/operations", parentName + "/operations/" + id + "/x", "projects//locations/l/operations/" + id,
		"operations/" + id + "\n", "operations/\x00", "operations/a b", "operations/\xff", strings.Repeat("a/", 2000) + "operations/b",
	} {
		for method, err := range s.methods(context.Background(), malformed) {
			expectFault(t, err, fault.InvalidArgument)
			if f := fault.From(err); f.Field != "name" {
				t.Errorf("%s %q: the field is %q", method, malformed, f.Field)
			}
		}
	}
	if s.get(name).GetDone() {
		t.Error("another name has reached the operation")
	}
}

func testOwners(t *testing.T, h Harness) {
	s := fresh(t, h)
	op, err := s.Start(as("alice"), toyOperation(lro.NewOperation{}, "hold a"))
	if err != nil {
		t.Fatal(err)
	}
	for _, stranger := range []string{"bob", ""} {
		for _, err := range s.methods(as(stranger), op.GetName()) {
			expectFault(t, err, fault.NotFound)
		}
		page, err := s.ListOperations(as(stranger), &longrunningpb.ListOperationsRequest{Name: "operations"})
		if err != nil || len(page.GetOperations()) != 0 {
			t.Errorf("%q sees %v, %v", stranger, page, err)
		}
	}
	page, err := s.ListOperations(as("alice"), &longrunningpb.ListOperationsRequest{Name: "operations"})
	if err != nil || len(page.GetOperations()) != 1 {
		t.Errorf("the owner sees %v, %v", page, err)
	}
	if got, err := s.GetOperation(as("alice"), &longrunningpb.GetOperationRequest{Name: op.GetName()}); err != nil || got.GetDone() {
		t.Errorf("the owner sees %v, %v", got, err)
	}
}
