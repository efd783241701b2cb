package gcs

import (
	"crypto/md5"
	"encoding/base64"
	"encoding/binary"
	"hash"
	"hash/crc32"
	"io"
	"sync"

	"github.com/lectern/lectern/bucket"
)

// sum is what clients check bytes by.
type sum struct {
	crc uint32
	md  []byte // MD5; nil if it was not reckoned
}

func (s sum) crc32c() string {
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, s.crc))
}

// md5 is empty if it is not known.
func (s sum) md5() string { return base64.StdEncoding.EncodeToString(s.md) }

// header is the sum as answers have it.
func (s sum) header() string {
	if s.md == nil {
		return "crc32c=" + s.crc32c()
	}
	return "crc32c=" + s.crc32c() + ",md5=" + s.md5()
}

// summer reckons the sum of what is written.
type summer struct {
	crc hash.Hash32
	md  hash.Hash // nil for none
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// newSummer makes one; MD5 takes ten times as long as the rest.
func newSummer(withMD5 bool) *summer {
	s := &summer{crc: crc32.New(castagnoli)}
	if withMD5 {
		s.md = md5.New()
	}
	return s
}

// Write implements io.Writer.
func (s *summer) Write(p []byte) (int, error) {
	_, _ = s.crc.Write(p) // neither fails
	if s.md != nil {
		_, _ = s.md.Write(p)
	}
	return len(p), nil
}

func (s *summer) sum() sum {
	got := sum{crc: s.crc.Sum32()}
	if s.md != nil {
		got.md = s.md.Sum(nil)
	}
	return got
}

// sums are those of objects, as far as they are known: of what was uploaded or read
// here lately. No store keeps them.
type sums struct {
	mu    sync.Mutex
	known map[version]sum
	order []version // the oldest first
}

// version is one object of all that have its name.
type version struct {
	bucket.Object
	generation, size int64
}

// mostSums is how many are kept, of about 200 bytes each.
const mostSums = 4096

func versionOf(o bucket.Object, at bucket.Attributes) version {
	return version{o, at.Generation, at.Size}
}

func (s *sums) of(o bucket.Object, at bucket.Attributes) (sum, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	got, ok := s.known[versionOf(o, at)]
	return got, ok
}

func (s *sums) keep(o bucket.Object, at bucket.Attributes, got sum) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = make(map[version]sum)
	}
	v := versionOf(o, at)
	if _, known := s.known[v]; !known {
		s.order = append(s.order, v)
	}
	s.known[v] = got
	if len(s.order) > mostSums {
		delete(s.known, s.order[0])
		s.order = s.order[1:]
	}
}

// reckonedFirst is the size up to which an object's sum is reckoned before its first
// byte is sent, in bytes: some milliseconds. That of a larger one is known from the
// second time on.
const reckonedFirst = 8 << 20

// reckon reads all of an object.
func reckon(r bucket.Reader) (sum, error) {
	s := newSummer(false)
	_, err := io.Copy(s, io.NewSectionReader(r, 0, r.Attributes().Size))
	return s.sum(), err
}

// following reckons the sum of an object while it is read from its start to its end.
type following struct {
	io.ReadSeeker
	summer *summer
	at     int64 // where it is
	next   int64 // up to where it was reckoned
	err    error // of reading
}

// Read implements io.Reader.
func (f *following) Read(p []byte) (int, error) {
	n, err := f.ReadSeeker.Read(p)
	if f.at == f.next {
		_, _ = f.summer.Write(p[:n])
		f.next += int64(n)
	}
	f.at += int64(n)
	if err != nil && err != io.EOF {
		f.err = err
	}
	return n, err
}

// Seek implements io.Seeker.
func (f *following) Seek(offset int64, whence int) (int64, error) {
	at, err := f.ReadSeeker.Seek(offset, whence)
	f.at = at
	return at, err
}
