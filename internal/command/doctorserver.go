package command

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/ttsapi/client"
)

// doctorPatience is how long a server may take for each question.
const doctorPatience = 5 * time.Second

// server looks at a server that runs, as its callers see it: whether it answers, how
// long its certificate holds, whether it takes the key. Its line is called what.
func (d *doctor) server(ctx context.Context, what, address string) {
	ctx, cancel := context.WithTimeout(ctx, 2*doctorPatience)
	defer cancel()
	if host, secure := strings.CutPrefix(address, "https://"); secure && !d.certificate(host) {
		return
	}
	c, err := client.Dial(ctx, address, client.WithTLS(d.calling), client.WithKey(d.apiKey))
	if err != nil {
		d.bad(what, "%s", sentence(err))
		return
	}
	defer c.Close()
	served, err := c.Voices(ctx, "")
	switch {
	case err == nil:
		d.well(what, "a server answers at %s, with %d voices", address, len(served))
	case d.apiKey == "" && fault.Is(err, fault.Unauthenticated):
		d.well(what, "a server answers at %s and asks for credentials; with an API key in %s (`lectern keys create --project PROJECT --role viewer --api-key`, on its machine) more is seen", address, variable("api-key"))
	case d.apiKey != "" && (fault.Is(err, fault.InvalidArgument) || fault.Is(err, fault.Unauthenticated)):
		d.bad("key", "the server at %s does not take the one in %s: %s `lectern keys list`, on its machine, tells which hold", address, variable("api-key"), sentence(err))
	default:
		d.bad(what, "the server at %s: %s", address, sentence(err))
	}
}

// certificate looks at what a server shows to callers. It reports false if that is why
// they cannot call it.
func (d *doctor) certificate(host string) bool {
	if u, err := url.Parse("https://" + host); err == nil && u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), "443")
	}
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: doctorPatience}, "tcp", host, d.calling)
	var untrusted *tls.CertificateVerificationError
	switch {
	case errors.As(err, &untrusted):
		d.bad("tls", "https://%s: %v; `lectern trust` says how to trust a server with --tls-self-signed, and --server takes the name that a certificate is for", host, untrusted.Err)
		return false
	case err != nil:
		return true // who calls it finds out why there is no connection
	}
	defer conn.Close()
	if client.WantsCertificate(conn) {
		d.bad("tls", "the server at %s lets in clients with certificates only (--tls-client-ca): name one in %s", host, variable("client-cert"))
		return false
	}
	leaf := conn.ConnectionState().PeerCertificates[0]
	names := certified(leaf)
	// Whoever renews in time never has a tenth of the life left.
	if left := time.Until(leaf.NotAfter); left < leaf.NotAfter.Sub(leaf.NotBefore)/10 {
		d.bad("tls", "the certificate of %s ends in %s and was not renewed; look at what writes --tls-cert, or in the log for ACME's answer", names, left.Round(time.Hour))
		return true
	}
	d.well("tls", "the certificate is for %s, until %s", names, leaf.NotAfter.Format(time.DateOnly))
	return true
}

// certified are the names and addresses that a certificate is for.
func certified(leaf *x509.Certificate) string {
	names := slices.Clone(leaf.DNSNames)
	for _, address := range leaf.IPAddresses {
		names = append(names, address.String())
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// reachable is the address at which a caller on this machine finds what listens, by
// TLS if it speaks that.
func reachable(listen string) string {
	if host, port, err := net.SplitHostPort(listen); err == nil {
		if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
			listen = net.JoinHostPort("localhost", port)
		}
	}
	conn, err := tls.DialWithDialer(&net.Dialer{Timeout: time.Second}, "tcp", listen, &tls.Config{InsecureSkipVerify: true}) // nothing is said to it
	if err != nil {
		return listen
	}
	_ = conn.Close() // it was opened to be looked at
	return "https://" + listen
}
