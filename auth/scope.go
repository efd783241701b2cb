package auth

import (
	"slices"
	"strings"
)

// CloudPlatform is the scope with which a token is for everything that its holder may do.
const CloudPlatform = "https://www.googleapis.com/auth/cloud-platform"

// Within reports whether a token with these scopes, parted by spaces, is for what c
// calls. A token that carries none is limited by nothing but its holder's role.
func (c Credentials) Within(scopes string) bool {
	for one := range strings.FieldsSeq(scopes) {
		if one == CloudPlatform || slices.Contains(c.Scopes, one) {
			return true
		}
	}
	return false
}
