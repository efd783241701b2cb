package server

import (
	"net/http"
	"time"
)

// patientWriter gives an answer a deadline that moves with what the client takes, so
// that who takes nothing holds neither memory nor a connection. It is not for
// streams, whose clients may listen while they read.
type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	limit   time.Duration
	set     time.Time // the deadline in force
	least   time.Time // the handler's own
}

func patiently(limit time.Duration, w http.ResponseWriter) *patientWriter {
	p := &patientWriter{ResponseWriter: w, control: http.NewResponseController(w), limit: limit}
	// The last answer of this connection has left its own.
	_ = p.control.SetWriteDeadline(time.Time{})
	return p
}

// extend moves the deadline. It stays after the call, for what is still in
// buffers then.
func (w *patientWriter) extend() {
	due := time.Now().Add(w.limit)
	if due.Before(w.least) {
		due = w.least
	}
	if due.Sub(w.set) > w.limit/8 {
		w.set = due
		_ = w.control.SetWriteDeadline(due)
	}
}

// SetWriteDeadline is for http.ResponseController: a handler that knows how long its
// client may have enough, as who listens, gives it more time.
func (w *patientWriter) SetWriteDeadline(due time.Time) error {
	w.least = due
	return nil
}

// Write implements io.Writer.
func (w *patientWriter) Write(p []byte) (written int, err error) {
	for {
		w.extend()
		n, err := w.ResponseWriter.Write(p[:min(len(p), pieceBytes)])
		written += n
		if p = p[n:]; err != nil || len(p) == 0 {
			return written, err
		}
	}
}

// Flush implements http.Flusher, which gRPC wants.
func (w *patientWriter) Flush() {
	w.extend()
	_ = w.control.Flush()
}

// Unwrap is for http.ResponseController.
func (w *patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
