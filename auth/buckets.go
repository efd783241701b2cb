package auth

import "github.com/lectern/lectern/fault"

// Buckets ties buckets to projects: what is written to one of them, and read from
// it, is of its project only. A bucket that is not in it is everybody's.
type Buckets map[string]string

// Open reports whether p may know of a bucket.
func (b Buckets) Open(p Principal, bucket string) bool {
	project, tied := b[bucket]
	return !tied || p.In(project)
}

// DeniedBucket is the answer about a bucket that is not open: the same whether it
// exists or not.
func DeniedBucket(permission, bucket string) *fault.Error {
	return Denied(permission, "//storage.googleapis.com/projects/_/buckets/"+bucket)
}
