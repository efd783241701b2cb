package gcs

import "net/http"

// The scopes of Cloud Storage. Google's clients for it ask for these, some of them for
// no other.
const (
	readOnly    = "https://www.googleapis.com/auth/devstorage.read_only"
	readWrite   = "https://www.googleapis.com/auth/devstorage.read_write"
	fullControl = "https://www.googleapis.com/auth/devstorage.full_control"
)

// Scopes are those of which a token needs one for r, or that of the whole platform: one
// that is for reading only may do nothing else.
func Scopes(r *http.Request) []string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return []string{readOnly, readWrite, fullControl}
	}
	return []string{readWrite, fullControl}
}
