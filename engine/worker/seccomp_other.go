//go:build linux && !amd64 && !arm64

package worker

// filterCalls does nothing: the numbers of this machine's calls are not known here.
func filterCalls() {}
