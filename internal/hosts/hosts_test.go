package hosts

import (
	"errors"
	"net"
	"net/netip"
	"testing"
)

func TestPorts(t *testing.T) {
	h, err := Parse([]string{Public, "media.example.com", "10.0.0.0/8"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, to string
		want     bool
	}{
		{"example.com", "93.184.216.34:443", true},
		{"example.com", "93.184.216.34:8443", true},
		{"example.com", "93.184.216.34:80", true},
		{"example.com", "93.184.216.34:22", false},
		{"example.com", "93.184.216.34:6379", false},
		{"media.example.com", "93.184.216.34:9000", true},
		{"example.com", "10.1.2.3:9000", true},
	} {
		if got := h.mayUsePort(c.name, netip.MustParseAddrPort(c.to)); got != c.want {
			t.Errorf("%s at %s: %v", c.name, c.to, got)
		}
	}
}

func TestNames(t *testing.T) {
	h, err := Parse([]string{Public, "media.example.com", "10.0.0.0/8", "::1"})
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]bool{
		"media.example.com": true, "Media.Example.com.": true, "10.1.2.3": true, "[::1]": true, "::1": true, "::ffff:10.1.2.3": true,
		"example.com": false, "93.184.216.34": false, "11.1.2.3": false, "": false,
	} {
		if got := h.Names(host); got != want {
			t.Errorf("%q: %v", host, got)
		}
	}
}

// TestDial: a name that the DNS has lead to this machine is not connected to.
func TestDial(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, tt := range []struct {
		list    []string
		refused bool
	}{
		{nil, true},
		{[]string{None}, true},
		{[]string{Public}, true},
		{[]string{"example.com"}, true},
		{[]string{"127.0.0.0/8"}, false},
	} {
		h, err := Parse(tt.list)
		if err != nil {
			t.Fatal(err)
		}
		conn, err := h.Dial(t.Context(), net.Dialer{}, "tcp", l.Addr().String())
		if errors.As(err, new(Refused)) != tt.refused || (err == nil) == tt.refused {
			t.Errorf("%v: %v", tt.list, err)
		}
		if err == nil {
			conn.Close()
		}
	}
}
