package driver

import (
	"path"
	"strings"
)

// Object is the place of an output as clients name it: gs://Bucket/Name.
type Object struct {
	Bucket, Name string
}

// String is the object's URI.
func (o Object) String() string { return "gs://" + o.Bucket + "/" + o.Name }

// Beside is the object that stands beside o under another extension, which
// begins with a dot: gs://b/book.srt beside gs://b/book.wav.
func (o Object) Beside(extension string) Object {
	dir, file := path.Split(o.Name)
	base := strings.TrimSuffix(file, path.Ext(file))
	if base == "" || path.Ext(file) == extension {
		base = file
	}
	return Object{Bucket: o.Bucket, Name: dir + base + extension}
}

// Place is where an object stands in a store.
type Place struct {
	// Object is what clients call it, and errors too.
	Object Object `json:"object"`
	// Key is its name in the store: parts between slashes, none of them empty,
	// "." or "..".
	Key string `json:"key"`
}

// Hidden is the first part of the keys under which stores keep what is not
// shown yet. No object has it.
const Hidden = ".lectern"

// IsHidden reports whether a key is one of those.
func IsHidden(key string) bool { return key == Hidden || strings.HasPrefix(key, Hidden+"/") }
