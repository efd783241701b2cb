// Package mtls knows callers by the certificates of their connections, which TLS
// has verified against an authority that the operator trusts.
//
// The subject says who it is: its common name (CN) is the principal's name, each of
// its organizations (O) a project, and of its organizational units (OU) the highest
// that is a role's name the role.
package mtls

import (
	"context"
	"fmt"

	"github.com/lectern/lectern/auth"
)

// Authenticator authenticates by certificates.
type Authenticator struct{}

var _ auth.Authenticator = Authenticator{}

// Authenticate implements [auth.Authenticator]. How long a certificate holds, and
// for what, was looked at by TLS when the connection was made.
func (Authenticator) Authenticate(_ context.Context, c auth.Credentials) (auth.Principal, error) {
	if c.Certificate == nil {
		return auth.Principal{}, auth.ErrNotMine
	}
	subject := c.Certificate.Subject
	p := auth.Principal{Name: subject.CommonName, Projects: subject.Organization}
	for _, unit := range subject.OrganizationalUnit {
		if role, err := auth.ParseRole(unit); err == nil && role > p.Role {
			p.Role = role
		}
	}
	switch {
	case p.Name == "":
		return auth.Principal{}, auth.Invalid().Because(fmt.Errorf("the certificate of %q has no common name", subject))
	case p.Role == auth.None:
		return auth.Principal{}, auth.NoRole().Because(fmt.Errorf("the certificate of %q has no role among its organizational units", subject))
	case p.Role == auth.Admin:
		p.Projects = []string{auth.AllProjects}
	}
	return p, nil
}
