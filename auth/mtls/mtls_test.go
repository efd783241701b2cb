package mtls_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"testing"

	"github.com/lectern/lectern/auth"
	"github.com/lectern/lectern/auth/authtest"
	"github.com/lectern/lectern/auth/mtls"
	"github.com/lectern/lectern/fault"
)

func certificate(name string, projects, units []string) auth.Credentials {
	return auth.Credentials{Certificate: &x509.Certificate{Subject: pkix.Name{CommonName: name, Organization: projects, OrganizationalUnit: units}}}
}

func TestAuthenticator(t *testing.T) {
	authtest.Run(t, authtest.Subject{
		Authenticator: mtls.Authenticator{},
		Holders: []authtest.Holder{
			{Credentials: certificate("batch", []string{"books", "shop"}, []string{"department", "viewer", "operator"}),
				Principal: auth.Principal{Name: "batch", Projects: []string{"books", "shop"}, Role: auth.Operator}},
			{Credentials: certificate("root", []string{"books"}, []string{"admin"}),
				Principal: auth.Principal{Name: "root", Projects: []string{auth.AllProjects}, Role: auth.Admin}},
		},
		Refused: map[string]auth.Credentials{
			"no name":            certificate("", []string{"books"}, []string{"operator"}),
			"no role":            certificate("batch", []string{"books"}, []string{"Operator", "none"}),
			"nothing in it":      certificate("", nil, nil),
			"a role for project": certificate("batch", []string{"operator"}, nil),
		},
		Codes: map[string]fault.Code{"no role": fault.PermissionDenied, "a role for project": fault.PermissionDenied},
	})
}
