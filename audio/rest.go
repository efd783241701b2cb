package audio

import "io"

// Resting is a Stream that may know that silence comes next: a pause is then a
// length until somebody needs its frames.
//
// Rest takes away up to most frames of zeros from where the stream is and
// returns how many. 0 says that something else comes next, that it is not
// known, or that Read has an error to tell.
type Resting interface {
	Stream
	Rest(most Frames) Frames
}

// Rest is what s knows of silence that comes next; see [Resting].
func Rest(s Stream, most Frames) Frames {
	if r, ok := s.(Resting); ok && most > 0 {
		return r.Rest(most)
	}
	return 0
}

func (s *silence) Rest(most Frames) Frames {
	n := max(min(most, s.left), 0)
	s.left -= n
	return n
}

// ZeroWriter is a writer that can take zero bytes by their number: a file of
// silence has holes. WriteZeros(n) is Write of n zeros.
type ZeroWriter interface {
	io.Writer
	WriteZeros(n int64) error
}

var zeros [bytesBetweenLooks]byte

// WriteZeros writes n zero bytes onto w, by their number if it is a [ZeroWriter].
func WriteZeros(w io.Writer, n int64) error {
	if z, ok := w.(ZeroWriter); ok {
		return z.WriteZeros(n)
	}
	for n > 0 {
		written, err := w.Write(zeros[:min(n, int64(len(zeros)))])
		if err != nil {
			return err
		}
		n -= int64(written)
	}
	return nil
}
