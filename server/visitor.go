package server

import (
	"mime"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/lectern/lectern/fault"
)

// A browser lets every web page send requests to every address, this machine's own
// included, and by a name that its owner points here (DNS rebinding) lets it read the
// answers too. Programs that are no browsers pass unnoticed.

// admit says why r is refused, which a web page sends that has no business here; nil
// when it is not. No hosts means any name that nobody could have pointed here for a
// page of theirs.
func admit(r *http.Request, hosts, origins []string) error {
	// No browser speaks gRPC, and its clients may call the server as they like.
	if !isGRPC(r) && len(hosts) > 0 && !answersTo(hosts, r.Host) {
		return fault.New(fault.PermissionDenied, "The server does not answer to the name %.100q. Use localhost, or start it with --host NAME.", r.Host)
	}
	origin, from := r.Header["Origin"], r.Header.Get("Sec-Fetch-Site")
	if len(origin) == 1 && isOne(origins, origin[0]) {
		return nil
	}
	if from == "cross-site" || from == "same-site" || len(origin) > 0 && !ownOrigin(origin, r.Host) {
		if isVisit(r) && len(origin) == 0 {
			return nil
		}
		return fault.New(fault.PermissionDenied, "Web pages of other sites may not use this server.")
	}
	if len(hosts) == 0 && (len(origin) > 0 || from == "same-origin") && !isAddress(r.Host) && !isGRPC(r) {
		return fault.New(fault.PermissionDenied, "The server does not know whether pages at %.100q are its own. Start it with --host NAME, or --cors-origins ORIGIN.", r.Host)
	}
	// A browser asks before a page may send application/json somewhere else;
	// what it sends unasked is not taken from pages at all.
	if typ := r.Header.Get("Content-Type"); len(origin) > 0 && typ != "" && r.ContentLength != 0 && !isGRPC(r) && !isJSON(typ) {
		return fault.New(fault.InvalidArgument, "A web page must send its JSON as application/json, not as %.100q.", typ)
	}
	return nil
}

// answersTo reports whether host, with or without a port, is one of hosts. An
// empty one is HTTP/1.0's.
func answersTo(hosts []string, host string) bool {
	name := hostname(host)
	return host == "" || slices.ContainsFunc(hosts, func(h string) bool {
		domain, below := strings.CutPrefix(h, "*")
		return h == name || below && strings.HasSuffix(name, domain)
	})
}

// hostname is host without a port, as configurations spell it.
func hostname(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	return host
}

// isAddress reports whether host, with or without a port, is an address or localhost,
// which mean the same to everybody.
func isAddress(host string) bool {
	name := hostname(host)
	return name == "localhost" || net.ParseIP(name) != nil
}

// ownOrigin reports whether a page that this server gave out sent the request.
func ownOrigin(origin []string, host string) bool {
	o, err := url.Parse(origin[0])
	return err == nil && len(origin) == 1 && o.Host != "" && strings.EqualFold(o.Host, host)
}

// isVisit reports whether a person has followed a link: the page it was on
// sees nothing of the answer.
func isVisit(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) &&
		r.Header.Get("Sec-Fetch-Mode") == "navigate" && r.Header.Get("Sec-Fetch-Dest") == "document"
}

func isJSON(contentType string) bool {
	typ, _, err := mime.ParseMediaType(contentType)
	return err == nil && (typ == "application/json" || strings.HasSuffix(typ, "+json"))
}

// turnAwayVisitor refuses a request that admit does not let in. It is not worth
// reading, and not to be taken for the next one.
func (s *Server) turnAwayVisitor(w http.ResponseWriter, r *http.Request, why error) {
	w.Header().Set("Connection", "close")
	s.entered(entry{checks: []check{
		func(_ *call, _ http.ResponseWriter, r *http.Request) (*http.Request, error) { return r, why },
	}}).ServeHTTP(w, r)
}
