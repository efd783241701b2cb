package auth_test

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/fault"
)

// by knows one kind of credentials: whoever brings it is called as it says.
type by func(auth.Credentials) string

func (b by) Authenticate(_ context.Context, c auth.Credentials) (auth.Principal, error) {
	switch name := b(c); name {
	case "":
		return auth.Principal{}, auth.ErrNotMine
	case "forged":
		return auth.Principal{}, auth.NarrowScope()
	default:
		return auth.Principal{Name: name, Role: auth.Viewer}, nil
	}
}

func TestChain(t *testing.T) {
	certificate := &x509.Certificate{}
	all := auth.Chain{
		by(func(c auth.Credentials) string { return c.APIKey }),
		by(func(c auth.Credentials) string {
			if c.Bearer == "stranger" {
				return ""
			}
			return c.Bearer
		}),
		by(func(c auth.Credentials) string {
			if c.Certificate == certificate {
				return "certificate"
			}
			return ""
		}),
	}
	for _, c := range []struct {
		brought auth.Credentials
		name    string
		code    fault.Code
		reason  string
	}{
		{auth.Credentials{APIKey: "key"}, "key", 0, ""},
		{auth.Credentials{Bearer: "token", APIKey: "key", Certificate: certificate}, "token", 0, ""},
		{auth.Credentials{APIKey: "key", Certificate: certificate}, "key", 0, ""},
		{auth.Credentials{Certificate: certificate}, "certificate", 0, ""},
		// A token that does not hold is not made good by what comes with it.
		{auth.Credentials{Bearer: "stranger", APIKey: "key", Certificate: certificate}, "", fault.Unauthenticated, ""},
		{auth.Credentials{Bearer: "forged", Certificate: certificate}, "", fault.PermissionDenied, "ACCESS_TOKEN_SCOPE_INSUFFICIENT"},
		{auth.Credentials{}, "", fault.Unauthenticated, "CREDENTIALS_MISSING"},
		{auth.Credentials{Certificate: &x509.Certificate{}}, "", fault.Unauthenticated, ""},
	} {
		p, err := all.Authenticate(t.Context(), c.brought)
		if p.Name != c.name || (err == nil) != (c.code == 0) {
			t.Errorf("%+v is %+v, %v", c.brought, p, err)
		}
		if f := fault.From(err); f != nil && (f.Code != c.code || f.Reason != c.reason) {
			t.Errorf("%+v: %v, reason %q", c.brought, f, f.Reason)
		}
		if errors.Is(err, auth.ErrNotMine) {
			t.Errorf("%+v is nobody's", c.brought)
		}
	}
	scoped := auth.Chain{by(func(c auth.Credentials) string { return strings.Join(c.Scopes, "+") })}
	if p, err := scoped.Authenticate(t.Context(), auth.Credentials{Bearer: "token", Certificate: certificate, Scopes: []string{"a", "b"}}); p.Name != "a+b" {
		t.Errorf("the scopes of what is called are lost: %+v, %v", p, err)
	}
	if _, err := (auth.Chain{}).Authenticate(t.Context(), auth.Credentials{APIKey: "key"}); fault.From(err).Reason != "API_KEY_INVALID" {
		t.Errorf("%v", err)
	}
}

func TestRoles(t *testing.T) {
	for _, role := range []auth.Role{auth.Viewer, auth.Speaker, auth.Operator, auth.Admin} {
		text, err := json.Marshal(role)
		if err != nil {
			t.Fatal(err)
		}
		var back auth.Role
		if err := json.Unmarshal(text, &back); err != nil || back != role {
			t.Errorf("%s became %v, %v", text, back, err)
		}
	}
	for _, name := range []string{"", "none", "Viewer", "viewer ", "root", "Role(7)"} {
		if role, err := auth.ParseRole(name); err == nil || role != auth.None {
			t.Errorf("%q is %v", name, role)
		}
	}
	if auth.Viewer >= auth.Speaker || auth.Speaker >= auth.Operator || auth.Operator >= auth.Admin {
		t.Error("roles are out of order")
	}
}

func TestProjectsAndBuckets(t *testing.T) {
	one := auth.Principal{Projects: []string{"a", "b"}}
	all := auth.Principal{Projects: []string{auth.AllProjects}}
	if !one.In("a") || one.In("c") || one.In("") || one.In(auth.AllProjects) || !all.In("c") || (auth.Principal{}).In("a") {
		t.Error("projects are confused")
	}
	buckets := auth.Buckets{"mine": "a", "theirs": "c"}
	if !buckets.Open(one, "mine") || buckets.Open(one, "theirs") || !buckets.Open(one, "everybodys") || !buckets.Open(all, "theirs") || buckets.Open(auth.Principal{}, "mine") {
		t.Error("buckets are confused")
	}
}

func TestFromAContext(t *testing.T) {
	eve := auth.Principal{Name: "eve", Role: auth.Viewer}
	if got := auth.From(auth.With(t.Context(), eve)); got.Name != "eve" || got.Role != auth.Viewer || got.IsAnonymous() {
		t.Errorf("%+v", got)
	}
	if got := auth.From(t.Context()); !got.IsAnonymous() || got.Name == "" || !got.In("any") {
		t.Errorf("%+v", got)
	}
	if namesake := (auth.Principal{Name: auth.Anonymous.Name}); namesake.IsAnonymous() {
		t.Errorf("%+v is everyone", namesake)
	}
}
