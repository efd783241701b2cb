// Package peers holds no code: its tests run the real programs, with their real
// engines, against clients that are not ours: Google's for Go and Python, and
// curl.
package peers
