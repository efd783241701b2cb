package command

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/lectern/lectern/fault"
	"github.com/lectern/lectern/internal/config"
	"github.com/lectern/lectern/ttsapi/client"
)

// target is the server that a program's calls go to.
type target struct {
	address string // HOST:PORT
	secure  bool   // by TLS
	started bool   // for the program
	asks    bool   // for credentials
	stop    func() // ends it if it was started
}

func (t *target) String() string {
	switch {
	case t.started:
		return t.address + ", a server that ends with the program"
	case t.secure:
		return "https://" + t.address
	}
	return t.address
}

// url is the target as LECTERN_SERVER names it.
func (t *target) url() string {
	if t.secure {
		return "https://" + t.address
	}
	return t.address
}

// findServer is the server that was asked for, else the one that runs at its usual
// address, else one that it starts.
func findServer(ctx context.Context, env *environment, o runOptions) (*target, error) {
	if address := o.server.given(env); address != "" && o.data == "" {
		return dialed(ctx, env, address)
	}
	usual := config.Default(env.getenv)
	if o.data == "" {
		if conn, err := net.DialTimeout("tcp", usual.Listen, time.Second); err == nil {
			_ = conn.Close() // it was opened to see whether anybody is there
			for _, address := range []string{usual.Listen, "https://" + usual.Listen} {
				if found, err := dialed(ctx, env, address); err == nil {
					return found, nil
				}
			}
		}
		o.data = cmp.Or(env.getenv(variable("data")), usual.Data)
	}
	return ownServer(ctx, env, o.data)
}

// dialed is the server at address, which answers.
func dialed(ctx context.Context, env *environment, address string) (*target, error) {
	how, err := calling(env.getenv, config.Default(env.getenv).Data)
	if err != nil {
		return nil, err
	}
	c, err := client.Dial(ctx, address, client.WithTLS(how))
	if err != nil {
		return nil, badAddress(err)
	}
	defer c.Close()
	_, asked := c.Voices(ctx, "en-US")
	return &target{
		address: c.Address(), secure: strings.HasPrefix(address, "https://"),
		asks: fault.Is(asked, fault.Unauthenticated), stop: func() {},
	}, nil
}

// serves is what a server says when it takes calls.
var serves = regexp.MustCompile(` serves http://(\S+) `)

// stopWithin is how long a server may take to hand back what it works on.
const stopWithin = 15 * time.Second

// ownServer starts a server of its own process, on loopback.
func ownServer(ctx context.Context, env *environment, data string) (*target, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "serve", "--listen", "127.0.0.1:0", "--data", data, "--drain-timeout", "2s")
	if env.getenv(variable("log-level")) == "" {
		cmd.Args = append(cmd.Args, "--log-level", "warn")
	}
	// How it is reached is decided here, and the rest as for any server.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		for _, not := range []string{"LISTEN", "WYOMING", "ROLE", "TLS_", "ACME_"} {
			if strings.HasPrefix(v, "LECTERN_"+not) {
				return true
			}
		}
		return false
	})
	cmd.Stderr = env.stderr
	cmd.SysProcAttr = apart()
	said, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	started, ended := make(chan error, 1), make(chan struct{})
	go func() {
		// The server ends with the thread that started it, should this process be
		// killed; so the thread stays until it has ended.
		runtime.LockOSThread()
		defer close(ended)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // what it had to say is on stderr
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("a server cannot be started: %w", err)
	}
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if found := serves.FindStringSubmatch(lines.Text()); found != nil {
			go func() {
				for lines.Scan() {
				}
			}()
			stop := func() {
				_ = cmd.Process.Signal(syscall.SIGTERM) // or it has ended already
				late := time.AfterFunc(stopWithin, func() { _ = cmd.Process.Kill() })
				defer late.Stop()
				<-ended
			}
			to, err := dialed(ctx, env, found[1])
			if err != nil {
				stop()
				return nil, err
			}
			to.started, to.stop = true, stop
			return to, nil
		}
	}
	<-ended
	return nil, errors.New("the server that was to answer did not start; it said why above. If another one has the data directory, name it with --server")
}
