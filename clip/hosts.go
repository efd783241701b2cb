package clip

import (
	"fmt"
	"net/netip"
	"strings"
)

// Words among Config.Hosts.
const (
	Public = "public" // every host whose address is public
	noHost = "none"   // by itself: no host, like an empty list
)

// hosts is whom clips may be fetched from.
type hosts struct {
	public   bool
	names    map[string]bool // lower case, without a final dot
	networks []netip.Prefix
}

// CheckHosts says what is wrong with a value of Config.Hosts.
func CheckHosts(list []string) error {
	_, err := parseHosts(list)
	return err
}

func parseHosts(list []string) (hosts, error) {
	h := hosts{names: map[string]bool{}}
	if len(list) == 1 && list[0] == noHost {
		return h, nil
	}
	for _, entry := range list {
		entry = strings.TrimSpace(entry)
		if strings.EqualFold(entry, Public) {
			h.public = true
			continue
		}
		if network, err := netip.ParsePrefix(entry); err == nil {
			h.networks = append(h.networks, network.Masked())
			continue
		}
		if address, err := netip.ParseAddr(strings.Trim(entry, "[]")); err == nil {
			address = address.Unmap().WithZone("")
			h.networks = append(h.networks, netip.PrefixFrom(address, address.BitLen()))
			continue
		}
		if entry == "" || entry == noHost || strings.Trim(strings.ToLower(entry), "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" || strings.Trim(entry, "0123456789.") == "" {
			return hosts{}, fmt.Errorf("%q is not a host name, an address, a network such as 10.1.0.0/16, %q, or %q by itself", entry, Public, noHost)
		}
		h.names[canonical(entry)] = true
	}
	return h, nil
}

func canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// none reports whether nothing can be fetched at all.
func (h hosts) none() bool { return !h.public && len(h.names) == 0 && len(h.networks) == 0 }

// mayAsk reports whether any address of that name could be allowed, so that
// the DNS need not be asked about others.
func (h hosts) mayAsk(name string) bool {
	return h.public || len(h.networks) > 0 || h.names[canonical(name)]
}

// mayDial reports whether a clip of host name may be fetched from address.
// A host that the configuration names may have any address.
func (h hosts) mayDial(name string, address netip.Addr) bool {
	return h.named(name, address) || h.public && isPublic(address)
}

// mayUsePort reports whether it may be fetched from that port of it: a port that
// public sites have, unless the configuration names the host or its address.
func (h hosts) mayUsePort(name string, to netip.AddrPort) bool {
	port := to.Port()
	return h.named(name, to.Addr()) || port == 443 || port == 8443 || port == 80
}

// named reports whether the configuration names a host or its address.
func (h hosts) named(name string, address netip.Addr) bool {
	if h.names[canonical(name)] {
		return true
	}
	bare := address.Unmap().WithZone("")
	for _, network := range h.networks {
		if network.Contains(bare) {
			return true
		}
	}
	return false
}

// notPublic are the networks that are no part of the public Internet although
// they look it, by the IANA's registries of special-purpose addresses, and one
// address that a cloud keeps for itself. Of IPv6 only 2000::/3 is public at
// all, so loopback, unique local, link-local, multicast, NAT64, IPv4-compatible
// and discarded addresses need no line.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // carrier-grade NAT; Alibaba's metadata
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("168.63.129.16/32"), // Azure's wire server
	netip.MustParsePrefix("169.254.0.0/16"),   // link-local; most clouds' metadata
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"), // Oracle's metadata, among others
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"), // 6to4 relays
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast, reserved, broadcast

	netip.MustParsePrefix("2001::/23"), // Teredo, which wraps IPv4, among others
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // 6to4, which wraps IPv4
	netip.MustParsePrefix("3fff::/20"), // documentation
}

var globalUnicast = netip.MustParsePrefix("2000::/3")

// isPublic reports whether address is one of the public Internet.
func isPublic(address netip.Addr) bool {
	if !address.IsValid() || address.Zone() != "" {
		return false
	}
	address = address.Unmap()
	if address.Is6() && !globalUnicast.Contains(address) {
		return false
	}
	for _, network := range notPublic {
		if network.Contains(address) {
			return false
		}
	}
	return true
}
