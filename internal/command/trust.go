package command

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/trust"
)

func newTrustCommand(env *environment) *cobra.Command {
	data := config.Default(env.getenv).Data
	var export string
	cmd := &cobra.Command{
		Use:   "trust",
		Short: "Say how clients trust a server with --tls-self-signed",
		Long: `Print the lines of a shell that make clients trust the authority which
lectern serve --tls-self-signed makes in its data directory: Go, Python over gRPC
and REST, Node, Java, curl, and the system as a whole.

The files that they name are made in the directory trust of the data directory:
the authority's certificate; a bundle of it and what this system trusts; the same
as a store for Java. None holds a secret. For other machines --export writes the
certificate alone.

The authority can vouch for this machine and private networks, and for the names
it was made with (--host), and for nothing else.`,
		Example: `  eval "$(lectern trust)"
  lectern trust --export lectern.pem`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return tellTrust(env, data, export)
		},
	}
	cmd.Flags().StringVar(&data, "data", data, "data `directory` of the server")
	cmd.Flags().StringVar(&export, "export", "", "write the authority's certificate to `FILE` (- for stdout) and say nothing")
	_ = cmd.MarkFlagDirname("data")
	return cmd
}

func tellTrust(env *environment, data, export string) error {
	file := authorityFile(data)
	if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
		return outcome{code: exitNotFound, message: fmt.Sprintf("there is no authority in %s; lectern serve --tls-self-signed makes one", data)}
	}
	own, err := authority.Open(file, nil, time.Now)
	if err != nil {
		return err
	}
	switch {
	case export == "-":
		_, err := env.stdout.Write(own.Certificate())
		return err
	case export != "":
		return os.WriteFile(export, own.Certificate(), 0o644)
	}
	dir := filepath.Join(data, "trust")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	files, err := trust.Write(dir, own.Certificate())
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(env.stdout, trustLines(files))
	return err
}

// trustLines are commands of a shell, each below what it is for.
func trustLines(files trust.Files) string {
	var b strings.Builder
	line := func(what, command string) { fmt.Fprintf(&b, "# %s\n%s\n\n", what, command) }
	for _, v := range files.Variables() {
		line(v.For, "export "+v.Name+"="+quoted(v.Value))
	}
	b.WriteString("# For one call of curl:\n")
	fmt.Fprintf(&b, "#   curl --cacert %s https://localhost:8085/v1/voices\n", quoted(files.Authority))
	b.WriteString("# For this system, Debian's, as root:\n")
	fmt.Fprintf(&b, "#   install -m 644 %s /usr/local/share/ca-certificates/lectern.crt && update-ca-certificates\n", quoted(files.Authority))
	return b.String()
}

// quoted is s as one word of a shell.
func quoted(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool {
		return !strings.ContainsRune("/._-+=:,@%", r) && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
