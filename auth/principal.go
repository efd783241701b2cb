// Package auth knows who calls, and what they may do.
//
// It knows no transport and none of the API's messages: what a call brings becomes
// a [Principal] once, before anything else of the call is read, and travels in the
// call's context. Whoever decides something about a call asks [From].
package auth

import (
	"context"
	"slices"
)

// Role is what a principal may do. Each role may do what those below it may.
type Role int

// The roles, from the least. None may do nothing.
const (
	None     Role = iota
	Viewer        // list voices; get, list and wait for operations
	Speaker       // speak while the caller waits, whole answers and streams
	Operator      // start long audio, cancel, delete, read and remove objects
	Admin         // everything, in every project
)

// AllProjects in Principal.Projects stands for every project.
const AllProjects = "*"

// Principal is who calls. The zero Principal may do nothing.
type Principal struct {
	// Name tells principals apart in logs, limits and records: the e-mail address
	// of a service account, the id of an API key, an issuer's subject, the name in
	// a certificate; "anonymous" for all who need no credentials.
	Name string
	// Projects are those it acts for, AllProjects among them for every one.
	Projects []string
	Role     Role

	// anonymous is what tells Anonymous from everybody else: any name may be given to a
	// key, or stand in a token.
	anonymous bool
}

// Anonymous is everyone where no credentials are asked for.
var Anonymous = Principal{Name: "anonymous", Projects: []string{AllProjects}, Role: Admin, anonymous: true}

// IsAnonymous reports whether p is [Anonymous], and not somebody of that name.
func (p Principal) IsAnonymous() bool { return p.anonymous }

// In reports whether p acts for project.
func (p Principal) In(project string) bool {
	return slices.Contains(p.Projects, AllProjects) || slices.Contains(p.Projects, project)
}

type principalKey struct{}

// With is ctx of a call by p.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From is who makes the call that ctx belongs to; Anonymous where nobody was asked.
func From(ctx context.Context) Principal {
	if p, ok := ctx.Value(principalKey{}).(Principal); ok {
		return p
	}
	return Anonymous
}
