package longaudio

import (
	"bufio"
	"context"
	"hash/crc32"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket/driver"
)

// leastHole is how many zeros are passed on by their number: what a disk can
// make a hole of.
const leastHole = 64 << 10

// summed writes scratch and keeps its size and checksum. Silence stays a length:
// a day of pauses takes neither time nor, on most disks, room. Flush it at the
// end.
type summed struct {
	buffer *bufio.Writer
	below  sum
}

// sum is a writer with the checksum of what was written.
type sum struct {
	to   audio.ZeroWriter
	sum  uint32
	size int64
}

func newSummed(to audio.ZeroWriter) *summed {
	s := &summed{below: sum{to: to}}
	s.buffer = bufio.NewWriterSize(&s.below, scratchBuffer)
	return s
}

func (s *sum) Write(p []byte) (int, error) {
	n, err := s.to.Write(p)
	s.sum, s.size = crc32.Update(s.sum, castagnoli, p[:n]), s.size+int64(n)
	return n, err
}

func (s *summed) Write(p []byte) (int, error) { return s.buffer.Write(p) }

// WriteZeros implements audio.ZeroWriter.
func (s *summed) WriteZeros(n int64) error {
	if n < leastHole {
		return audio.WriteZeros(s.buffer, n)
	}
	if err := s.buffer.Flush(); err != nil {
		return err
	}
	if err := s.below.to.WriteZeros(n); err != nil {
		return err
	}
	s.below.sum, s.below.size = sumOfZeros(s.below.sum, n), s.below.size+n
	return nil
}

func (s *summed) Flush() error { return s.buffer.Flush() }

// copySummed appends a piece of scratch to to, holes as numbers of zeros, and
// returns its size and checksum.
func copySummed(ctx context.Context, piece driver.PieceReader, to io.Writer) (size int64, sum uint32, err error) {
	to = audio.WriterWithContext(ctx, to)
	block := make([]byte, leastHole)
	for size < piece.Size() {
		data, end := piece.Extent(size)
		if zeros := data - size; zeros > 0 {
			if err := audio.WriteZeros(to, zeros); err != nil {
				return size, sum, err
			}
			size, sum = data, sumOfZeros(sum, zeros)
		}
		for size < end {
			n, err := piece.ReadAt(block[:min(end-size, int64(len(block)))], size)
			if n == 0 {
				return size, sum, err
			}
			if _, err := to.Write(block[:n]); err != nil {
				return size, sum, err
			}
			size, sum = size+int64(n), crc32.Update(sum, castagnoli, block[:n])
		}
	}
	return size, sum, context.Cause(ctx)
}

// sumOfZeros is the CRC-32C of what had sum, with n zeros behind it. A zero byte
// multiplies the register by x^8; the powers of that come by squaring (Adler,
// zlib's crc32_combine).
func sumOfZeros(sum uint32, n int64) uint32 {
	register := ^sum
	factor := uint32(1 << 23) // x^8: bits are reflected, the highest is x^0
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			register = timesModulo(factor, register)
		}
		factor = timesModulo(factor, factor)
	}
	return ^register
}

// timesModulo multiplies two polynomials modulo that of CRC-32C.
func timesModulo(a, b uint32) (product uint32) {
	for bit := uint32(1 << 31); bit != 0; bit >>= 1 {
		if a&bit != 0 {
			product ^= b
		}
		carry := b & 1
		b >>= 1
		if carry != 0 {
			b ^= crc32.Castagnoli
		}
	}
	return product
}
