package driver

import "context"

// Deeds keep to whom names belong, beside the operations of a store, for all nodes
// together. What is named, and who owns, is the user's affair. A name that belongs to
// somebody belongs to them for ever. The methods may be called by many goroutines at
// once, and again after an error.
type Deeds interface {
	// Claim makes name belong to owner, durably, if it belongs to nobody, and returns to
	// whom it belongs then: of several who claim it at once, on whatever nodes, one.
	Claim(ctx context.Context, name, owner string) (whose string, err error)
	// OwnerOf is to whom name belongs; empty for nobody.
	OwnerOf(ctx context.Context, name string) (string, error)
	// Owned are all names that belong to somebody, with their owners.
	Owned(ctx context.Context) (map[string]string, error)
}
