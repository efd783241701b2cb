package server

import (
	"compress/gzip"
	"fmt"
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

// compressed is a handler whose answers are packed by gzip for clients that take it,
// where they have 1 KiB or more. It is for what is asked by GET: voices and operations,
// and never sound.
func compressed(h http.Handler) (http.Handler, error) {
	wrap, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(gzip.BestSpeed), gzhttp.EnableZstd(false))
	if err != nil {
		return nil, fmt.Errorf("server: %w", err)
	}
	return wrap(h), nil
}
