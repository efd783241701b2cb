package bucket

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/lectern/lectern/fault"
)

// maxPart is the longest name of a file, in bytes, on all common file systems.
const maxPart = 255

// ParseURI reads gs://bucket/object. A name is refused when it could not be
// told from another one, or could not be a path of files: empty, "." and ".."
// segments, a leading or trailing slash, control characters, backslashes,
// more than 1,024 bytes in all or 255 in a segment. Errors are
// INVALID_ARGUMENT without a field.
func ParseURI(uri string) (Object, error) {
	refuse := func(why string) error {
		return fault.New(fault.InvalidArgument, "%s is not of the form gs://bucket/object: %s.", quote(uri), why)
	}
	rest, ok := strings.CutPrefix(uri, "gs://")
	if !ok {
		return Object{}, refuse("it must start with gs://")
	}
	bucket, name, ok := strings.Cut(rest, "/")
	switch {
	case !ok || name == "":
		return Object{}, refuse("the object name is missing")
	case !validBucket(bucket):
		return Object{}, refuse("a bucket name has 3 to 63 lower-case letters, digits, dots, hyphens and underscores, and starts and ends with a letter or a digit")
	case len(name) > 1024:
		return Object{}, refuse("an object name has at most 1024 bytes")
	case !utf8.ValidString(name):
		return Object{}, refuse("the object name is not UTF-8")
	}
	for _, r := range name {
		if unicode.IsControl(r) || r == '\\' {
			return Object{}, refuse("control characters and backslashes are not allowed in object names")
		}
	}
	for segment := range strings.SplitSeq(name, "/") {
		switch {
		case segment == "":
			return Object{}, refuse("an object name has no empty parts between its slashes")
		case segment == "." || segment == "..":
			return Object{}, refuse(`"." and ".." are not allowed as parts of an object name`)
		case len(segment) > maxPart:
			return Object{}, refuse("a part of an object name has at most 255 bytes")
		}
	}
	return Object{Bucket: bucket, Name: name}, nil
}

// validBucket applies the rules of the storage service for bucket names.
func validBucket(s string) bool {
	if len(s) < 3 || len(s) > 63 || strings.Contains(s, "..") {
		return false
	}
	for i, c := range []byte(s) {
		letter := c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
		if !letter && (i == 0 || i == len(s)-1 || !strings.ContainsRune(".-_", rune(c))) {
			return false
		}
	}
	return true
}

func quote(s string) string { return `"` + fault.Excerpt(s) + `"` }
