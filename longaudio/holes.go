package longaudio

import (
	"bufio"
	"context"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/lectern/lectern/audio"
	"github.com/lectern/lectern/bucket"
)

// leastHole is how many zeros make a hole in a file: a few blocks of its disk.
const leastHole = 64 << 10

// holedFile writes scratch whose silence is holes: a day of pauses takes neither
// time nor room. Flush it at the end.
type holedFile struct {
	buffer *bufio.Writer
	below  summed
}

// summed is a file with the checksum of what was written.
type summed struct {
	file bucket.File
	sum  uint32
	size int64
}

func newHoledFile(file bucket.File) *holedFile {
	h := &holedFile{below: summed{file: file}}
	h.buffer = bufio.NewWriterSize(&h.below, scratchBuffer)
	return h
}

func (s *summed) Write(p []byte) (int, error) {
	n, err := s.file.Write(p)
	s.sum, s.size = crc32.Update(s.sum, castagnoli, p[:n]), s.size+int64(n)
	return n, err
}

func (h *holedFile) Write(p []byte) (int, error) { return h.buffer.Write(p) }

// WriteZeros implements audio.ZeroWriter.
func (h *holedFile) WriteZeros(n int64) error {
	if n < leastHole {
		return audio.WriteZeros(h.buffer, n)
	}
	if err := h.buffer.Flush(); err != nil {
		return err
	}
	end, err := h.below.file.Seek(n, io.SeekCurrent)
	if err != nil {
		return err
	}
	h.below.sum, h.below.size = sumOfZeros(h.below.sum, n), h.below.size+n
	return h.below.file.Truncate(end)
}

func (h *holedFile) Flush() error { return h.buffer.Flush() }

// copyHoled appends a scratch file to to, holes as numbers of zeros, and returns
// its size and checksum.
func copyHoled(ctx context.Context, file bucket.File, to io.Writer) (size int64, sum uint32, err error) {
	to = audio.WriterWithContext(ctx, to)
	st, err := file.Stat()
	if err != nil {
		return 0, 0, err
	}
	block := make([]byte, leastHole)
	for size < st.Size() {
		data, hole := extent(file, size, st.Size())
		if zeros := data - size; zeros > 0 {
			if err := audio.WriteZeros(to, zeros); err != nil {
				return size, sum, err
			}
			size, sum = data, sumOfZeros(sum, zeros)
		}
		for size < hole {
			n, err := file.ReadAt(block[:min(hole-size, int64(len(block)))], size)
			if n == 0 {
				return size, sum, fmt.Errorf("reading %s: %w", file.Name(), err)
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
