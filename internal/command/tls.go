package command

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/internal/certificates"
	"github.com/lectern/lectern/internal/config"
)

func registerTLS(f *pflag.FlagSet, c *config.TLS) {
	f.StringVar(&c.Cert, "tls-cert", c.Cert, "speak TLS with the certificate in `FILE`, PEM, with those it is vouched by; read again when it changes")
	f.StringVar(&c.Key, "tls-key", c.Key, "`FILE` of the key of --tls-cert, PEM; read again when it changes")
	f.BoolVar(&c.SelfSigned, "tls-self-signed", c.SelfSigned, "speak TLS with a certificate of an authority that is made in --data; lectern trust says how clients trust it")
	f.StringVar(&c.ClientCA, "tls-client-ca", c.ClientCA, "serve only clients with a certificate of one of the authorities in `FILE`, PEM (mutual TLS)")
	f.StringSliceVar(&c.ACMEDomains, "acme-domain", c.ACMEDomains, "speak TLS with a certificate for `NAME`, which --acme-directory vouches for and whose terms this accepts; clients and it reach the server by port 443 of that name; may be repeated")
	f.StringVar(&c.ACMEDirectory, "acme-directory", c.ACMEDirectory, "`URL` of the directory of an authority that speaks ACME")
	f.StringVar(&c.ACMEBinding, "acme-eab-kid", c.ACMEBinding, "the `ID` of an account at the authority of --acme-directory, if it serves such only (external account binding)")
	f.StringVar(&c.ACMEBindingKey, "acme-eab-key", c.ACMEBindingKey, "`FILE` of the key of --acme-eab-kid, in base64")
	f.StringVar(&c.ACMEEmail, "acme-email", c.ACMEEmail, "`address` that the authority of --acme-directory may write to")
}

// authorityFile is where the private authority of a data directory is.
func authorityFile(data string) string { return filepath.Join(data, "authority.pem") }

// openTLS is where the certificate comes from and what the port's TLS is; nil, nil
// for plain text.
func openTLS(c config.Config, log *slog.Logger) (certificates.Source, *tls.Config, error) {
	source, err := openCertificates(c, log)
	if source == nil || err != nil {
		return nil, nil, err
	}
	tlsConfig := source.Config()
	if c.TLS.ClientCA != "" {
		if tlsConfig.ClientCAs, err = readAuthorities(c.TLS.ClientCA); err != nil {
			return nil, nil, fmt.Errorf("--tls-client-ca: %w", err)
		}
		tlsConfig.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return source, tlsConfig, nil
}

func openCertificates(c config.Config, log *slog.Logger) (certificates.Source, error) {
	switch t := c.TLS; {
	case t.Cert != "":
		source, err := certificates.Files(t.Cert, t.Key, log, time.Now)
		if err != nil {
			return nil, fmt.Errorf("--tls-cert and --tls-key: %w", err)
		}
		return source, nil
	case t.SelfSigned:
		return openOwn(c)
	case len(t.ACMEDomains) > 0:
		return openACME(c, log)
	}
	return nil, nil
}

// openACME is the source of certificates of an authority that speaks ACME.
func openACME(c config.Config, log *slog.Logger) (certificates.Source, error) {
	t := c.TLS
	asked := certificates.ACMEConfig{
		Domains: t.ACMEDomains, Directory: t.ACMEDirectory, Email: t.ACMEEmail,
		Cache: filepath.Join(c.Data, "acme"), Log: log,
	}
	if t.ACMEBinding != "" {
		var err error
		if asked.Binding, err = certificates.ReadBinding(t.ACMEBinding, t.ACMEBindingKey); err != nil {
			return nil, fmt.Errorf("--acme-eab-key: %w", err)
		}
	}
	return certificates.ACME(asked), nil
}

// openOwn is the source of certificates of the data directory's authority.
func openOwn(c config.Config) (certificates.Source, error) {
	asked, found := serverNames(c)
	file := authorityFile(c.Data)
	own, err := authority.Open(file, append(asked, found...), time.Now)
	if err != nil {
		return nil, err
	}
	names := asked
	for _, name := range found {
		if own.Permits(name) == nil { // a machine may have another name by now
			names = append(names, name)
		}
	}
	source, err := certificates.Own(own, names)
	if _, ok := errors.AsType[*authority.LimitError](err); ok {
		return nil, fmt.Errorf("%w: move %s away, and at the next start another is made that does; clients must be told to trust it", err, file)
	}
	return source, err
}

// serverNames are the names that clients may call the server by: those that the
// configuration has, and those that the machine was found to have.
func serverNames(c config.Config) (asked, found []string) {
	host, _, _ := net.SplitHostPort(c.Listen)
	asked = []string{"localhost", "127.0.0.1", "::1"}
	for _, name := range c.Hosts {
		asked = append(asked, strings.Trim(strings.ToLower(strings.TrimSuffix(name, ".")), "[]"))
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return append(asked, strings.ToLower(host)), nil
	}
	if name, err := os.Hostname(); err == nil && name != "" {
		found = append(found, strings.ToLower(name))
	}
	addresses, _ := net.InterfaceAddrs() // without them it has its names
	for _, address := range addresses {
		if network, ok := address.(*net.IPNet); ok {
			found = append(found, network.IP.String())
		}
	}
	return asked, found
}

// readAuthorities is the certificates in a file of PEM.
func readAuthorities(file string) (*x509.CertPool, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		return nil, fmt.Errorf("%s holds no certificate in PEM", file)
	}
	return pool, nil
}

// calling is how the commands call a server over TLS: they trust what the system trusts
// and the authority of a data directory, if there is one, since the commands of one
// machine know its server; and they show the certificate that the environment names to a
// server that asks for one.
func calling(getenv func(string) string, data string) (*tls.Config, error) {
	roots, err := x509.SystemCertPool()
	if err != nil {
		roots = x509.NewCertPool()
	}
	if text, err := os.ReadFile(authorityFile(data)); err == nil {
		roots.AppendCertsFromPEM(text) // the key, which is in the file too, is passed over
	}
	c := &tls.Config{RootCAs: roots}
	name := variable("client-cert")
	file := getenv(name)
	if file == "" {
		return c, nil
	}
	own, err := tls.LoadX509KeyPair(file, cmp.Or(getenv(variable("client-key")), file))
	if err != nil {
		return nil, usagef("%s=%s is no certificate with its key, in PEM (the key may be in a file of its own, which %s names): %w", name, file, variable("client-key"), err)
	}
	c.Certificates = []tls.Certificate{own}
	return c, nil
}

// keptBy has the certificates of a source, which may be nil, kept.
func keptBy(source certificates.Source) func(context.Context) error {
	if source == nil {
		return func(context.Context) error { return nil }
	}
	return source.Run
}

// whereServed is the URL that a person may try.
func whereServed(c config.Config, address net.Addr) string {
	switch {
	case len(c.TLS.ACMEDomains) > 0:
		return "https://" + c.TLS.ACMEDomains[0]
	case c.TLS.On():
		return "https://" + address.String()
	}
	return "http://" + address.String()
}

// curlFor is curl as it reaches the server.
func curlFor(c config.Config) string {
	if c.TLS.SelfSigned {
		return "curl -s --cacert " + authorityFile(c.Data)
	}
	return "curl -s"
}
