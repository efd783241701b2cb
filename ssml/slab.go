package ssml

// slab allocates many small values at once. Those of a document live and die
// together.
type slab[T any] struct {
	free  []T
	piece int // the size of the newest piece
}

// The sizes of a slab's pieces, in values: small documents should not pay for
// large ones.
const (
	firstPiece = 16
	lastPiece  = 512
)

// take returns n values of zero as a slice without room for more.
func (s *slab[T]) take(n int) []T {
	if n > len(s.free) {
		s.free = make([]T, max(n, min(max(firstPiece, 2*s.piece), lastPiece)))
		s.piece = len(s.free)
	}
	taken := s.free[:n:n]
	s.free = s.free[n:]
	return taken
}

// new returns a value of zero.
func (s *slab[T]) new() *T { return &s.take(1)[0] }
