package config

import (
	"net"
	"net/netip"
	"regexp"
	"strings"
)

// hostOf is the host of HOST:PORT, which may be empty; it reports whether both can be
// such. A port may have a name, such as http.
func hostOf(address string) (host string, ok bool) {
	host, port, err := net.SplitHostPort(address)
	if err != nil || host != "" && !isHost(host) {
		return "", false
	}
	_, err = net.LookupPort("tcp", port)
	return host, err == nil && port != ""
}

var hostName = regexp.MustCompile(`^[\pL\pN]([\pL\pN._-]*[\pL\pN.])?$`)

// isHost reports whether a name can be a host's, or is an address.
func isHost(name string) bool {
	_, err := netip.ParseAddr(name)
	return err == nil || hostName.MatchString(name)
}

// AnsweredHosts are the names that REST clients may call the server by, nil for
// any. A page whose owner lets a name of his own mean this machine must not pass
// for a client of it.
func (c Config) AnsweredHosts() []string {
	host, _, _ := net.SplitHostPort(c.Listen)
	var hosts []string
	for _, name := range c.Hosts {
		hosts = append(hosts, strings.Trim(strings.ToLower(strings.TrimSuffix(name, ".")), "[]"))
	}
	switch {
	case loopback(host):
		return append(hosts, "localhost", "127.0.0.1", "::1", host, googleHosts)
	case len(hosts) > 0:
		return append(hosts, googleHosts)
	}
	return nil
}

// googleHosts are the names that programs call which `lectern run` starts. Only
// Google could let them mean this machine, in a browser that asks the Internet.
const googleHosts = "*.googleapis.com"

// loopback reports whether host means this machine only. A name other than
// localhost is not resolved: what it means may change.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
