package command

import (
	"cmp"
	"context"
	"crypto/tls"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/lectern/lectern/internal/authority"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/internal/proxy"
	"github.com/lectern/lectern/internal/tokens"
	"github.com/lectern/lectern/internal/trust"
)

// runOptions are the flags of `lectern run`.
type runOptions struct {
	server          serverFlag
	data            string
	pass            []string
	keepCredentials bool
	quiet           bool
}

func newRunCommand(env *environment) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [flags] -- PROGRAM [ARGUMENT ...]",
		Short: "Run a program whose calls to Google Text-to-Speech reach Lectern",
		Long: `Run a program, in any language and as it is, so that its calls to Google
Text-to-Speech reach Lectern: to texttospeech.googleapis.com and its regional
names, over gRPC and REST, and to storage.googleapis.com for the objects of long
operations. All else that it sends passes untouched to where it is meant for.

The calls go to the server that --server names, else to the one that runs at its
usual address, else to one that is started for the program and ends with it.

A proxy on loopback answers for Google's names, with certificates of an authority
that lives in its memory and can vouch for nothing but names below googleapis.com.
The program's environment makes it use both (HTTPS_PROXY, SSL_CERT_FILE and the
like), and gives it a service account for as long as it runs, which a server that asks for
credentials on this machine knows; nothing outside of the program changes. docs/clients.md says what was tried.

stdin, stdout, stderr and signals are the program's, and so is the exit code: 127
if there is no such program, 126 if it cannot be started, 128 and its number if a
signal ended it.`,
		Example: `  lectern run -- python3 synthesize_text.py
  lectern run --pass storage.googleapis.com -- node server.js
  lectern run --keep-credentials -- ./agent      # which uses other services of Google's too`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runProgram(cmd.Context(), env, o, args)
		},
	}
	f := cmd.Flags()
	f.SetInterspersed(false) // what follows PROGRAM is its own
	o.server.register(cmd, "the one at its usual address, else one that is started")
	f.StringVar(&o.data, "data", "", "start a server on this data `directory`, whichever runs already")
	f.StringSliceVar(&o.pass, "pass", nil, "a `NAME` of Google's, such as storage.googleapis.com, that passes to Google; may be repeated")
	f.BoolVar(&o.keepCredentials, "keep-credentials", false, "leave the program its own credentials and project, and let it get tokens from Google")
	f.BoolVarP(&o.quiet, "quiet", "q", false, "do not say where the calls go")
	_ = cmd.MarkFlagDirname("data")
	return cmd
}

// runProgram runs a program and returns when it, and all that was started for it,
// has ended.
func runProgram(ctx context.Context, env *environment, o runOptions, args []string) error {
	path, err := exec.LookPath(args[0])
	if err != nil {
		return notStarted(args[0], err)
	}
	ctx, end := context.WithCancel(ctx)
	defer end()
	to, err := findServer(ctx, env, o)
	if err != nil {
		return err
	}
	defer to.stop()
	led, err := openDetour(ctx, env, o, to)
	if err != nil {
		return err
	}
	defer led.close()
	if !o.quiet {
		fmt.Fprintf(env.stderr, "lectern: calls to Google Text-to-Speech go to %s\n", to)
	}
	return runToItsEnd(env, path, args, led.environment(os.Environ(), to))
}

// notStarted is the end of a program that did not begin, as of a shell's.
func notStarted(program string, err error) error {
	code := 126
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		code = 127
	}
	if e, ok := errors.AsType[*exec.Error](err); ok {
		err = e.Err
	}
	return outcome{code: code, message: fmt.Sprintf("%s cannot be started: %v", program, reason(err))}
}

// detour is what stands between a program and the world.
type detour struct {
	dir     string // what the program is pointed at
	files   trust.Files
	proxy   net.Addr
	project string
	account *account // nil where the program keeps its own
	close   func()
}

// openDetour makes the files and starts the proxy; its close ends and removes
// them.
func openDetour(ctx context.Context, env *environment, o runOptions, to *target) (_ *detour, err error) {
	dir, err := os.MkdirTemp("", "lectern-run-") // 0700
	if err != nil {
		return nil, err
	}
	ctx, end := context.WithCancel(ctx)
	d := &detour{dir: dir, project: cmp.Or(env.getenv("GOOGLE_CLOUD_PROJECT"), "local")}
	d.close = func() {
		end()
		if d.account != nil {
			d.account.revoke()
		}
		_ = os.RemoveAll(dir)
	}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	own, err := authority.New("Lectern's authority for one program", authority.Limits{Domains: []string{"googleapis.com"}}, time.Now)
	if err != nil {
		return nil, err
	}
	if d.files, err = trust.Write(dir, own.Certificate(), trustedAlready(env.getenv)...); err != nil {
		return nil, fmt.Errorf("what the program is to trust cannot be written: %w", err)
	}
	if d.files.Others == 0 {
		fmt.Fprintln(env.stderr, "lectern: this system trusts no certificates, so the program will reach no other https:// address; install its ca-certificates")
	}
	if err := os.WriteFile(d.preloadFile(), proxied, 0o600); err != nil {
		return nil, err
	}
	if !o.keepCredentials {
		if d.account, err = giveAccount(ctx, env, o, to, d.project, dir); err != nil {
			return nil, err
		}
	}
	giver, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	go func() { _ = tokens.Serve(ctx, giver) }()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, errors.Join(err, giver.Close())
	}
	d.proxy = listener.Addr()
	leaves := own.Leaves()
	p := proxy.New(proxy.Config{
		Answer:      answering(o, to, giver.Addr()),
		Certificate: func(host string) (*tls.Certificate, error) { return leaves.For(host) },
		Dial:        proxy.Upstream(env.getenv),
		Log:         slog.New(slog.NewTextHandler(env.stderr, nil)),
	})
	go func() { _ = p.Serve(ctx, listener) }()
	return d, nil
}

// proxied has older versions of Node use the proxy.
//
//go:embed preload/proxied.cjs
var proxied []byte

// preloadFile is where proxied is.
func (d *detour) preloadFile() string { return filepath.Join(d.dir, "proxied.cjs") }

// answering says who answers for a host: the server, or, where it asks for no
// credentials, the giver of tokens that are worth nothing. What is passed, and unknown, is nobody's here.
func answering(o runOptions, to *target, giver net.Addr) func(host string) (proxy.Connect, bool) {
	passed := map[string]bool{}
	for _, name := range o.pass {
		passed[strings.ToLower(strings.TrimSuffix(name, "."))] = true
	}
	return func(host string) (proxy.Connect, bool) {
		service, known := proxy.Service(host)
		switch {
		case !known || passed[host] || service == proxy.Tokens && o.keepCredentials:
			return nil, false
		case service == proxy.Tokens && !to.asks:
			return func(ctx context.Context, _ string) (net.Conn, error) {
				return new(net.Dialer).DialContext(ctx, "tcp", giver.String())
			}, true
		}
		return to.connect, true
	}
}

// connect implements proxy.Connect.
func (t *target) connect(ctx context.Context, protocol string) (net.Conn, error) {
	if !t.secure {
		return new(net.Dialer).DialContext(ctx, "tcp", t.address)
	}
	how, err := calling(os.Getenv, config.Default(os.Getenv).Data)
	if err != nil {
		return nil, err
	}
	if protocol != "" {
		how.NextProtos = []string{protocol}
	}
	return (&tls.Dialer{Config: how}).DialContext(ctx, "tcp", t.address)
}
