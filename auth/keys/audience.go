package keys

import (
	"net/url"
	"slices"
	"strings"
)

// googleAudiences are what Google's libraries sign for, whatever server they are
// told to call.
var googleAudiences = []string{"https://texttospeech.googleapis.com/", "https://longrunning.googleapis.com/"}

// googleTokenURL is whom the libraries' assertions are for, whatever the token_uri
// to which they are sent.
const googleTokenURL = "https://oauth2.googleapis.com/token"

// origins are the names by which a server is called, in small letters and without
// ports, the port that it listens on, and the services of which a library adds the
// name to the origin.
type origins struct {
	hosts    []string
	port     string
	services []string
}

// has reports whether a URL's scheme, host and port are the server's: one of its
// names, with its port or with none, in plain text or by TLS. What a client says of
// the name in a header is not asked.
func (o origins) has(u *url.URL) bool {
	host, port := strings.ToLower(u.Hostname()), u.Port()
	return (u.Scheme == "https" || u.Scheme == "http") && u.User == nil &&
		slices.Contains(o.hosts, host) && (port == "" || port == o.port || port == standardPort(u.Scheme))
}

func standardPort(scheme string) string {
	if scheme == "https" {
		return "443"
	}
	return "80"
}

// serves is has, or whether the URL's origin is the one that the holder of a key
// with this token URI was told to call.
func (o origins) serves(u *url.URL, tokenURI string) bool {
	if o.has(u) {
		return true
	}
	own, err := url.Parse(tokenURI)
	return err == nil && origins{hosts: []string{strings.ToLower(own.Hostname())}, port: own.Port()}.has(u)
}

// isFor reports whether a token of a key with this token URI is for this server:
// for nobody in particular, for Google's service, for an origin of ours, or for a
// service at one.
func (o origins) isFor(audience []string, tokenURI string) bool {
	named := slices.DeleteFunc(slices.Clone(audience), func(a string) bool { return a == "" })
	return len(named) == 0 || slices.ContainsFunc(named, func(a string) bool {
		if slices.Contains(googleAudiences, a) {
			return true
		}
		u, err := url.Parse(a)
		if err != nil || u.RawQuery != "" || u.Fragment != "" || !o.serves(u, tokenURI) {
			return false
		}
		service := strings.TrimPrefix(u.Path, "/")
		return service == "" || slices.Contains(o.services, service)
	})
}

// isExchange reports whether an assertion of a key with this token URI is for the
// exchange of this server.
func (o origins) isExchange(audience []string, tokenURI string) bool {
	return slices.ContainsFunc(audience, func(a string) bool {
		if a == googleTokenURL || a == tokenURI {
			return true
		}
		u, err := url.Parse(a)
		return err == nil && u.RawQuery == "" && u.Fragment == "" && u.Path == TokenPath && o.has(u)
	})
}
