// Package tokens answers as Google's token endpoint does, for a program that
// `lectern run` runs against a server that asks for no credentials.
//
// It guards nothing. Google's libraries will not speak without a token, and such a
// server does not look at it; so that a program can speak, it is given one that is
// worth nothing anywhere.
package tokens

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	// maxQuestion bounds the question for a token, in bytes.
	maxQuestion = 64 << 10
	// patience is how long a question may take to arrive.
	patience = 10 * time.Second
)

// Handler gives a token for whatever it is shown: an assertion, a person's refresh
// token.
func Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxQuestion)); err != nil {
			http.Error(w, `{"error":"invalid_request"}`, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		// A failure to write is the program's to notice.
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "lectern-run-" + rand.Text(), "expires_in": 3599, "token_type": "Bearer"})
	})
	return mux
}

// Serve has Handler answer on l, which it closes, until ctx ends; then it returns nil.
func Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: Handler(), ReadHeaderTimeout: patience, ReadTimeout: patience, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true) // the proxy has ended the TLS
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); ctx.Err() == nil {
		return err
	}
	return nil
}
