package config

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// Origins are CORSOrigins as browsers write them: in small letters, and without the
// port that the scheme has anyway.
func (c Config) Origins() (origins []string, err error) {
	for _, origin := range c.CORSOrigins {
		u, err := url.Parse(strings.ToLower(strings.TrimSuffix(origin, "/")))
		switch {
		case origin == "*":
			return nil, fmt.Errorf("--cors-origins *: name the origins; with * every page on the web could use this server from its visitors' browsers")
		case err != nil || u.Scheme == "" || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil || strings.Contains(u.Host, "*"):
			return nil, fmt.Errorf("--cors-origins %q is not the origin of a page, such as https://app.example or http://localhost:3000", origin)
		}
		if host, port, err := net.SplitHostPort(u.Host); err == nil && (u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443") {
			if u.Host = host; strings.Contains(host, ":") {
				u.Host = "[" + host + "]"
			}
		}
		origins = append(origins, u.String())
	}
	return origins, nil
}
