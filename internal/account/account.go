// Package account makes the service account that a program has while `lectern run`
// runs it: a file as Google issues them, and tokens for whoever asks.
//
// It guards nothing. Google's libraries will not speak without credentials, and a
// server that asks for none does not look at them; so that a program need have none,
// it is given some that are worth nothing anywhere.
package account

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"io"
	"net"
	"net/http"
	"time"
)

// TokenURL is where Google's libraries ask for tokens, whatever an account's file
// says: those of people's own accounts know no other.
const TokenURL = "https://oauth2.googleapis.com/token"

// File is a service account of project as Google's libraries read it, with a key
// that is made for it.
func File(project string) ([]byte, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048) // what the libraries sign with
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	id := make([]byte, 20)
	if _, err := rand.Read(id); err != nil {
		return nil, err
	}
	return json.MarshalIndent(map[string]string{
		"type":            "service_account",
		"project_id":      project,
		"private_key_id":  hex.EncodeToString(id),
		"private_key":     string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email":    "lectern-run@" + project + ".iam.gserviceaccount.com",
		"client_id":       "0",
		"auth_uri":        "https://accounts.google.com/o/oauth2/auth",
		"token_uri":       TokenURL,
		"universe_domain": "googleapis.com",
	}, "", "  ")
}

// maxQuestion bounds the question for a token, in bytes.
const maxQuestion = 64 << 10

// Tokens answers as Google's token endpoint does, to whatever it is shown: an
// assertion, a person's refresh token.
func Tokens() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxQuestion)); err != nil {
			http.Error(w, `{"error":"invalid_request"}`, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		// The libraries take it as it is; a failure to write is theirs to notice.
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "lectern-run-" + rand.Text(), "expires_in": 3599, "token_type": "Bearer"})
	})
	return mux
}

// Serve answers for Tokens on l, which it closes, until ctx ends; then it returns nil.
func Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: Tokens(), ReadHeaderTimeout: patience, ReadTimeout: patience, Protocols: new(http.Protocols)}
	server.Protocols.SetHTTP1(true)
	server.Protocols.SetUnencryptedHTTP2(true) // the proxy has ended the TLS
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(l); ctx.Err() == nil {
		return err
	}
	return nil
}

// patience is how long a question may take to arrive.
const patience = 10 * time.Second
