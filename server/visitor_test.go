package server_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"cloud.google.com/go/texttospeech/apiv1/texttospeechpb"
	"google.golang.org/grpc"

	"github.com/lectern/lectern/server"
)

// visit sends a request with exactly these headers, as a browser or curl would.
func (w *wire) visit(t *testing.T, method, path, body string, headers ...string) reply {
	t.Helper()
	conn, err := net.Dial("tcp", w.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, fmt.Sprintf("%s %s HTTP/1.1\r\nContent-Length: %d\r\n%s\r\n\r\n%s", method, path, len(body), strings.Join(headers, "\r\n"), body)); err != nil {
		t.Fatal(err)
	}
	return answer(t, conn)
}

func TestPagesOfOtherSitesAreRefused(t *testing.T) {
	w := start(t, func(cfg *server.Config) {
		cfg.Hosts = []string{"localhost", "127.0.0.1", "::1", "lectern.example", "*.googleapis.com"}
	})
	const (
		local  = "Host: localhost:8085"
		own    = "Origin: http://localhost:8085"
		evil   = "Origin: https://evil.example"
		plain  = "Content-Type: text/plain"
		json   = "Content-Type: application/json; charset=utf-8"
		form   = "Content-Type: application/x-www-form-urlencoded"
		cross  = "Sec-Fetch-Site: cross-site"
		beside = "Sec-Fetch-Site: same-site"
		same   = "Sec-Fetch-Site: same-origin"
	)
	for _, tt := range []struct {
		name    string
		headers []string
		want    int
	}{
		{"curl -d", []string{local, form}, 200},
		{"curl without a type", []string{"Host: 127.0.0.1:8085"}, 200},
		{"text/plain from a program", []string{local, plain}, 200},
		{"IPv6", []string{"Host: [::1]:8085", json}, 200},
		{"a name that is set, in capitals", []string{"Host: Lectern.Example.", json}, 200},
		{"a name below one that is set", []string{"Host: us-texttospeech.googleapis.com", json}, 200},
		{"a name that ends alike", []string{"Host: evilgoogleapis.com"}, 403},
		{"rebound", []string{"Host: evil.example:8085"}, 403},
		{"rebound, with its origin", []string{"Host: evil.example:8085", "Origin: http://evil.example:8085", same, json}, 403},
		{"another address", []string{"Host: 192.0.2.1:8085"}, 403},
		{"a name that begins alike", []string{"Host: localhost.evil.example"}, 403},
		{"a foreign page, unasked", []string{local, evil, plain}, 403},
		{"a foreign page, as JSON", []string{local, evil, json, cross}, 403},
		{"a foreign page without its origin", []string{local, cross}, 403},
		{"another port's page", []string{local, "Origin: http://localhost:3000", beside, json}, 403},
		{"another port's page, older browser", []string{local, "Origin: http://localhost:3000", json}, 403},
		{"a page of nowhere", []string{local, "Origin: null", json}, 403},
		{"two origins", []string{local, own, evil, json}, 403},
		{"an own page", []string{local, own, same, json}, 200},
		{"an own page with text/plain", []string{local, own, same, plain}, 400},
		{"an own page with a form", []string{local, own, form}, 400},
	} {
		got := w.visit(t, "POST", "/v1/text:synthesize", `{"input":{"text":"a"}}`, tt.headers...)
		if got.code != tt.want {
			t.Errorf("%s: got %d %s, want %d", tt.name, got.code, got.body, tt.want)
		}
		if got.code != 200 && got.failure(t).Message == "" {
			t.Errorf("%s: no sentence", tt.name)
		}
	}
	for _, path := range []string{"/healthz", "/v1/voices"} {
		if got := w.visit(t, "GET", path, "", "Host: evil.example"); got.code != 403 {
			t.Errorf("%s read by another name: %d", path, got.code)
		}
		if got := w.visit(t, "GET", path, "", local, cross); got.code != 403 {
			t.Errorf("%s read by another page: %d", path, got.code)
		}
		if got := w.visit(t, "GET", path, "", local, cross, "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"); got.code != 200 {
			t.Errorf("%s by a link: %d", path, got.code)
		}
	}
}

// TestClientsOfGRPCNameTheServerAsTheyLike: no browser speaks gRPC.
func TestClientsOfGRPCNameTheServerAsTheyLike(t *testing.T) {
	w := start(t, func(cfg *server.Config) { cfg.Hosts = []string{"localhost"} })
	conn, err := grpc.NewClient(w.addr, grpc.WithTransportCredentials(plaintext()), grpc.WithAuthority("speech.example"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := texttospeechpb.NewTextToSpeechClient(conn).ListVoices(context.Background(), &texttospeechpb.ListVoicesRequest{}); err != nil {
		t.Error(err)
	}
}
