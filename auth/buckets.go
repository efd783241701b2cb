package auth

// Buckets ties buckets to projects: what is written to one of them, and read from
// it, is of its project only. A bucket that is not in it is tied to none.
type Buckets map[string]string

// Open reports whether p may know of a bucket.
func (b Buckets) Open(p Principal, bucket string) bool {
	project, tied := b[bucket]
	return !tied || p.In(project)
}
