// Package hosts decides whom this server asks on behalf of somebody else, who gives it
// an address: it shall not lend its own place in a network, from which more can be
// reached than from theirs. What counts is the address that is connected to, not what
// the DNS has said before.
package hosts

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"syscall"
)

// Words of a list.
const (
	Public = "public" // every host whose address is public
	None   = "none"   // by itself: no host, like an empty list
)

// List is whom a server may ask. Its zero value is nobody.
type List struct {
	public   bool
	names    map[string]bool // lower case, without a final dot
	networks []netip.Prefix
}

// Parse reads names (media.example.com), addresses and networks (10.1.0.0/16), which
// need not be public, and [Public]; or [None].
func Parse(list []string) (List, error) {
	h := List{names: map[string]bool{}}
	if len(list) == 1 && list[0] == None {
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
		if entry == "" || entry == None || strings.Trim(strings.ToLower(entry), "abcdefghijklmnopqrstuvwxyz0123456789.-_") != "" || strings.Trim(entry, "0123456789.") == "" {
			return List{}, fmt.Errorf("%q is not a host name, an address, a network such as 10.1.0.0/16, %q, or %q by itself", entry, Public, None)
		}
		h.names[Canonical(entry)] = true
	}
	return h, nil
}

// Canonical is a host name as it is compared: in lower case, without a final dot.
func Canonical(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// None reports whether nothing can be fetched at all.
func (h List) None() bool { return !h.public && len(h.names) == 0 && len(h.networks) == 0 }

// MayAsk reports whether any address of that name could be allowed, so that
// the DNS need not be asked about others.
func (h List) MayAsk(name string) bool {
	return h.public || len(h.networks) > 0 || h.names[Canonical(name)]
}

// MayDial reports whether host name may be asked at an address.
// A host that the configuration names may have any address.
func (h List) MayDial(name string, address netip.Addr) bool {
	return h.named(name, address) || h.public && isPublic(address)
}

// mayUsePort reports whether it may be asked at that port of it: a port that
// public sites have, unless the configuration names the host or its address.
func (h List) mayUsePort(name string, to netip.AddrPort) bool {
	port := to.Port()
	return h.named(name, to.Addr()) || port == 443 || port == 8443 || port == 80
}

// Refused is a dial to an address that is not allowed.
type Refused struct{ Address string }

func (r Refused) Error() string { return "nothing is asked at " + r.Address }

// RefusedPort is a dial to an allowed address, and a port of it that is not.
type RefusedPort struct{ Address string }

func (r RefusedPort) Error() string {
	return "public hosts are asked at the ports 443, 8443 and 80 only, not at " + r.Address
}

// Dial connects as d does, if the very address it comes to may be asked for the sake of
// the host that address names: else the error is a [Refused] or a [RefusedPort].
func (h List) Dial(ctx context.Context, d net.Dialer, network, address string) (net.Conn, error) {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d.ControlContext = func(_ context.Context, _, address string, _ syscall.RawConn) error {
		to, err := netip.ParseAddrPort(address)
		switch {
		case err != nil || !h.MayDial(name, to.Addr()):
			return Refused{address}
		case !h.mayUsePort(name, to):
			return RefusedPort{address}
		}
		return nil
	}
	return d.DialContext(ctx, network, address)
}

// named reports whether the configuration names a host or its address.
func (h List) named(name string, address netip.Addr) bool {
	if h.names[Canonical(name)] {
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

// Names reports whether the list names this very host, or a network with it if it is an
// address: somebody has thought of it, and it need not be public.
func (h List) Names(host string) bool {
	address, _ := netip.ParseAddr(strings.Trim(host, "[]"))
	return h.named(host, address)
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
