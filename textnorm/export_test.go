package textnorm

const (
	DefaultMaxBytes = defaultMaxBytes
	LeastMaxBytes   = leastMaxBytes
)
