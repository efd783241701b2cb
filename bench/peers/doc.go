// Package peers holds no code: its tests run the real programs, with their real
// engines, against clients that are not ours: Google's for Go and Python (Node and
// Java under `make clients`), OpenAI's, Home Assistant's, and curl.
package peers
