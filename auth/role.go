package auth

import (
	"fmt"
	"strings"
)

var roleNames = [...]string{None: "none", Viewer: "viewer", Speaker: "speaker", Operator: "operator", Admin: "admin"}

// String is the role's name, as commands and claims spell it.
func (r Role) String() string {
	if r < None || int(r) >= len(roleNames) {
		return fmt.Sprintf("Role(%d)", int(r))
	}
	return roleNames[r]
}

// ParseRole is the role of a name; none is not one that can be given.
func ParseRole(name string) (Role, error) {
	for role, known := range roleNames {
		if name == known && Role(role) != None {
			return Role(role), nil
		}
	}
	return None, fmt.Errorf("there is no role %q; the roles are %s", name, strings.Join(roleNames[Viewer:], ", "))
}

// MarshalText implements encoding.TextMarshaler.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *Role) UnmarshalText(text []byte) (err error) {
	*r, err = ParseRole(string(text))
	return err
}
